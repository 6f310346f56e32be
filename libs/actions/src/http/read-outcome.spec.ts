import { readOutcome, type Terms } from './read-outcome.js';

const answered = (status: number, more: { text?: string; isWhole?: boolean; retryAfterMs?: number } = {}) => ({ kind: 'answered', status, text: '', isWhole: true, retryAfterMs: null, ...more }) as const;
const pure: Terms = { pure: true, keyed: false, doubted: false };
const keyed: Terms = { pure: false, keyed: true, doubted: false };
const plain: Terms = { pure: false, keyed: false, doubted: false };

describe('readOutcome', () => {
  it.each([
    [400, 'invalid-args'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'not-applicable'],
    [405, 'world-error'],
    [409, 'not-applicable'],
    [412, 'not-applicable'],
    [422, 'not-applicable'],
    [429, 'unavailable'],
    [501, 'world-error'],
    [503, 'unavailable'],
  ])('takes %i as %s: it was not done', (status, code) => {
    for (const terms of [pure, keyed, plain]) expect(readOutcome(answered(status, { text: 'why' }), terms)).toMatchObject({ code, isDoubtful: false, message: `answered ${status}: why` });
  });

  it('does not know whether a server that broke down had done it, unless it honours keys', () => {
    expect(readOutcome(answered(500), plain)).toMatchObject({ code: 'world-error', isDoubtful: true, again: false });
    expect(readOutcome(answered(500), keyed)).toMatchObject({ code: 'world-error', isDoubtful: false, settles: true });
  });

  it('does not believe a go-between that it was not done, even where keys are honoured', () => {
    for (const status of [502, 504]) for (const terms of [keyed, plain]) expect(readOutcome(answered(status), terms)).toMatchObject({ isDoubtful: true, again: true });
  });

  it('does not take its own repetition for a refusal', () => {
    expect(readOutcome(answered(409), { ...keyed, doubted: true })).toMatchObject({ code: 'unavailable', isDoubtful: true, again: true });
    expect(readOutcome(answered(409, { retryAfterMs: 0 }), keyed)).toMatchObject({ code: 'unavailable', again: true });
    expect(readOutcome(answered(409, { retryAfterMs: 0 }), plain)).toMatchObject({ code: 'not-applicable', again: false });
  });

  it('takes a redirect for done by nobody where its status says so, and for doubtful otherwise', () => {
    expect(readOutcome(answered(307), plain)).toMatchObject({ code: 'world-error', isDoubtful: false, message: expect.stringContaining('declare the address') });
    expect(readOutcome(answered(303), plain)).toMatchObject({ code: 'world-error', isDoubtful: true });
  });

  it('is content with a confirmation that broke off, but not with half of what was asked for', () => {
    expect(readOutcome(answered(200, { text: 'pai', isWhole: false }), plain)).toMatchObject({ code: 'ok', message: 'pai' });
    expect(readOutcome(answered(200, { text: 'pai', isWhole: false }), pure)).toMatchObject({ code: 'unavailable', again: true });
    expect(readOutcome(answered(204), plain)).toMatchObject({ code: 'ok', message: 'done' });
  });

  it('tells nobody there from no answer', () => {
    expect(readOutcome({ kind: 'unreached', why: 'ECONNREFUSED' }, plain)).toMatchObject({ code: 'unavailable', isDoubtful: false });
    expect(readOutcome({ kind: 'lost', isLate: false, why: 'it broke' }, plain)).toMatchObject({ code: 'unavailable', isDoubtful: true });
    expect(readOutcome({ kind: 'lost', isLate: true, why: 'it is late' }, plain)).toMatchObject({ code: 'timeout', isDoubtful: true });
    expect(readOutcome({ kind: 'cancelled', wasSent: false }, plain)).toMatchObject({ code: 'cancelled', isDoubtful: false, again: false });
    expect(readOutcome({ kind: 'cancelled', wasSent: true }, plain)).toMatchObject({ code: 'cancelled', isDoubtful: true, again: false });
  });
});
