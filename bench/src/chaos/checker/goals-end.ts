import { only, runOf } from '../history.js';
import type { Law } from './law.js';

/** Every goal is taken in the end; every one that was taken ends, and one that can be reached is reached. */
export const goalsEnd: Law = {
  name: 'every acknowledged goal ends',
  check(history) {
    if (!history.wasTaken) return ['the planner never took the goal'];
    const events = runOf(history);
    if (events.length === 0) return ['the goal was acknowledged and is not in the journal'];
    const [ended] = only(events, 'ended');
    if (!ended) return [`the run has not ended; its last event is ${events.at(-1)!.event.type}`];
    return ended.outcome === 'done' ? [] : [`a goal that can be reached ended as ${ended.outcome}: ${ended.reason}`];
  },
};
