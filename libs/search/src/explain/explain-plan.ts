import { PraxisError, diffStates, type Literal, type StateChange, type WorldState } from '@praxis/core';
import type { Binding } from '../interpret/join.js';
import { stateOf } from '../interpret/interpreter.js';
import { Semantics } from '../interpret/semantics.js';
import type { Situation } from '../interpret/situation.js';
import type { StepMeter } from '../interpret/step-meter.js';
import type { Domain, Effect, Expression, Formula, Problem } from '../pddl/ast.js';
import { changedPredicates } from './changed-predicates.js';
import { Support } from './support.js';

/** One step of a plan with what it relies on and what it does. */
export interface ExplainedStep {
  readonly action: string;
  readonly args: readonly string[];
  /** Literals that must hold just before it. */
  readonly needs: readonly Literal[];
  /** Literals that hold after it because of it, whether or not they held before. */
  readonly makes: readonly Literal[];
  /** What really changes when the plan runs as expected. */
  readonly expects: StateChange;
  /** Numbers that it reads or writes, e.g. `(fuel truck1)`; of a lifted term only the function's name. */
  readonly numbers: readonly string[];
  /** What it does depends on the state in more ways than `needs` tells: it has conditional effects. */
  readonly isConditional: boolean;
  readonly cost: number;
}

/** A plan taken apart; `goal` is what the goal rests on in the final state. */
export interface ExplainedPlan {
  readonly steps: readonly ExplainedStep[];
  readonly goal: readonly Literal[];
  readonly final: WorldState;
}

/** How a plan fails to run: the first step that cannot be done, and why. */
export interface BrokenPlan {
  readonly brokenAt: number;
  readonly reason: string;
}

/**
 * Runs a plan in the lifted semantics and says of each step what it needs and what it does: the raw material of
 * causal links. It shares no code with the search, so a plan that comes through has been checked independently.
 */
export class PlanExplainer {
  readonly #semantics: Semantics;
  readonly #support: Support;
  readonly #domain: Domain;

  constructor(domain: Domain, problem: Problem, meter?: StepMeter) {
    this.#domain = domain;
    this.#semantics = new Semantics(domain, problem, meter);
    this.#support = new Support(domain, changingPredicates(domain));
  }

  /** Explains steps from a state towards a goal; a plan that does not reach it is broken at its end. */
  explain(
    from: WorldState,
    steps: readonly { readonly action: string; readonly args: readonly string[] }[],
    goal: Formula,
  ): ExplainedPlan | BrokenPlan {
    let situation = this.#semantics.situation(from.facts, new Map(Object.entries(from.numbers)));
    const explained: ExplainedStep[] = [];
    for (const [i, step] of steps.entries()) {
      const attempt = this.#semantics.attempt(step, situation);
      if (!attempt.ok) return { brokenAt: i, reason: attempt.violated };
      const after = this.#semantics.after(situation, attempt.change);
      explained.push(this.#step(step, situation, after, attempt.change));
      situation = after;
    }
    const reason = this.#semantics.violated(goal, situation);
    if (reason !== null) return { brokenAt: steps.length, reason };
    return { steps: explained, goal: this.#support.of(goal, new Map(), situation), final: stateOf(situation) };
  }

  #step(
    step: { readonly action: string; readonly args: readonly string[] },
    before: Situation,
    after: Situation,
    change: {
      readonly added: ReadonlySet<string>;
      readonly deleted: ReadonlySet<string>;
      readonly numbers: ReadonlyMap<string, number>;
    } & Parameters<Semantics['price']>[1],
  ): ExplainedStep {
    const schema = this.#domain.actions.find((a) => a.name === step.action);
    if (!schema) throw new PraxisError('bug', `The plan names ${step.action}, which the domain does not.`);
    const binding: Binding = new Map(schema.parameters.map(({ name }, i) => [name, step.args[i]!]));
    const needs = new Set(this.#support.of(schema.precondition, binding, before));
    for (const condition of firing(schema.effect)) {
      if (this.#semantics.isTrue(condition, binding, before))
        for (const l of this.#support.of(condition, binding, before)) needs.add(l);
    }
    return {
      action: step.action,
      args: step.args,
      needs: [...needs],
      makes: [...change.added, ...[...change.deleted].filter((f) => !change.added.has(f)).map((f) => `(not ${f})`)],
      expects: diffStates(stateOf(before), stateOf(after)),
      numbers: [...new Set([...change.numbers.keys(), ...functionsIn(schema.precondition)])],
      isConditional: hasCondition(schema.effect),
      cost: this.#semantics.price(before, change),
    };
  }
}

/**
 * Conditions of conditional effects without variables of their own; those under `forall` are left to the checks at run
 * time.
 */
function firing(effect: Effect): readonly Formula[] {
  if (effect.kind === 'and') return effect.parts.flatMap(firing);
  if (effect.kind === 'when') return [effect.condition, ...firing(effect.part)];
  return [];
}

function hasCondition(effect: Effect): boolean {
  if (effect.kind === 'and') return effect.parts.some(hasCondition);
  return effect.kind === 'when' || (effect.kind === 'forall' && hasCondition(effect.part));
}

function functionsIn(formula: Formula): readonly string[] {
  if (formula.kind === 'compare') return [formula.left, formula.right].flatMap(functionNames);
  if (formula.kind === 'not' || formula.kind === 'forall' || formula.kind === 'exists')
    return functionsIn(formula.part);
  if (formula.kind === 'and' || formula.kind === 'or') return formula.parts.flatMap(functionsIn);
  return [];
}

function functionNames(expression: Expression): readonly string[] {
  if (expression.kind === 'fluent') return [expression.function];
  return expression.kind === 'arithmetic' ? expression.parts.flatMap(functionNames) : [];
}

const changingPredicates = (domain: Domain): ReadonlySet<string> =>
  new Set(domain.actions.flatMap((a) => [...changedPredicates(a.effect)]));
