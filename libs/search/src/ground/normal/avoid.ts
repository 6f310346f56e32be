import type { AvoidedAction } from '../../request.js';
import type { FactBase } from '../reach/fact-base.js';
import { allOf, anyOf, literalOf, type GroundFormula } from '../ground-formula.js';
import { appendTo } from '../reach/lists-by-key.js';
import { atomText, atomWords, literalWords } from '../task/text.js';

/** What must hold of the state before an action that failed may be tried again, by the action's text. */
export class Avoidance {
  readonly #facts: FactBase;
  readonly #avoided = new Map<string, AvoidedAction[]>();

  constructor(avoid: readonly AvoidedAction[], facts: FactBase) {
    this.#facts = facts;
    for (const one of avoid) {
      const [name, ...args] = atomWords(one.action);
      appendTo(this.#avoided, atomText(name!, args), one);
    }
  }

  /** For each time the action failed, at least one of the literals that held then no longer does. */
  condition(action: string): GroundFormula {
    const failures = this.#avoided.get(action);
    if (failures === undefined) return true;
    return allOf(failures.map((failure) => anyOf(failure.while.map((literal) => this.#opposite(literal)))));
  }

  #opposite(literal: string): GroundFormula {
    const { words, positive } = literalWords(literal);
    const { universe } = this.#facts;
    const predicate = universe.predicateIds.get(words[0]!);
    const tuple = words.slice(1).map((name) => universe.objectIds.get(name) ?? -1);
    // What the task does not know is never true.
    if (predicate === undefined || tuple.includes(-1) || tuple.length !== universe.predicates[predicate]!.arity)
      return positive;
    if (this.#facts.isStatic(predicate)) return this.#facts.holds(predicate, tuple) !== positive;
    const atom = this.#facts.atom(predicate, tuple);
    return atom < 0 ? positive : { kind: 'literal', literal: literalOf(atom, !positive) };
  }
}
