import type { Heuristic, StateView } from '../../heuristics/heuristic.js';
import { LmCut } from '../../heuristics/lm-cut.js';
import type { ActionValues } from '../algorithms/q-star.js';

/**
 * Makes values of actions from heuristics. LM-cut gives each action a value of its own; any other consistent heuristic
 * gives all actions of a state the same bound, which is that no way out of the state costs less than its estimate.
 */
export function actionValues(heuristics: readonly Heuristic[]): ActionValues {
  const cut = heuristics.find((h) => h instanceof LmCut);
  return {
    heuristic: greatest(heuristics),
    value: (operator, cost, estimate) => Math.max(cost, estimate, cut === undefined ? 0 : cost + cut.after(operator)),
  };
}

function greatest(heuristics: readonly Heuristic[]): Heuristic {
  return {
    name: heuristics.map((h) => h.name).join('+'),
    admissible: heuristics.every((h) => h.admissible),
    evaluate: (state: StateView) => {
      let estimate = 0;
      for (const heuristic of heuristics) estimate = Math.max(estimate, heuristic.evaluate(state));
      return estimate;
    },
    preferred: () => undefined,
  };
}
