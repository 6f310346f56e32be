import type { Heuristic, StateView } from './heuristic.js';
import { RelaxedCosts } from './relaxed-costs.js';
import type { Relaxation } from './relaxation.js';

/** h_max: the cost of the dearest goal fact, where each action costs what its dearest precondition does; admissible. */
export class Max implements Heuristic {
  readonly name = 'max';
  readonly admissible = true;
  readonly #costs: RelaxedCosts;

  constructor(relaxation: Relaxation) {
    this.#costs = new RelaxedCosts(relaxation, 'max');
  }

  evaluate(state: StateView): number {
    return this.#costs.run(state);
  }

  preferred(): void {}
}
