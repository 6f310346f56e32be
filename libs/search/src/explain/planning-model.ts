import { negate, type Condition, type Literal, type WorldState } from '@praxis/core';
import { Interpreter } from '../interpret/interpreter.js';
import type { StepMeter } from '../interpret/step-meter.js';
import { addPrecondition } from '../pddl/add-precondition.js';
import type { Domain, Formula, Problem, TypedName } from '../pddl/ast.js';
import { printFormula } from '../pddl/print.js';
import { parseCondition } from '../pddl/read/read-condition.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { objectsOf } from '../pddl/types/objects.js';
import { TypeHierarchy } from '../pddl/types/type-hierarchy.js';
import type { AddedPrecondition, AvoidedAction } from '../request.js';
import { changedPredicates } from './changed-predicates.js';
import { PlanExplainer, type BrokenPlan, type ExplainedPlan } from './explain-plan.js';

/** Most parts of a condition that are named where it does not hold. */
const MOST_UNMET = 20;

/** Rules as an agent believes them: PDDL texts and the preconditions learned since. */
export class PlanningModel {
  readonly domain: Domain;
  readonly problem: Problem;
  readonly #explainer: PlanExplainer;
  readonly interpreter: Interpreter;
  readonly #meter: StepMeter | undefined;
  readonly #types: TypeHierarchy;
  readonly #objects: ReadonlyMap<string, TypedName>;

  constructor(
    texts: { readonly domain: string; readonly problem: string },
    guards: readonly AddedPrecondition[] = [],
    meter?: StepMeter,
  ) {
    this.domain = guards.reduce(addPrecondition, parseDomain(texts.domain));
    this.problem = parseProblem(texts.problem, this.domain);
    this.#explainer = new PlanExplainer(this.domain, this.problem, meter);
    this.interpreter = new Interpreter(this.domain, this.problem, meter);
    this.#meter = meter;
    this.#types = new TypeHierarchy(this.domain.types);
    this.#objects = new Map(objectsOf(this.domain, this.problem).map((o) => [o.name, o]));
  }

  /** Reads a condition over the model's objects; an empty text means the problem's own goal. */
  condition(text: Condition): Formula {
    return text === '' ? this.problem.goal : parseCondition(text, this.domain, [...this.#objects.values()]);
  }

  /** Whether a condition holds in a state. */
  holds(condition: Condition, state: WorldState): boolean {
    return this.interpreter.holds(this.condition(condition), state);
  }

  /** Why a condition does not hold in a state: one sentence per part, as far as a reader wants them; none where it holds. */
  unmet(condition: Condition, state: WorldState): readonly string[] {
    const parts = this.interpreter.unmet(this.condition(condition), state);
    const sentences = parts.map(({ part, isFalse }) =>
      isFalse
        ? `${part} does not hold`
        : `${part} cannot be evaluated, since a number in it has no value or cannot be calculated`,
    );
    const told = [...new Set(sentences)];
    return told.length <= MOST_UNMET
      ? told
      : [...told.slice(0, MOST_UNMET), `${told.length - MOST_UNMET} more parts do not hold`];
  }

  /** Runs a plan in the model and says what each step needs and does. */
  explain(
    from: WorldState,
    steps: readonly { readonly action: string; readonly args: readonly string[] }[],
    goal: Condition,
  ): ExplainedPlan | BrokenPlan {
    return this.#explainer.explain(from, steps, this.condition(goal));
  }

  /** Parameter names of an action; empty for one that the model does not know. */
  parametersOf(action: string): readonly string[] {
    return this.domain.actions.find((a) => a.name === action)?.parameters.map((p) => p.name.slice(1)) ?? [];
  }

  /** The types an object was declared with; null where there is no such object. */
  typesOf(object: string): readonly string[] | null {
    return this.#objects.get(object)?.types ?? null;
  }

  /** Whether something of these types is also of one of the wanted ones. */
  isWithin(own: readonly string[], wanted: readonly string[]): boolean {
    return this.#types.isWithin(own, wanted);
  }

  /** The problem's objects of a type; none where the domain does not know it. */
  objectsOf(type: string): readonly string[] {
    return this.domain.types.has(type)
      ? this.problem.objects.filter((o) => this.#types.isWithin(o.types, [type])).map((o) => o.name)
      : [];
  }

  /**
   * The literals of a goal that a plan's subgoals must cover: those that it joins with "and". A choice between several
   * is left out, and so is what follows by rules: subgoals bring about the facts below it.
   */
  goalLiterals(condition: Condition): readonly string[] {
    const formula = this.condition(condition);
    const parts = formula.kind === 'and' ? formula.parts : [formula];
    const literals = parts.flatMap((part) => {
      const atom = part.kind === 'not' ? part.part : part;
      return atom.kind === 'atom' ? [{ predicate: atom.predicate, literal: printFormula(part) }] : [];
    });
    const derived = new Set(this.domain.derived.map((rule) => rule.name));
    return literals.filter((l) => !derived.has(l.predicate)).map((l) => l.literal);
  }

  /**
   * The words that a condition may use: predicates and functions with how many arguments they take, and the objects
   * there are.
   */
  words(): {
    readonly predicates: ReadonlyMap<string, number>;
    readonly functions: ReadonlyMap<string, number>;
    readonly objects: ReadonlySet<string>;
  } {
    const arities = (signatures: Domain['predicates']): ReadonlyMap<string, number> =>
      new Map(signatures.map((s) => [s.name, s.parameters.length]));
    const { predicates, functions, constants } = this.domain;
    return {
      predicates: arities(predicates),
      functions: arities(functions),
      objects: new Set([...constants, ...this.problem.objects].map((o) => o.name)),
    };
  }

  /** The predicates that each action may change, by its name. */
  changes(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.domain.actions.map((a) => [a.name, [...changedPredicates(a.effect)]]));
  }

  /**
   * A remembered failure as a rule for the search: the action waits until one of the literals about its arguments is
   * no longer as it was; one that is refused for good is never tried again.
   */
  avoid(failure: {
    readonly action: string;
    readonly facts: readonly string[];
    readonly permanent?: true | undefined;
  }): AvoidedAction {
    if (failure.permanent === true) return { action: failure.action, while: [] };
    const objects = [...new Set(failure.action.slice(1, -1).split(' ').slice(1))];
    const held = new Set(failure.facts);
    return {
      action: failure.action,
      while: this.#atomsOver(objects).map((atom): Literal => (held.has(atom) ? atom : negate(atom))),
    };
  }

  #atomsOver(objects: readonly string[]): readonly string[] {
    const named = new Set(objects);
    const known = [...this.#objects.values()].filter((o) => named.has(o.name));
    const atoms: string[] = [];
    const fill = (name: string, places: readonly TypedName[], args: readonly string[]): void => {
      this.#meter?.tick();
      const place = places[args.length];
      if (!place) return void atoms.push(`(${[name, ...args].join(' ')})`);
      for (const o of known) if (this.#types.isWithin(o.types, place.types)) fill(name, places, [...args, o.name]);
    };
    // No state lists what follows by rules, so that it can be neither remembered nor compared.
    const derived = new Set(this.domain.derived.map((r) => r.name));
    for (const { name, parameters } of this.domain.predicates) if (!derived.has(name)) fill(name, parameters, []);
    return atoms;
  }
}
