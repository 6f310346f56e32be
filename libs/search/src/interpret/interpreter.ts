import { PraxisError, makeState } from '@praxis/core';
import type { Fact, WorldState } from '@praxis/core';
import type { Domain, Formula, Problem } from '../pddl/ast.js';
import type { Change } from './effects.js';
import { fails, holds, violation } from './evaluate.js';
import { printAction } from './ground-action.js';
import type { GroundAction } from './ground-action.js';
import { LegalActions } from './legal.js';
import type { LegalFilter } from './legal.js';
import { Semantics } from './semantics.js';
import type { Situation } from './situation.js';
import type { StepMeter } from './step-meter.js';

/** Whether an action can be done, and which ground condition is false where it cannot. */
export type Applicability = { readonly ok: true } | { readonly ok: false; readonly violated: string };

/** A part of a formula that is not true: false, or reading a number that has no value. */
export interface UnmetPart {
  readonly part: string;
  readonly isFalse: boolean;
}

/**
 * Answers what is true, possible and next in the states of one task, straight from its PDDL: nothing is grounded
 * beforehand, so it is ready at once and fine for worlds of about a hundred objects.
 *
 * States that come in are never changed. Their facts may be in any order; those that go out are sorted.
 */
export class Interpreter {
  readonly #semantics: Semantics;
  readonly #legal: LegalActions;
  readonly #situations = new WeakMap<WorldState, Situation>();

  constructor(domain: Domain, problem: Problem, meter?: StepMeter) {
    this.#semantics = new Semantics(domain, problem, meter);
    this.#legal = new LegalActions(domain.actions);
  }

  /** The problem's initial state. */
  initial(): WorldState {
    return stateOf(this.#semantics.start());
  }

  /** Whether a formula without free variables is true; derived predicates are computed. */
  holds(formula: Formula, state: WorldState): boolean {
    return holds(formula, new Map(), this.#at(state));
  }

  /** Null where the formula is true, else the smallest ground part of it that is false. */
  violated(formula: Formula, state: WorldState): string | null {
    const situation = this.#at(state);
    return holds(formula, new Map(), situation) ? null : violation(formula, new Map(), situation);
  }

  /** The parts of a formula that are not true, each as its smallest ground part; none where the formula is true. */
  unmet(formula: Formula, state: WorldState): readonly UnmetPart[] {
    const situation = this.#at(state);
    return conjuncts(formula)
      .filter((part) => !holds(part, new Map(), situation))
      .map((part) => ({
        part: violation(part, new Map(), situation),
        isFalse: fails(part, new Map(), situation),
      }));
  }

  /** The facts that follow by rules from a state's facts, sorted. */
  derivedFacts(state: WorldState): Fact[] {
    const { facts, base } = this.#at(state);
    return [...facts].filter((fact) => !base.has(fact)).sort();
  }

  /** Whether an action can be done in a state. */
  applicable(action: string, args: readonly string[], state: WorldState): Applicability {
    const attempt = this.#semantics.attempt({ action, args }, this.#at(state));
    return attempt.ok ? { ok: true } : attempt;
  }

  /** The state after an action; throws `invalid` where it is not applicable. */
  apply(action: string, args: readonly string[], state: WorldState): WorldState {
    const change = this.#change({ action, args }, state);
    const situation = this.#semantics.after(this.#at(state), change);
    const next = stateOf(situation);
    this.#situations.set(next, situation);
    return next;
  }

  /**
   * What an action costs in a state: what it adds to the metric, or 1 where there is none; throws where not applicable.
   */
  cost(action: string, args: readonly string[], state: WorldState): number {
    return this.#semantics.price(this.#at(state), this.#change({ action, args }, state));
  }

  /** All applicable ground actions in a fixed order. */
  legal(state: WorldState, filter: LegalFilter = {}): GroundAction[] {
    return this.#legal.list(this.#at(state), filter);
  }

  #change(step: GroundAction, state: WorldState): Change {
    const attempt = this.#semantics.attempt(step, this.#at(state));
    if (attempt.ok) return attempt.change;
    throw new PraxisError(
      'invalid',
      `${printAction(step)} cannot be done in this state: ${attempt.violated}. Ask for the legal actions first.`,
    );
  }

  #at(state: WorldState): Situation {
    let situation = this.#situations.get(state);
    if (situation === undefined) {
      situation = this.#semantics.situation(state.facts, new Map(Object.entries(state.numbers)));
      this.#situations.set(state, situation);
    }
    return situation;
  }
}

function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === 'and' ? formula.parts.flatMap(conjuncts) : [formula];
}

/** A situation as a state: sorted, and without what is derived. */
export function stateOf(situation: Situation): WorldState {
  return makeState(situation.base, Object.fromEntries(situation.numbers));
}
