import type { LiveState } from '../api/live.js';
import { newsStore } from '../state/news.js';
import { useStore } from '../state/store.js';

const WORDS: Readonly<Record<LiveState, string>> = {
  connecting: 'connecting …',
  live: 'Live',
  reconnecting: 'reconnecting …',
  asleep: 'asleep',
  ended: 'ended',
};

/** Whether what is on the page is now. */
export function LiveMark() {
  const { state, planner } = useStore(newsStore);
  const isAway = state === 'live' && planner === 'away';
  return (
    <span className={`live live-${isAway ? 'reconnecting' : state}`} role="status">
      <span className="live-dot" />
      {isAway ? 'planner away' : WORDS[state]}
    </span>
  );
}
