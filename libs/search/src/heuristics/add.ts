import type { Heuristic, StateView } from './heuristic.js';
import { RelaxedCosts } from './relaxed-costs.js';
import type { Relaxation } from './relaxation.js';

/** h_add: the goal facts' costs summed up, as if nothing one action does ever helped twice. */
export class Add implements Heuristic {
  readonly name = 'add';
  readonly admissible = false;
  readonly #costs: RelaxedCosts;

  constructor(relaxation: Relaxation) {
    this.#costs = new RelaxedCosts(relaxation, 'sum');
  }

  evaluate(state: StateView): number {
    return this.#costs.run(state);
  }

  preferred(): void {}
}
