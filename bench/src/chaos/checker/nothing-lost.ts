import { only, subgoalsOf, type History } from '../history.js';
import type { Law } from './law.js';

/**
 * Nothing that somebody was told of is lost: events that a client saw, effects that the journal calls done, deeds of a
 * goal that is done.
 */
export const nothingLost: Law = {
  name: 'no acknowledged step is lost',
  check: (history) => [...lostEvents(history), ...lostEffects(history), ...lostDeeds(history)],
};

function* lostEvents({ told, streams }: History): Iterable<string> {
  for (const { stream, position, type } of told) {
    const found = streams.get(stream)?.[position]?.event.type;
    if (found !== type)
      yield `a client was told of ${type} at ${stream}#${String(position)}, and the journal has ${found ?? 'nothing'} there`;
  }
}

/** What is observed as done has been done. */
function* lostEffects(history: History): Iterable<string> {
  for (const [subgoal, events] of subgoalsOf(history)) {
    const decided = new Map(only(events, 'decided').map((d) => [d.step, d.action]));
    for (const { step, result } of only(events, 'observed')) {
      const action = decided.get(step);
      if (!action || !result.ok) continue;
      const item = action.args['i'];
      if (!history.arrivals.some((a) => a.deed === action.skill && a.item === item))
        yield `step ${String(step)} of ${subgoal} is observed as done, and nobody was asked to ${action.skill} ${String(item)}`;
    }
  }
}

function* lostDeeds({ streams, run, wanted, arrivals }: History): Iterable<string> {
  const isDone = streams.get(`run/${run}`)?.some(({ event }) => event.type === 'ended' && event.outcome === 'done');
  if (!isDone) return;
  for (const { deed, item } of wanted)
    if (!arrivals.some((a) => a.applied && a.deed === deed && a.item === item))
      yield `the goal is done, and ${deed} ${item} never happened`;
}
