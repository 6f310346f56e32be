import { useEffect, useState } from 'react';
import type { WatchedEvent } from '../../../src/api.js';
import { listen, type LiveState } from '../api/live.js';
import { applyEvents, newRunModel, type RunModel } from '../model/run-model.js';

/** A run as its events tell it so far. */
export interface RunStream {
  readonly model: RunModel;
  readonly state: LiveState;
}

/**
 * Follows a run that is there. After a break everything is sent again, so what was known is shown until the first batch
 * replaces it.
 */
export function useRunStream(id: string): RunStream {
  const [stream, setStream] = useState<RunStream>({ model: newRunModel(id), state: 'connecting' });
  useEffect(() => {
    let isAnew = true;
    return listen(`/api/runs/${encodeURIComponent(id)}/events`, {
      on: {
        events: (data) => {
          const begin = isAnew ? newRunModel(id) : null;
          isAnew = false;
          setStream(({ model, state }) => ({
            state,
            model: applyEvents(begin ?? model, data as readonly WatchedEvent[]),
          }));
        },
      },
      last: 'end',
      onOpen: () => (isAnew = true),
      onState: (state) => setStream((before) => ({ ...before, state })),
    });
  }, [id]);
  return stream;
}
