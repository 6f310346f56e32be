import { getEventListeners } from 'node:events';
import { AsyncNotifier } from './async-notifier.js';

const never = new AbortController().signal;

describe('Bell', () => {
  it('keeps a ring that came while nobody was waiting', async () => {
    const notifier = new AsyncNotifier();
    notifier.ring();
    await notifier.heard(60_000, never);
  });

  it('wakes whoever waits', async () => {
    const notifier = new AsyncNotifier();
    setImmediate(() => notifier.ring());
    await notifier.heard(60_000, never);
  });

  it('stops waiting when the signal aborts, also when it had aborted before', async () => {
    const notifier = new AsyncNotifier();
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await notifier.heard(60_000, stop.signal);
    await notifier.heard(60_000, stop.signal);
  });

  it('leaves nothing on a signal that lives on', async () => {
    const notifier = new AsyncNotifier();
    const { signal } = new AbortController();
    for (let n = 0; n < 3; n++) {
      setImmediate(() => notifier.ring());
      await notifier.heard(60_000, signal);
      await notifier.heard(0, signal);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
