import type { CaseSplitter, Known } from './case-splitter.js';
import {
  formulaOf,
  NO_CONDITION,
  type Conjunction,
  type GroundAction,
  type GroundAxiom,
  type GroundEffect,
} from '../ground-action.js';
import { allOf, literalOf, type GroundLiteral } from '../ground-formula.js';
import { appendTo } from '../reach/lists-by-key.js';

/** An effect that makes an atom's negation true: the atom is deleted and nothing adds it at the same time. */
export interface Falsification {
  readonly condition: Conjunction;
  readonly atom: number;
}

/**
 * Which literals stand as facts, and how actions that may add and delete the same atom keep its negation in step.
 *
 * complements.1 The negation of an atom becomes true only where some effect deletes the atom and no effect adds it
 *               (task.3).
 * complements.2 The conditions of complements.1 may need further negations, so that both are found together.
 */
export class Complements {
  /** Literals that stand as facts. */
  readonly literals = new Set<GroundLiteral>();
  /** For actions with contested atoms: what makes their negations true. */
  readonly falsifications = new Map<GroundAction, Falsification[]>();
  readonly #splitter: CaseSplitter;
  readonly #contested = new Map<number, GroundAction[]>();
  readonly #contestedIn = new Map<GroundAction, ReadonlySet<number>>();
  readonly #queue: GroundLiteral[] = [];
  #axiomsSeen: number;

  constructor(splitter: CaseSplitter, actions: readonly GroundAction[]) {
    this.#splitter = splitter;
    this.#axiomsSeen = splitter.axioms.length;
    for (const action of actions) {
      const atoms = contestedAtoms(action.effects);
      if (atoms.size === 0) continue;
      this.#contestedIn.set(action, atoms);
      for (const atom of atoms) appendTo(this.#contested, atom, action);
    }
  }

  /** Whether an effect's delete of this atom is told by `falsifications` instead. */
  isContested(action: GroundAction, atom: number): boolean {
    return this.#contestedIn.get(action)?.has(atom) === true;
  }

  need({ literals }: Conjunction): void {
    for (const literal of literals) this.needLiteral(literal);
  }

  needLiteral(literal: GroundLiteral): void {
    if (this.literals.has(literal)) return;
    this.literals.add(literal);
    this.#queue.push(literal);
  }

  /** Finds everything that follows from what was needed; new auxiliary axioms are given to `takeAxiom`. */
  close(takeAxiom: (axiom: GroundAxiom) => void): void {
    for (let literal = this.#queue.pop(); literal !== undefined; literal = this.#queue.pop()) {
      if (literal % 2 === 0) continue;
      for (const action of this.#contested.get(literal >> 1) ?? []) this.#falsify(action, literal >> 1);
      for (; this.#axiomsSeen < this.#splitter.axioms.length; this.#axiomsSeen++) {
        const axiom = this.#splitter.axioms[this.#axiomsSeen]!;
        this.needLiteral(literalOf(axiom.head, true));
        this.need(axiom.condition);
        takeAxiom(axiom);
      }
    }
  }

  #falsify(action: GroundAction, atom: number): void {
    const needed = new Set(action.condition.literals);
    const known: Known = (literal) => (needed.has(literal) ? true : needed.has(literal ^ 1) ? false : null);
    const notAdded = action.effects
      .filter((effect) => effect.add.includes(atom))
      .map((effect) => this.#splitter.untrue(formulaOf(effect.condition)));
    for (const effect of action.effects) {
      if (!effect.del.includes(atom)) continue;
      const { literals, numeric } = effect.condition;
      const rest = allOf(notAdded);
      for (const condition of this.#splitter.split({ literals, numeric, rest: [rest] }, known)) {
        this.need(condition);
        appendTo(this.falsifications, action, { condition, atom });
      }
    }
  }
}

/** Atoms that one effect of an action adds and another deletes. */
function contestedAtoms(effects: readonly GroundEffect[]): ReadonlySet<number> {
  const contested = new Set<number>();
  if (effects.length === 1) return contested;
  const added = new Set(effects.flatMap((effect) => (effect.condition === NO_CONDITION ? [] : effect.add)));
  for (const { del } of effects) for (const atom of del) if (added.has(atom)) contested.add(atom);
  return contested;
}
