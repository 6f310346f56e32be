import { useCallback, useEffect, useState } from 'react';
import { ask, RequestFailed } from '../api/client.js';

/** A question to the server and what came of it. */
export interface Answer<T> {
  /** What was answered last, perhaps to the question before this one. */
  readonly data: T | null;
  readonly failure: RequestFailed | null;
  /** False while the data is not yet the answer to this question. */
  readonly isFresh: boolean;
  readonly reload: () => void;
}

/** Asks, and asks again when the path changes or `reload` is called. */
export function useAnswer<T>(path: string): Answer<T> {
  const [answer, setAnswer] = useState<{ path: string; data: T | null; failure: RequestFailed | null }>({
    path: '',
    data: null,
    failure: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stopping = new AbortController();
    ask<T>(path, { signal: stopping.signal }).then(
      (data) => setAnswer({ path, data, failure: null }),
      (thrown: unknown) => {
        if (stopping.signal.aborted) return;
        const failure = thrown instanceof RequestFailed ? thrown : new RequestFailed('bug', String(thrown));
        setAnswer((before) => ({ path, data: before.path === path ? before.data : null, failure }));
      },
    );
    return () => stopping.abort();
  }, [path, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  return { data: answer.data, failure: answer.failure, isFresh: answer.path === path, reload };
}
