import { holds } from '../engines/states/numbers.js';
import { isTrue } from '../engines/states/state-space.js';
import type { Task } from '../ground/task/task.js';
import type { Heuristic, StateView } from './heuristic.js';

/** How many goals do not hold yet. */
export class GoalCount implements Heuristic {
  readonly name = 'goal-count';
  readonly admissible = false;
  readonly #task: Task;

  constructor(task: Task) {
    this.#task = task;
  }

  evaluate(state: StateView): number {
    let open = 0;
    for (const fact of this.#task.goal) if (!isTrue(state.words, fact)) open++;
    for (const condition of this.#task.goalNumeric) if (!holds(condition, state.numbers)) open++;
    return open;
  }

  preferred(): void {}
}
