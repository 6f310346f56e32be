import { negate, type Literal } from '@praxis/core';
import { groundTerm, holds } from '../interpret/evaluate.js';
import { solve, type Binding } from '../interpret/join.js';
import { witnessQuery } from '../interpret/query.js';
import type { Situation } from '../interpret/situation.js';
import type { Domain, Formula } from '../pddl/ast.js';
import { negateFormula } from '../pddl/negate.js';

/**
 * Literals that make a true formula true: as long as they hold, so does it. Of a disjunction the first true part
 * counts, of `exists` the first witness; a derived atom is traced to the facts below it. Facts that never change,
 * equalities and comparisons are left out.
 */
export class Support {
  readonly #changing: ReadonlySet<string>;
  readonly #derived: ReadonlyMap<string, Domain['derived'][number][]>;

  constructor(domain: Domain, changing: ReadonlySet<string>) {
    this.#changing = changing;
    this.#derived = groupRules(domain);
  }

  /** The support of a formula that holds in the situation. */
  of(formula: Formula, binding: Binding, situation: Situation): readonly Literal[] {
    const found = new Set<Literal>();
    this.#collect(formula, binding, situation, found, 0);
    return [...found];
  }

  #collect(formula: Formula, binding: Binding, situation: Situation, found: Set<Literal>, depth: number): void {
    switch (formula.kind) {
      case 'atom':
        return this.#atom(formula, binding, situation, found, depth);
      case 'not':
        return this.#negation(formula.part, binding, situation, found, depth);
      case 'and':
        return formula.parts.forEach((part) => this.#collect(part, binding, situation, found, depth));
      case 'or': {
        const part = formula.parts.find((p) => holds(p, binding, situation));
        return part && this.#collect(part, binding, situation, found, depth);
      }
      case 'exists': {
        const seen: Binding[] = [];
        solve(witnessQuery(formula), binding, situation, holds, (witness) => (seen.push(new Map(witness)), 'stop'));
        return seen.forEach((witness) => this.#collect(formula.part, witness, situation, found, depth));
      }
      case 'forall':
        return this.#forall(formula, binding, situation, found, depth);
      case 'equal':
      case 'compare':
        return;
    }
  }

  #atom(atom: Extract<Formula, { kind: 'atom' }>, binding: Binding, situation: Situation, found: Set<Literal>, depth: number): void {
    const rules = this.#derived.get(atom.predicate);
    if (!rules) {
      if (this.#changing.has(atom.predicate)) found.add(groundTerm(atom.predicate, atom.args, binding));
      return;
    }
    if (depth > 20) return;
    for (const rule of rules) {
      const inner: Binding = new Map(rule.parameters.map(({ name }, i) => [name, binding.get(atom.args[i]!) ?? atom.args[i]!]));
      if (!holds(rule.condition, inner, situation)) continue;
      return this.#collect(rule.condition, inner, situation, found, depth + 1);
    }
  }

  #negation(part: Formula, binding: Binding, situation: Situation, found: Set<Literal>, depth: number): void {
    if (part.kind !== 'atom') {
      if (part.kind !== 'equal' && part.kind !== 'compare') this.#collect(negateFormula(part), binding, situation, found, depth);
      return;
    }
    if (this.#changing.has(part.predicate)) found.add(negate(groundTerm(part.predicate, part.args, binding)));
  }

  #forall(formula: Extract<Formula, { kind: 'forall' | 'exists' }>, binding: Binding, situation: Situation, found: Set<Literal>, depth: number): void {
    const [first, ...others] = formula.variables;
    if (!first) return this.#collect(formula.part, binding, situation, found, depth);
    const inner: Formula = others.length > 0 ? { ...formula, variables: others } : formula.part;
    for (const value of situation.objects.ofTypes(first.types)) {
      this.#collect(inner, new Map([...binding, [first.name, value]]), situation, found, depth);
    }
  }
}

function groupRules(domain: Domain): ReadonlyMap<string, Domain['derived'][number][]> {
  const groups = new Map<string, Domain['derived'][number][]>();
  for (const rule of domain.derived) groups.set(rule.name, [...(groups.get(rule.name) ?? []), rule]);
  return groups;
}
