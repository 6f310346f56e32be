import type { Heuristic } from './heuristic.js';

/** Knows nothing: every state looks alike. */
export class Blind implements Heuristic {
  readonly name = 'blind';
  readonly admissible = true;

  evaluate(): number {
    return 0;
  }

  preferred(): void {}
}
