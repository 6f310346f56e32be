import { negate, type Literal } from '@praxis/core';
import { groundTerm, holds } from '../interpret/evaluate.js';
import { solve, type Binding } from '../interpret/join.js';
import { witnessQuery } from '../interpret/query.js';
import { EarlierSituation, type Situation } from '../interpret/situation.js';
import type { Domain, Formula } from '../pddl/ast.js';
import { negateFormula } from '../pddl/negate.js';

/** What was found so far: literals, and the derived literals that were already traced to them. */
interface Finding {
  readonly literals: Set<Literal>;
  readonly traced: Set<Literal>;
}

type Atom = Extract<Formula, { kind: 'atom' }>;

/**
 * Literals that make a true formula true: as long as they hold, so does it. Of a disjunction the first true part
 * counts, of `exists` the first witness; a derived literal is traced to the facts below it. Facts that never change,
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
    const found: Finding = { literals: new Set(), traced: new Set() };
    this.#collect(formula, binding, situation, found);
    return [...found.literals];
  }

  #collect(formula: Formula, binding: Binding, situation: Situation, found: Finding): void {
    situation.meter.tick();
    switch (formula.kind) {
      case 'atom':
        return this.#atom(formula, binding, situation, found);
      case 'not':
        return this.#negation(formula.part, binding, situation, found);
      case 'and':
        return formula.parts.forEach((part) => this.#collect(part, binding, situation, found));
      case 'or': {
        const part = formula.parts.find((p) => holds(p, binding, situation));
        return part && this.#collect(part, binding, situation, found);
      }
      case 'exists': {
        const seen: Binding[] = [];
        solve(witnessQuery(formula), binding, situation, holds, (witness) => (seen.push(new Map(witness)), 'stop'));
        return seen.forEach((witness) => this.#collect(formula.part, witness, situation, found));
      }
      case 'forall':
        return this.#forall(formula, binding, situation, found);
      case 'equal':
      case 'compare':
        return;
    }
  }

  #atom(atom: Atom, binding: Binding, situation: Situation, found: Finding): void {
    const fact = groundTerm(atom.predicate, atom.args, binding);
    const rules = this.#derived.get(atom.predicate);
    if (!rules) {
      if (this.#changing.has(atom.predicate)) found.literals.add(fact);
      return;
    }
    if (found.traced.has(fact)) return;
    found.traced.add(fact);
    const earlier = new EarlierSituation(situation, fact);
    for (const rule of rules) {
      const inner = bind(rule, atom, binding);
      if (holds(rule.condition, inner, earlier)) return this.#collect(rule.condition, inner, earlier, found);
    }
  }

  #negation(part: Formula, binding: Binding, situation: Situation, found: Finding): void {
    if (part.kind === 'equal' || part.kind === 'compare') return;
    if (part.kind !== 'atom') return this.#collect(negateFormula(part), binding, situation, found);
    const literal = negate(groundTerm(part.predicate, part.args, binding));
    const rules = this.#derived.get(part.predicate);
    if (!rules) {
      if (this.#changing.has(part.predicate)) found.literals.add(literal);
      return;
    }
    if (found.traced.has(literal)) return;
    found.traced.add(literal);
    for (const rule of rules) this.#collect(negateFormula(rule.condition), bind(rule, part, binding), situation, found);
  }

  #forall(
    formula: Extract<Formula, { kind: 'forall' | 'exists' }>,
    binding: Binding,
    situation: Situation,
    found: Finding,
  ): void {
    const [first, ...others] = formula.variables;
    if (!first) return this.#collect(formula.part, binding, situation, found);
    const inner: Formula = others.length > 0 ? { ...formula, variables: others } : formula.part;
    for (const value of situation.objects.ofTypes(first.types)) {
      this.#collect(inner, new Map([...binding, [first.name, value]]), situation, found);
    }
  }
}

/** A rule's parameters, bound to the atom's arguments. */
function bind(rule: Domain['derived'][number], atom: Atom, binding: Binding): Binding {
  return new Map(rule.parameters.map(({ name }, i) => [name, binding.get(atom.args[i]!) ?? atom.args[i]!]));
}

function groupRules(domain: Domain): ReadonlyMap<string, Domain['derived'][number][]> {
  const groups = new Map<string, Domain['derived'][number][]>();
  for (const rule of domain.derived) {
    const group = groups.get(rule.name);
    if (group) group.push(rule);
    else groups.set(rule.name, [rule]);
  }
  return groups;
}
