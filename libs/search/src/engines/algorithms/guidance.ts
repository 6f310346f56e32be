import type { Heuristic, StateView } from '../../heuristics/heuristic.js';

/** Evaluates states with several heuristics and notices progress. */
export class Guidance {
  readonly heuristics: readonly Heuristic[];
  /** What each heuristic said of the state evaluated last. */
  readonly estimates: number[];
  readonly #best: number[];
  /** Evaluations since any estimate was last lower than ever before. */
  sinceProgress = 0;

  constructor(heuristics: readonly Heuristic[]) {
    this.heuristics = heuristics;
    this.estimates = heuristics.map(() => Infinity);
    this.#best = heuristics.map(() => Infinity);
  }

  /** How the state is judged; `dead` where the goal is proved to be out of its reach. */
  judge(state: StateView): 'dead' | 'progress' | 'plain' {
    let isProgress = false;
    for (const [i, heuristic] of this.heuristics.entries()) {
      const estimate = heuristic.evaluate(state);
      if (estimate === Infinity) return 'dead';
      this.estimates[i] = estimate;
      if (estimate >= this.#best[i]!) continue;
      this.#best[i] = estimate;
      isProgress = true;
    }
    this.sinceProgress = isProgress ? 0 : this.sinceProgress + 1;
    return isProgress ? 'progress' : 'plain';
  }
}
