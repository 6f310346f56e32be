import { afterEffect, evaluate, linearForm, variablesOf, type LinearForm } from '../engines/states/numbers.js';
import { appendTo } from '../ground/reach/lists-by-key.js';
import type { NumericCondition, NumericEffect } from '../ground/task/task.js';

/** `sign · left ≥ 0` (or `> 0` where strict): one direction of a numeric condition. */
export interface NumericNode {
  readonly condition: NumericCondition;
  readonly sign: 1 | -1;
  readonly strict: boolean;
  readonly linear: LinearForm | null;
  readonly variables: ReadonlySet<number>;
}

/** How one action brings a numeric condition nearer. */
export interface Support {
  readonly node: number;
  /** What each repetition adds to `sign · left`; null where that depends on the state. */
  readonly gain: number | null;
  readonly effects: readonly NumericEffect[];
}

/** Collects the numeric conditions of a task, each direction once. */
export class NumericNodes {
  readonly nodes: NumericNode[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #byVariable = new Map<number, number[]>();

  /** The nodes that must all be reached for the condition to hold: two for an equation. */
  of(condition: NumericCondition): number[] {
    if (condition.op !== '=') return [this.#one(condition)];
    return [this.#one({ op: '>=', left: condition.left }), this.#one({ op: '<=', left: condition.left })];
  }

  /** Which nodes an action's numeric effects can bring nearer. */
  supports(effects: readonly NumericEffect[]): Support[] {
    const touched = new Set(effects.flatMap((e) => this.#byVariable.get(e.variable) ?? []));
    return [...touched]
      .sort((a, b) => a - b)
      .flatMap((node) => {
        const gain = constantGain(this.nodes[node]!, effects);
        return gain !== null && gain <= 0 ? [] : [{ node, gain, effects }];
      });
  }

  #one(condition: NumericCondition): number {
    const key = JSON.stringify(condition);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.nodes.length;
    const variables = variablesOf(condition.left);
    this.nodes.push({
      condition,
      sign: condition.op === '>' || condition.op === '>=' ? 1 : -1,
      strict: condition.op === '<' || condition.op === '>',
      linear: linearForm(condition.left),
      variables,
    });
    this.#numbers.set(key, number);
    for (const v of variables) appendTo(this.#byVariable, v, number);
    return number;
  }
}

/** How far `sign · left` is from the limit now: the node holds at 0 or above (above 0 where strict). */
export function slack(node: NumericNode, values: Float64Array): number {
  return node.sign * evaluate(node.condition.left, values);
}

/** More repetitions than this are as good as never: estimates stay finite and exact. */
const MOST_REPETITIONS = 1e9;
/** Repetitions where nobody can tell how many: a number without value, a gain that is not finite. */
const GUESS = 2;

/** How often a gain must be repeated before the node holds; a guess where a number has no value. */
export function repetitions(node: NumericNode, now: number, gain: number): number {
  const needed = -now / gain;
  if (Number.isNaN(needed)) return GUESS;
  const whole = node.strict ? Math.floor(needed) + 1 : Math.ceil(needed);
  return Math.min(MOST_REPETITIONS, Math.max(1, whole));
}

/**
 * Repetitions for effects whose gain depends on the state: exact where one step now would do, a guess of two where it
 * would not help now but might later.
 */
export function repetitionsNow(
  node: NumericNode,
  now: number,
  effects: readonly NumericEffect[],
  values: Float64Array,
  scratch: Float64Array,
): number {
  scratch.set(values);
  for (const { variable, op, value } of effects)
    scratch[variable] = afterEffect(op, scratch[variable]!, evaluate(value, values));
  const gain = slack(node, scratch) - now;
  return gain > 0 && Number.isFinite(gain) ? repetitions(node, now, gain) : GUESS;
}

function constantGain(node: NumericNode, effects: readonly NumericEffect[]): number | null {
  if (node.linear === null) return null;
  let gain = 0;
  for (const effect of effects) {
    const coefficient = node.linear.terms.get(effect.variable);
    if (coefficient === undefined) continue;
    const value = linearForm(effect.value);
    if (value === null || value.terms.size > 0 || (effect.op !== 'increase' && effect.op !== 'decrease')) return null;
    gain += node.sign * coefficient * (effect.op === 'increase' ? value.constant : -value.constant);
  }
  return gain;
}
