import type { Step } from '../engines/meter.js';
import { packLists, transposeLists, type PackedLists } from '../engines/queues/packed-lists.js';
import type { NumericCondition, NumericEffect, Task } from '../ground/task/task.js';
import type { CostView } from './heuristic.js';
import { operatorCosts } from './operator-costs.js';
import { NumericNodes, type NumericNode, type Support } from './numeric-nodes.js';

/**
 * The task without deletes.
 *
 * relaxation.1 Nodes are the facts, then one node for each direction of each numeric condition.
 * relaxation.2 An operator is one action for its own effects and one for each conditional effect, whose preconditions
 *              are the operator's and the effect's together. An axiom is an action that costs nothing.
 * relaxation.3 The complement of a derived fact can always be had for nothing: never is a reachable state called a dead
 *              end.
 */
export interface Relaxation {
  readonly task: Task;
  readonly facts: number;
  readonly nodes: number;
  readonly actions: number;
  readonly pre: PackedLists;
  readonly add: PackedLists;
  /** For each node the actions that need it. */
  readonly uses: PackedLists;
  /** For each action the range of its supports. */
  readonly supportStart: Int32Array;
  readonly supports: readonly Support[];
  /** The operator of each action, -1 for an axiom. */
  readonly operator: Int32Array;
  readonly cost: Float64Array;
  readonly needs: Int32Array;
  /** Actions that need nothing. */
  readonly free: Int32Array;
  readonly numeric: readonly NumericNode[];
  readonly goal: Int32Array;
  /** Whether all costs are whole numbers. */
  readonly integral: boolean;
}

interface Action {
  readonly operator: number;
  readonly cost: number;
  readonly pre: readonly number[];
  readonly add: readonly number[];
  readonly supports: readonly Support[];
}

/** Builds the relaxation that all delete-relaxation heuristics share. */
export function relax(task: Task, view: CostView, step: Step = () => {}): Relaxation {
  const numeric = new NumericNodes();
  const facts = task.facts.length;
  const nodesOf = (plain: readonly number[], conditions: readonly NumericCondition[]): number[] => [
    ...new Set([...plain, ...conditions.flatMap((c) => numeric.of(c)).map((n) => facts + n)]),
  ];
  const goal = nodesOf(task.goal, task.goalNumeric);
  const raw = [...operatorActions(task, view, nodesOf, step), ...axiomActions(task, nodesOf)];
  // Supports are looked for only now that every numeric condition has its node.
  const actions: Action[] = raw.flatMap(({ effects, ...action }) => {
    step();
    const supports = effects.length === 0 ? [] : numeric.supports(effects);
    return action.add.length === 0 && supports.length === 0 ? [] : [{ ...action, supports }];
  });
  return pack(task, numeric.nodes, goal, actions);
}

interface RawAction extends Omit<Action, 'supports'> {
  readonly effects: readonly NumericEffect[];
}

type NodesOf = (facts: readonly number[], conditions: readonly NumericCondition[]) => number[];

function operatorActions(task: Task, view: CostView, nodesOf: NodesOf, step: Step): RawAction[] {
  const derived = new Set(task.axioms.flatMap((layer) => layer.rules.map((rule) => rule.head)));
  const out: RawAction[] = [];
  const costs = operatorCosts(task, view);
  for (const [operator, { pre, preNumeric, add, conditional, numeric }] of task.operators.entries()) {
    step();
    const cost = costs[operator]!;
    const push = (nodes: number[], adds: readonly number[], effects: readonly NumericEffect[]): void => {
      const needed = new Set(nodes);
      out.push({ operator, cost, pre: nodes, add: adds.filter((f) => !needed.has(f) && !derived.has(f)), effects });
    };
    push(nodesOf(pre, preNumeric), add, numeric);
    for (const effect of conditional)
      push(nodesOf([...pre, ...effect.when], [...preNumeric, ...effect.whenNumeric]), effect.add, effect.numeric);
  }
  return out;
}

function axiomActions(task: Task, nodesOf: NodesOf): RawAction[] {
  return task.axioms.flatMap((layer) => [
    ...layer.rules.map((rule) => ({
      operator: -1,
      cost: 0,
      pre: nodesOf(rule.body, rule.bodyNumeric),
      add: [rule.head],
      effects: [],
    })),
    ...layer.complements.map((pair) => ({ operator: -1, cost: 0, pre: [], add: [pair.complement], effects: [] })),
  ]);
}

function pack(
  task: Task,
  numeric: readonly NumericNode[],
  goal: readonly number[],
  actions: readonly Action[],
): Relaxation {
  const nodes = task.facts.length + numeric.length;
  const pre = packLists(actions.map((a) => a.pre));
  const supportStart = new Int32Array(actions.length + 1);
  actions.forEach((a, i) => (supportStart[i + 1] = supportStart[i]! + a.supports.length));
  return {
    task,
    facts: task.facts.length,
    nodes,
    actions: actions.length,
    pre,
    add: packLists(actions.map((a) => a.add)),
    uses: transposeLists(pre, nodes),
    supportStart,
    supports: actions.flatMap((a) => a.supports),
    operator: Int32Array.from(actions, (a) => a.operator),
    cost: Float64Array.from(actions, (a) => a.cost),
    needs: Int32Array.from(actions, (a) => a.pre.length),
    free: Int32Array.from(actions.flatMap((a, i) => (a.pre.length === 0 ? [i] : []))),
    numeric,
    goal: Int32Array.from(goal),
    integral: actions.every((a) => Number.isInteger(a.cost)),
  };
}
