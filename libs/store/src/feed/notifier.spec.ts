import * as fc from 'fast-check';
import { formatMessages, parseMessage } from './notifier.js';

describe('formatMessages', () => {
  it('says every run once, in messages that Postgres takes', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^r-[0-9a-z]{1,40}$/), { maxLength: 600 });
    fc.assert(
      fc.property(ids, (runs) => {
        const messages = formatMessages('me', runs);
        expect(messages.flatMap((m) => parseMessage(m).runs)).toEqual(runs);
        expect(messages.every((m) => parseMessage(m).sender === 'me' && Buffer.byteLength(m) < 8000)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
