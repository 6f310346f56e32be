import { negate, type Condition, type Literal, type WorldState } from '@praxis/core';
import { Interpreter } from '../interpret/interpreter.js';
import { addPrecondition } from '../pddl/add-precondition.js';
import type { Domain, Formula, Problem, TypedName } from '../pddl/ast.js';
import { parseCondition } from '../pddl/read-condition.js';
import { parseDomain } from '../pddl/read-domain.js';
import { parseProblem } from '../pddl/read-problem.js';
import { objectsOf } from '../pddl/objects.js';
import { TypeHierarchy } from '../pddl/type-hierarchy.js';
import type { AddedPrecondition, AvoidedAction } from '../request.js';
import { changedPredicates } from './changed-predicates.js';
import { PlanExplainer, type BrokenPlan, type ExplainedPlan } from './explain-plan.js';

/** Rules as an agent believes them: PDDL texts and the preconditions learned since. */
export class PlanningModel {
  readonly domain: Domain;
  readonly problem: Problem;
  readonly #explainer: PlanExplainer;
  readonly #interpreter: Interpreter;

  constructor(texts: { readonly domain: string; readonly problem: string }, guards: readonly AddedPrecondition[] = []) {
    this.domain = guards.reduce(addPrecondition, parseDomain(texts.domain));
    this.problem = parseProblem(texts.problem, this.domain);
    this.#explainer = new PlanExplainer(this.domain, this.problem);
    this.#interpreter = new Interpreter(this.domain, this.problem);
  }

  /** Reads a condition over the model's objects; an empty text means the problem's own goal. */
  condition(text: Condition): Formula {
    return text === '' ? this.problem.goal : parseCondition(text, this.domain, [...this.domain.constants, ...this.problem.objects]);
  }

  /** Whether a condition holds in a state. */
  holds(condition: Condition, state: WorldState): boolean {
    return this.#interpreter.holds(this.condition(condition), state);
  }

  /** Runs a plan in the model and says what each step needs and does. */
  explain(from: WorldState, steps: readonly { readonly action: string; readonly args: readonly string[] }[], goal: Condition): ExplainedPlan | BrokenPlan {
    return this.#explainer.explain(from, steps, this.condition(goal));
  }

  /** Parameter names of an action; empty for one that the model does not know. */
  parametersOf(action: string): readonly string[] {
    return this.domain.actions.find((a) => a.name === action)?.parameters.map((p) => p.name.slice(1)) ?? [];
  }

  /** The words that a condition may use: predicates and functions with how many arguments they take, and the objects there are. */
  words(): { readonly predicates: ReadonlyMap<string, number>; readonly functions: ReadonlyMap<string, number>; readonly objects: ReadonlySet<string> } {
    const arities = (signatures: Domain['predicates']): ReadonlyMap<string, number> => new Map(signatures.map((s) => [s.name, s.parameters.length]));
    const { predicates, functions, constants } = this.domain;
    return { predicates: arities(predicates), functions: arities(functions), objects: new Set([...constants, ...this.problem.objects].map((o) => o.name)) };
  }

  /** The predicates that each action may change, by its name. */
  changes(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.domain.actions.map((a) => [a.name, [...changedPredicates(a.effect)]]));
  }

  /**
   * A remembered failure as a rule for the search: the action waits until one of the literals about its arguments is
   * no longer as it was; one that is refused for good is never tried again.
   */
  avoid(failure: { readonly action: string; readonly facts: readonly string[]; readonly permanent?: true | undefined }): AvoidedAction {
    if (failure.permanent === true) return { action: failure.action, while: [] };
    const objects = [...new Set(failure.action.slice(1, -1).split(' ').slice(1))];
    const held = new Set(failure.facts);
    return { action: failure.action, while: this.#atomsOver(objects).map((atom): Literal => (held.has(atom) ? atom : negate(atom))) };
  }

  #atomsOver(objects: readonly string[]): readonly string[] {
    const known = objectsOf(this.domain, this.problem).filter((o) => objects.includes(o.name));
    const hierarchy = new TypeHierarchy(this.domain.types);
    const atoms: string[] = [];
    const fill = (name: string, places: readonly TypedName[], args: readonly string[]): void => {
      const place = places[args.length];
      if (!place) return void atoms.push(`(${[name, ...args].join(' ')})`);
      for (const o of known) if (hierarchy.isWithin(o.types, place.types)) fill(name, places, [...args, o.name]);
    };
    // No state lists what follows by rules, so that it can be neither remembered nor compared.
    const derived = new Set(this.domain.derived.map((r) => r.name));
    for (const { name, parameters } of this.domain.predicates) if (!derived.has(name)) fill(name, parameters, []);
    return atoms;
  }
}
