import { useEffect, useState } from 'react';
import type { Overview } from '../../../src/api.js';
import { ask, type RequestFailed } from '../api/client.js';
import { newsStore } from '../state/news.js';
import { useNow } from '../state/clock.js';
import { useStore } from '../state/store.js';
import { timeOfDay } from '../model/words.js';
import { Icon } from '../ui/icon.js';
import { Message } from '../ui/message.js';

/** The overview comes every few seconds; after so long without one, something is wrong. */
const SILENT_AFTER_MS = 20_000;
const ASK_AGAIN_MS = 5_000;

/** Says when what is shown is no longer news, and why. */
export function Banner() {
  const { state, planner, heardAt } = useStore(newsStore);
  const now = useNow();
  const isSilent =
    state === 'reconnecting' ||
    planner === 'away' ||
    (state === 'live' && heardAt > 0 && now - heardAt > SILENT_AFTER_MS);
  const failure = useReason(isSilent);
  if (!isSilent || !failure) return null;
  return (
    <div className="banner" role="alert">
      <Icon name="warning" />
      <p>
        <Message value={failure.message} />{' '}
        {heardAt > 0 && <span className="quiet">What you see is from {timeOfDay(heardAt)}.</span>}
      </p>
    </div>
  );
}

function useReason(isSilent: boolean): RequestFailed | null {
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  useEffect(() => {
    setFailure(null);
    if (!isSilent) return;
    const look = (): void =>
      void ask<Overview>('/api/overview').then(
        () => setFailure(null),
        (thrown: unknown) => setFailure(thrown as RequestFailed),
      );
    look();
    const timer = setInterval(look, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isSilent]);
  return failure;
}
