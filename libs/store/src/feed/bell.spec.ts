import { getEventListeners } from 'node:events';
import { Bell } from './bell.js';

const never = new AbortController().signal;

describe('Bell', () => {
  it('keeps a ring that came while nobody was waiting', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.heard(60_000, never);
  });

  it('wakes whoever waits', async () => {
    const bell = new Bell();
    setImmediate(() => bell.ring());
    await bell.heard(60_000, never);
  });

  it('stops waiting when the signal aborts, also when it had aborted before', async () => {
    const bell = new Bell();
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await bell.heard(60_000, stop.signal);
    await bell.heard(60_000, stop.signal);
  });

  it('leaves nothing on a signal that lives on', async () => {
    const bell = new Bell();
    const { signal } = new AbortController();
    for (let n = 0; n < 3; n++) {
      setImmediate(() => bell.ring());
      await bell.heard(60_000, signal);
      await bell.heard(0, signal);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
