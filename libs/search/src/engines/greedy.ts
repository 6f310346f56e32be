import { chooseHeuristics, type HeuristicSource } from '../heuristics/choose.js';
import { operatorCosts } from '../heuristics/operator-costs.js';
import type { SearchConfig } from '../request.js';
import { alternate, type Runner } from './alternate.js';
import { BestFirst } from './best-first.js';
import { LazyGreedy } from './lazy-greedy.js';
import type { Meter } from './meter.js';
import type { Outcome } from './outcome.js';
import { randomSource } from './random.js';
import type { StateSpace } from './state-space.js';

/** Evaluations of the lazy search and of the eager one in each round. */
const LAZY_SHARE = 3000;
const EAGER_SHARE = 1000;
/** Makes the estimate decide and the way so far break ties. */
const GREEDY_WEIGHT = 100_000;

/**
 * The satisficing search: lazy greedy search with all heuristics, and beside it an eager one with FF alone, which finds
 * its way where a wrong step cannot be undone and a parent's estimate says too little about its children.
 */
export function searchGreedily(space: StateSpace, config: SearchConfig, meter: Meter, source: HeuristicSource): Outcome {
  const heuristics = chooseHeuristics(config.heuristics, 'steps', source);
  const lazy = new LazyGreedy(space, meter, { heuristics, preferred: config.preferred, random: randomSource(config.seed) });
  const runners: Runner[] = [{ run: (until) => lazy.run(until), share: LAZY_SHARE }];
  if (config.heuristics.includes('ff')) {
    const options = { heuristics: chooseHeuristics(['ff'], 'costs-and-steps', source), weight: GREEDY_WEIGHT, costs: operatorCosts(space.task, 'costs-and-steps') };
    const eager = new BestFirst(space, meter, options);
    runners.push({ run: (until) => eager.run(until), share: EAGER_SHARE });
  }
  return alternate(meter, runners);
}
