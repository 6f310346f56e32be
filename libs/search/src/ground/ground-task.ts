import type { WorldState } from '@praxis/core';

import type { Domain, Formula, Problem } from '../pddl/ast.js';
import type { AvoidedAction } from '../request.js';
import { AtomTable } from './reach/atom-table.js';
import { Avoidance } from './normal/avoid.js';
import { BodyBuilder } from './reach/body-builder.js';
import { CaseSplitter, type Known } from './normal/case-splitter.js';
import { costMeasure, Unpriceable, type CostMeasure } from './task/costs.js';
import { Evaluator } from './reach/evaluator.js';
import { FactBase } from './reach/fact-base.js';
import { groundGoal, hopelessPart } from './task/goal.js';
import type { GroundAction, GroundAxiom } from './ground-action.js';
import { knownIn, settleLiterals } from './reach/ground-reach.js';
import { Halt, Watch, type WatchLimits } from './halt.js';
import { readInitial } from './task/initial.js';
import { instantiateAction, instantiateAxiom, type Instantiation } from './task/instantiate.js';
import { NumberBase } from './reach/number-base.js';
import { Reachability, type ReachedCase } from './reach/reachability.js';
import type { LiftedAction, LiftedAxiom } from './normal/lifted.js';
import { dropRepeated } from './task/repetition.js';
import { liftAction, liftAxiom } from './normal/schemas.js';
import type { Task } from './task/task.js';
import { isPlain, splitAction, tidyAction, tidyAxiom } from './task/tidy.js';
import { surveyUniverse } from './reach/universe.js';
import { assembleTask, unreachableTask } from './task/assemble.js';

/** What differs from the problem as it is written, and how far grounding may go. */
export interface GroundOptions {
  /** Replaces the problem's initial state. */
  readonly state?: WorldState;
  /** Replaces the problem's goal. */
  readonly goal?: Formula;
  readonly avoid?: readonly AvoidedAction[];
  /** Objects that no operator may name. */
  readonly without?: readonly string[];
  /** Operators are counted as they are found, before those that cannot be used or do not matter are dropped. */
  readonly limits?: WatchLimits;
  /** The clock of `milliseconds`. */
  readonly now?: () => number;
  /** Whether to give up, asked now and then. */
  readonly signal?: () => boolean;
  /** `goal` (the default) keeps only what can matter for the goal; `all` keeps whatever may change. */
  readonly keep?: 'goal' | 'all';
}

/** A task, or what ended grounding before it was complete. */
export type GroundResult =
  | Task
  | { readonly spent: 'operators' | 'rows' | 'milliseconds' }
  | { readonly cancelled: true };

/** Turns a lifted problem into a grounded task. Equal input gives an equal task, numbers included. */
export function groundTask(domain: Domain, problem: Problem, options: GroundOptions = {}): GroundResult {
  try {
    return priced(domain, problem, options);
  } catch (thrown) {
    if (!(thrown instanceof Halt)) throw thrown;
    return thrown.reason === 'cancelled' ? { cancelled: true } : { spent: thrown.reason };
  }
}

/** Whether the metric prices every operator is known only once they are made; where it does not they cost 1 each. */
function priced(domain: Domain, problem: Problem, options: GroundOptions): Task {
  try {
    return new Grounding(domain, problem, options).task('metric');
  } catch (thrown) {
    if (!(thrown instanceof Unpriceable)) throw thrown;
    return new Grounding(domain, problem, options).task('steps');
  }
}

interface Schemas {
  readonly actions: readonly LiftedAction[];
  readonly axioms: readonly LiftedAxiom[];
}

interface ReachedCases {
  readonly actionCases: readonly ReachedCase<LiftedAction>[];
  readonly axiomCases: readonly ReachedCase<LiftedAxiom>[];
}

interface Grounded {
  readonly actions: readonly GroundAction[];
  readonly axioms: readonly GroundAxiom[];
}

class Grounding {
  readonly #problem: Problem;
  readonly #options: GroundOptions;
  readonly #goal: Formula;
  readonly #watch: Watch;
  readonly #schemas: Schemas;
  readonly #evaluator: Evaluator;
  readonly #bodies: BodyBuilder;

  constructor(domain: Domain, problem: Problem, options: GroundOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#goal = options.goal ?? problem.goal;
    this.#watch = new Watch(options.limits, options.signal, options.now);
    const universe = surveyUniverse(domain, problem, this.#goal);
    const without = new Set((options.without ?? []).map((name) => universe.objectIds.get(name.toLowerCase()) ?? -1));
    this.#schemas = {
      actions: domain.actions.map((action) => liftAction(action, universe, without)),
      axioms: domain.derived.map((rule) => liftAxiom(rule, universe)),
    };
    const initial = readInitial(universe, problem, options.state);
    this.#evaluator = new Evaluator(
      new FactBase(universe, initial.atoms),
      new NumberBase(universe, initial.numbers),
      (units) => this.#watch.tick(units),
    );
    this.#bodies = new BodyBuilder(universe, this.#evaluator, () => this.#watch.tick());
  }

  /** The task, with operators that cost what the metric says if it says so, or one each. */
  task(prices: 'metric' | 'steps'): Task {
    const { universe } = this.#evaluator.facts;
    const measure =
      prices === 'steps' ? null : costMeasure(this.#problem, this.#schemas.actions, universe, this.#evaluator.numbers);
    const task = this.#task(measure);
    return measure === null ? { ...task, ignoresMetric: true } : task;
  }

  #task(measure: CostMeasure | null): Task {
    const reached = this.#reach();
    const hopeless = hopelessPart(this.#goal, this.#evaluator, () => null);
    if (hopeless !== null) return unreachableTask(hopeless);
    const atoms = new AtomTable(this.#evaluator.facts);
    const splitter = new CaseSplitter(atoms, this.#evaluator.numbers.initial);
    const { actions, axioms, known } = this.#settle(this.#instantiate(reached, measure), atoms, splitter);
    const before = splitter.axioms.length;
    const goal = groundGoal(this.#goal, this.#evaluator, splitter, known);
    if ('unreachable' in goal) return unreachableTask(goal.unreachable);
    return assembleTask({
      goal: goal.condition,
      actions,
      axioms: [...axioms, ...splitter.axioms.slice(before)],
      atoms,
      splitter,
      numbers: this.#evaluator.numbers,
      changing: this.#options.keep === 'all' ? (literal) => known(literal) === null : null,
      tick: (units) => this.#watch.tick(units),
    });
  }

  #reach(): ReachedCases {
    const reachability = new Reachability(this.#evaluator.facts.universe, this.#evaluator, this.#bodies, this.#watch);
    const actionCases = this.#schemas.actions.flatMap((action) => reachability.addAction(action));
    const axiomCases = this.#schemas.axioms.flatMap((axiom) => reachability.addAxiom(axiom));
    reachability.run();
    this.#evaluator.facts.numberAtoms();
    return { actionCases, axiomCases };
  }

  #instantiate({ actionCases, axiomCases }: ReachedCases, measure: CostMeasure | null): Grounded {
    const context: Instantiation = {
      evaluator: this.#evaluator,
      bodies: this.#bodies,
      avoidance: new Avoidance(this.#options.avoid ?? [], this.#evaluator.facts),
      measure,
      tick: () => this.#watch.tick(),
    };
    const actions: GroundAction[] = [];
    for (const one of actionCases) for (const action of instantiateAction(one, context)) actions.push(action);
    const axioms: GroundAxiom[] = [];
    for (const one of axiomCases) for (const axiom of instantiateAxiom(one, context)) axioms.push(axiom);
    return { actions, axioms };
  }

  /** Splits disjunctions, and leaves out everything whose truth never changes. */
  #settle(
    { actions, axioms }: Grounded,
    atoms: AtomTable,
    splitter: CaseSplitter,
  ): Grounded & { readonly known: Known } {
    let known = knownIn(settleLiterals(actions, axioms, atoms));
    let plainActions = actions;
    let plainAxioms = axioms;
    if (actions.some((action) => !isPlain(action)) || axioms.some((axiom) => axiom.condition.rest.length > 0)) {
      const first = known;
      plainActions = actions.flatMap((action) =>
        isPlain(action) ? [action] : this.#counted(splitAction(action, splitter, first)),
      );
      plainAxioms = axioms.flatMap(({ head, condition }) =>
        splitter.split(condition, first).map((one) => ({ head, condition: one })),
      );
      plainAxioms = [...plainAxioms, ...splitter.axioms];
      known = knownIn(settleLiterals(plainActions, plainAxioms, atoms));
    }
    const settled = known;
    return {
      actions: dropRepeated(
        plainActions.map((action) => tidyAction(action, settled)).filter((action) => action !== null),
      ),
      axioms: plainAxioms.map((axiom) => tidyAxiom(axiom, settled)).filter((axiom) => axiom !== null),
      known,
    };
  }

  #counted(cases: readonly GroundAction[]): readonly GroundAction[] {
    for (let i = 1; i < cases.length; i++) this.#watch.operator();
    return cases;
  }
}
