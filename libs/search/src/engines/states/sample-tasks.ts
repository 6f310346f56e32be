import type { ConditionalEffect, NumericCondition, Operator, Task } from '../../ground/task/task.js';
import type { RandomSource } from '../random.js';

/** An operator with nothing in it but what is given. */
export function sampleOperator(name: string, parts: Partial<Operator>): Operator {
  return {
    name: `(${name})`,
    action: name,
    args: [],
    cost: 1,
    pre: [],
    preNumeric: [],
    add: [],
    del: [],
    conditional: [],
    numeric: [],
    ...parts,
  };
}

/** A task over facts `(f0)`, `(f1)`, …, with nothing in it but what is given. */
export function sampleTask(facts: number, parts: Partial<Task>): Task {
  return {
    facts: Array.from({ length: facts }, (_, i) => `(f${i})`),
    variables: [],
    init: [],
    initNumbers: [],
    goal: [],
    goalNumeric: [],
    operators: [],
    axioms: [],
    unreachable: null,
    mutexGroups: [],
    ...parts,
  };
}

/** `variable op limit` */
export function compare(variable: number, op: NumericCondition['op'], limit: number): NumericCondition {
  return {
    op,
    left: { kind: 'binary', op: '-', left: { kind: 'variable', variable }, right: { kind: 'constant', value: limit } },
  };
}

/** `count` facts in a row: step i leads from fact i to fact i + 1. */
export function chain(count: number): Task {
  const operators = Array.from({ length: count - 1 }, (_, i) =>
    sampleOperator(`step${i}`, { pre: [i], add: [i + 1], del: [i] }),
  );
  return sampleTask(count, { init: [0], goal: [count - 1], operators });
}

/** A small task drawn at random, with costs and with conditional effects; often solvable. */
export function randomTask(random: RandomSource, facts = 8): Task {
  const some = (most: number): number[] => [...new Set(Array.from({ length: random(most + 1) }, () => random(facts)))];
  const conditional = (): ConditionalEffect[] =>
    random(4) === 0 ? [{ when: some(2), whenNumeric: [], add: some(2), del: some(1), numeric: [] }] : [];
  const operators = Array.from({ length: 6 + random(10) }, (_, i) =>
    sampleOperator(`o${i}`, { cost: random(4), pre: some(3), add: some(2), del: some(2), conditional: conditional() }),
  );
  return sampleTask(facts, { init: some(4), goal: some(3), operators });
}
