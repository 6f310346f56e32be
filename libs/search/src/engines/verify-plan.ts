import { PraxisError } from '@praxis/core';
import type { NumericEffect, Operator, Task } from '../ground/task/task.js';
import { afterEffect, allHold, evaluate } from './states/numbers.js';

interface World {
  readonly facts: ReadonlySet<number>;
  readonly numbers: Float64Array;
}

/**
 * Carries a plan out on plain sets, by the words of the task alone, and throws where a step does not apply or the goal
 * is missed. It shares nothing with the packed states, so that an error in those cannot hide.
 */
export function verifyPlan(task: Task, plan: readonly number[]): void {
  let world = settled(task, new Set(task.init), Float64Array.from(task.initNumbers));
  for (const [step, index] of plan.entries()) {
    const operator = task.operators[index]!;
    const before = world.numbers;
    if (!isTrue(operator.pre, world) || !allHold(operator.preNumeric, world.numbers))
      complain(`step ${step + 1}, ${operator.name}, does not apply`);
    world = after(task, operator, world);
    // What is undefined in the beginning may stay so; nothing may become undefined.
    if (world.numbers.some((value, i) => Number.isNaN(value) && !Number.isNaN(before[i]!)))
      complain(`step ${step + 1}, ${operator.name}, has no result`);
  }
  if (!isTrue(task.goal, world) || !allHold(task.goalNumeric, world.numbers)) complain('the goal is missed');
}

function after(task: Task, operator: Operator, world: World): World {
  const fired = [
    operator,
    ...operator.conditional.filter((c) => isTrue(c.when, world) && allHold(c.whenNumeric, world.numbers)),
  ];
  const facts = new Set(world.facts);
  const numbers = world.numbers.slice();
  for (const { del } of fired) for (const fact of del) facts.delete(fact);
  for (const { add } of fired) for (const fact of add) facts.add(fact);
  for (const { numeric } of fired) for (const effect of numeric) change(effect, world.numbers, numbers);
  return settled(task, facts, numbers);
}

function change({ variable, op, value }: NumericEffect, before: Float64Array, numbers: Float64Array): void {
  numbers[variable] = afterEffect(op, numbers[variable]!, evaluate(value, before));
}

/** The same world with its derived facts: each layer's rules are applied until nothing changes. */
function settled(task: Task, facts: Set<number>, numbers: Float64Array): World {
  for (const { rules, complements } of task.axioms) {
    for (const { head } of rules) facts.delete(head);
    for (const { complement } of complements) facts.delete(complement);
  }
  const world = { facts, numbers };
  for (const { rules, complements } of task.axioms) {
    for (let size = -1; size !== facts.size;) {
      size = facts.size;
      for (const { head, body, bodyNumeric } of rules)
        if (isTrue(body, world) && allHold(bodyNumeric, numbers)) facts.add(head);
    }
    for (const { fact, complement } of complements) if (!facts.has(fact)) facts.add(complement);
  }
  return world;
}

function isTrue(facts: readonly number[], world: World): boolean {
  return facts.every((fact) => world.facts.has(fact));
}

function complain(what: string): never {
  throw new PraxisError('bug', `The search returned a wrong plan: ${what}. Please report the domain and the problem.`);
}
