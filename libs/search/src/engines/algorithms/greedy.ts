import { chooseHeuristics, type HeuristicSource } from '../../heuristics/choose.js';
import { operatorCosts } from '../../heuristics/operator-costs.js';
import type { SearchConfig } from '../../request.js';
import { alternate, type Runner } from '../queues/alternate.js';
import { BestFirst } from './best-first.js';
import { LazyGreedy } from './lazy-greedy.js';
import type { Meter } from '../meter.js';
import type { Outcome } from '../outcome.js';
import { randomSource, type RandomSource } from '../random.js';
import { StateSpace } from '../states/state-space.js';

/** Evaluations of the lazy search and of the eager one in each round. */
const LAZY_SHARE = 3000;
const EAGER_SHARE = 1000;
/** Makes the estimate decide and the way so far break ties. */
const GREEDY_WEIGHT = 100_000;

/** Smaller budgets are not divided. */
const LEAST_DIVIDED = 50_000;

/**
 * The satisficing search. What order its operators come in can decide whether a search finds a plan soon or never, so
 * that only half of a large budget is given to the order of the task; the other half is for an order drawn by the seed.
 */
export function searchGreedily(
  space: StateSpace,
  config: SearchConfig,
  meter: Meter,
  source: HeuristicSource,
): Outcome {
  if (meter.evaluationsLeft < LEAST_DIVIDED) return searchOnce(space, config, meter, source);
  meter.first(Math.ceil(meter.evaluationsLeft / 2));
  const { bytes } = meter;
  const outcome = searchOnce(space, config, meter, source);
  if (!meter.goOn() || outcome.kind !== 'stopped') return outcome;
  // The tables of the first search are let go of before the second one fills its own.
  meter.hold(bytes - meter.bytes);
  const order = shuffled(space.task.operators.length, randomSource(`order ${config.seed}`));
  const other = new StateSpace({ ...space.task, operators: order.map((o) => space.task.operators[o]!) });
  const again = searchOnce(other, config, meter, { ...source, task: other.task });
  return again.kind === 'found' ? { kind: 'found', plan: again.plan.map((o) => order[o]!) } : again;
}

function shuffled(count: number, random: RandomSource): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * Lazy greedy search with all heuristics, and beside it an eager one with FF alone, which finds its way where a wrong
 * step cannot be undone and a parent's estimate says too little about its children.
 */
function searchOnce(space: StateSpace, config: SearchConfig, meter: Meter, source: HeuristicSource): Outcome {
  const heuristics = chooseHeuristics(config.heuristics, 'steps', source);
  const lazy = new LazyGreedy(space, meter, {
    heuristics,
    preferred: config.preferred,
    random: randomSource(config.seed),
  });
  const runners: Runner[] = [{ run: (until) => lazy.run(until), share: LAZY_SHARE }];
  if (config.heuristics.includes('ff')) {
    const options = {
      heuristics: chooseHeuristics(['ff'], 'costs-and-steps', source),
      weight: GREEDY_WEIGHT,
      costs: operatorCosts(space.task, 'costs-and-steps'),
    };
    const eager = new BestFirst(space, meter, options);
    runners.push({ run: (until) => eager.run(until), share: EAGER_SHARE });
  }
  return alternate(meter, runners);
}
