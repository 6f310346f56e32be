import type { AtomTable } from '../reach/atom-table.js';
import { MOST_CASES } from './cases.js';
import { ConjunctionBuilder, type Conjunction, type GroundAxiom } from '../ground-action.js';
import { mayBeUndefined } from './definedness.js';
import {
  formulaKey,
  literalOf,
  negation,
  simplify,
  type GroundFormula,
  type GroundLiteral,
} from '../ground-formula.js';

/** The truth of a literal where it is known. */
export type Known = (literal: GroundLiteral) => boolean | null;

/**
 * Makes conditions plain conjunctions: few cases are split, many become auxiliary atoms with an axiom for each case.
 * Equal disjunctions share their atom.
 */
export class CaseSplitter {
  /** Rules of the auxiliary atoms made so far. */
  readonly axioms: GroundAxiom[] = [];
  readonly #atoms: AtomTable;
  readonly #auxiliary = new Map<string, number>();

  /** First value of each number; not a number where it starts undefined. */
  readonly #initial: readonly number[];

  constructor(atoms: AtomTable, initial: readonly number[]) {
    this.#atoms = atoms;
    this.#initial = initial;
  }

  /**
   * True exactly where the formula is not true. Unlike its negation this holds too where the formula compares an
   * undefined number: such a comparison gets an atom that it derives, and the atom's negation stands for it.
   */
  untrue(formula: GroundFormula): GroundFormula {
    return negation(formula, (condition) => {
      if (!mayBeUndefined(condition.left, this.#initial)) return null;
      return { kind: 'literal', literal: literalOf(this.#atomFor({ kind: 'compare', condition }), false) };
    });
  }

  /** The conjunctions of which one holds where the condition does. */
  split(condition: Conjunction, known: Known): readonly Conjunction[] {
    if (condition.rest.length === 0) return [condition];
    const simple = simplified(condition, known);
    if (simple === null) return [];
    const total = simple.rest.reduce((count, part) => count * countCases(part), 1);
    if (total > MOST_CASES) return this.#withAuxiliary(simple);
    let builders: readonly (readonly GroundFormula[])[] = [[]];
    for (const part of simple.rest) builders = builders.flatMap((one) => casesOf(part).map((two) => [...one, ...two]));
    return builders.map((leaves) => joined(simple, leaves)).filter((one) => one !== null);
  }

  /** One conjunction that holds exactly where the condition does; null where that is never. */
  merge(condition: Conjunction, known: Known): Conjunction | null {
    if (condition.rest.length === 0) return condition;
    const simple = simplified(condition, known);
    if (simple === null) return null;
    return simple.rest.length === 0 ? simple : (this.#withAuxiliary(simple)[0] ?? null);
  }

  #withAuxiliary(condition: Conjunction): readonly Conjunction[] {
    const leaves = condition.rest.map((part): GroundFormula => ({
      kind: 'literal',
      literal: literalOf(this.#atomFor(part), true),
    }));
    const result = joined(condition, leaves);
    return result === null ? [] : [result];
  }

  #atomFor(part: GroundFormula): number {
    const key = formulaKey(part);
    const known = this.#auxiliary.get(key);
    if (known !== undefined) return known;
    const atom = this.#atoms.addAuxiliary();
    this.#auxiliary.set(key, atom);
    const branches = typeof part !== 'boolean' && part.kind === 'or' ? part.parts : [part];
    for (const branch of branches) {
      const builder = new ConjunctionBuilder();
      builder.formula(branch);
      const condition = builder.finish();
      if (condition === null) continue;
      for (const one of this.split(condition, () => null)) this.axioms.push({ head: atom, condition: one });
    }
    return atom;
  }
}

function simplified({ literals, numeric, rest }: Conjunction, known: Known): Conjunction | null {
  const builder = new ConjunctionBuilder();
  builder.conjunction({ literals, numeric, rest: rest.map((part) => simplify(part, known)) });
  return builder.finish();
}

function joined({ literals, numeric }: Conjunction, leaves: readonly GroundFormula[]): Conjunction | null {
  const builder = new ConjunctionBuilder();
  builder.conjunction({ literals, numeric, rest: leaves });
  return builder.finish();
}

function countCases(formula: GroundFormula): number {
  if (typeof formula === 'boolean' || formula.kind === 'literal' || formula.kind === 'compare') return 1;
  const counts = formula.parts.map(countCases);
  return formula.kind === 'or' ? counts.reduce((a, b) => a + b, 0) : counts.reduce((a, b) => a * b, 1);
}

function casesOf(formula: GroundFormula): readonly (readonly GroundFormula[])[] {
  if (typeof formula === 'boolean' || formula.kind === 'literal' || formula.kind === 'compare') return [[formula]];
  if (formula.kind === 'or') return formula.parts.flatMap(casesOf);
  return formula.parts.reduce<readonly (readonly GroundFormula[])[]>(
    (cases, part) => cases.flatMap((one) => casesOf(part).map((two) => [...one, ...two])),
    [[]],
  );
}
