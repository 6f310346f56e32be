import * as fc from 'fast-check';
import { readOutcome, type Terms } from './read-outcome.js';

const answered = (status: number, more: { text?: string; isWhole?: boolean; retryAfterMs?: number } = {}) =>
  ({ kind: 'answered', status, text: '', isWhole: true, retryAfterMs: null, ...more }) as const;
const pure: Terms = { pure: true, keyed: false, inDoubt: false };
const keyed: Terms = { pure: false, keyed: true, inDoubt: false };
const plain: Terms = { pure: false, keyed: false, inDoubt: false };
const all = [pure, keyed, plain];

/** The table of docs/skills.md. */
const PERMANENT = [
  [400, 'invalid-args'],
  [401, 'denied'],
  [402, 'world-error'],
  [403, 'denied'],
  [405, 'world-error'],
  [410, 'world-error'],
  [413, 'invalid-args'],
  [415, 'invalid-args'],
  [422, 'not-applicable'],
  [431, 'world-error'],
  [451, 'world-error'],
  [501, 'world-error'],
  [307, 'world-error'],
  [308, 'world-error'],
] as const;
const NOT_HERE = [404, 409, 412, 423, 424];
const LATER = [408, 425, 429];
const GATEWAY = [502, 503, 504];

describe('readOutcome', () => {
  it.each(PERMANENT)('takes %i for a refusal that lasts, and names it %s', (status, code) => {
    for (const terms of all)
      expect(readOutcome(answered(status), terms)).toMatchObject({
        code,
        isPermanent: true,
        isDoubtful: false,
        isOutage: false,
      });
  });

  it.each(NOT_HERE)('takes %i for a refusal in the state that things are in', (status) => {
    for (const terms of all)
      expect(readOutcome(answered(status, { text: 'why' }), terms)).toMatchObject({
        code: 'not-applicable',
        isPermanent: false,
        isDoubtful: false,
        message: `answered ${status}: why`,
      });
  });

  it.each(LATER)('takes %i for "not now": nothing was done', (status) => {
    for (const terms of all)
      expect(readOutcome(answered(status), terms)).toMatchObject({
        code: 'unavailable',
        isOutage: true,
        isDoubtful: false,
      });
  });

  it.each(GATEWAY)('does not believe a gateway that says %i that nothing was done', (status) => {
    for (const terms of all)
      expect(readOutcome(answered(status), terms)).toMatchObject({ isOutage: true, isDoubtful: true });
  });

  it('believes a 503 that says when to come back', () => {
    for (const terms of all)
      expect(readOutcome(answered(503, { retryAfterMs: 0 }), terms)).toMatchObject({
        isOutage: true,
        isDoubtful: false,
      });
  });

  it('knows nothing after any other 5xx, 3xx, 1xx, 499 or number that HTTP does not have, whether or not keys are honoured', () => {
    const known = new Set([...PERMANENT.map(([s]) => s as number), ...LATER, ...GATEWAY]);
    const odd = fc
      .oneof(
        fc.integer({ min: 500, max: 599 }),
        fc.integer({ min: 300, max: 399 }),
        fc.integer({ min: 100, max: 199 }),
        fc.integer({ min: 600, max: 999 }),
        fc.constant(499),
      )
      .filter((s) => !known.has(s));
    fc.assert(
      fc.property(odd, fc.constantFrom(keyed, plain), fc.boolean(), (status, terms, inDoubt) => {
        expect(readOutcome(answered(status), { ...terms, inDoubt })).toMatchObject({
          isDoubtful: true,
          isPermanent: false,
          isOutage: false,
        });
      }),
    );
  });

  it('does not take its own repetition for a refusal', () => {
    expect(readOutcome(answered(409), { ...keyed, inDoubt: true })).toMatchObject({
      code: 'unavailable',
      isDoubtful: true,
      isOutage: true,
    });
    expect(readOutcome(answered(409, { retryAfterMs: 0 }), keyed)).toMatchObject({
      code: 'unavailable',
      isOutage: true,
    });
    expect(readOutcome(answered(409, { retryAfterMs: 0 }), plain)).toMatchObject({
      code: 'not-applicable',
      isOutage: false,
    });
  });

  it('is not content with an answer that breaks off: a server may begin it before the work is done', () => {
    for (const terms of [keyed, plain])
      expect(readOutcome(answered(200, { text: 'pai', isWhole: false }), terms)).toMatchObject({
        isDoubtful: true,
        isOutage: false,
      });
    expect(readOutcome(answered(200, { text: 'pai', isWhole: false }), pure)).toMatchObject({
      code: 'unavailable',
      isOutage: true,
    });
    for (const status of [200, 201, 202, 204])
      expect(readOutcome(answered(status), plain)).toMatchObject({ code: 'ok', message: 'done', isDoubtful: false });
  });

  it('tells nobody there from no answer', () => {
    expect(readOutcome({ kind: 'unreached', isLate: false, why: 'ECONNREFUSED' }, plain)).toMatchObject({
      code: 'unavailable',
      isDoubtful: false,
      isOutage: true,
    });
    expect(readOutcome({ kind: 'lost', isLate: false, why: 'it broke' }, plain)).toMatchObject({
      code: 'unavailable',
      isDoubtful: true,
      isOutage: false,
    });
    expect(readOutcome({ kind: 'lost', isLate: true, why: 'it is late' }, keyed)).toMatchObject({
      code: 'timeout',
      isDoubtful: true,
      isOutage: false,
    });
    expect(readOutcome({ kind: 'lost', isLate: true, why: 'it is late' }, pure)).toMatchObject({
      code: 'timeout',
      isOutage: true,
    });
    expect(readOutcome({ kind: 'cancelled', wasSent: false }, plain)).toMatchObject({
      code: 'cancelled',
      isDoubtful: false,
    });
    expect(readOutcome({ kind: 'cancelled', wasSent: true }, plain)).toMatchObject({
      code: 'cancelled',
      isDoubtful: true,
    });
  });
});
