import type { Problem } from '../pddl/ast.js';
import type { Change } from './effects.js';
import { evaluate } from './evaluate.js';
import { Situation } from './situation.js';

/**
 * What a step costs: by how much it raises the value that is to be minimised. A step costs 1 where there is no
 * metric, where the metric is to be maximised, or where its value is not known.
 */
export function priceOf(metric: Problem['metric'], before: Situation, change: Change): number {
  if (metric === null || metric.direction === 'maximize') return 1;
  const { value } = metric;
  if (value.kind === 'fluent') {
    const key = `(${[value.function, ...value.args].join(' ')})`;
    if (!change.numbers.has(key)) return 0;
    // The sum of what was added is exact where the difference of two large values would not be.
    const shift = change.shifts.get(key);
    if (shift !== undefined) return shift;
  }
  const old = evaluate(value, new Map(), before);
  const now = evaluate(value, new Map(), new Situation(before.objects, new Set(), new Map([...before.numbers, ...change.numbers])));
  return old === undefined || now === undefined ? 1 : now - old;
}
