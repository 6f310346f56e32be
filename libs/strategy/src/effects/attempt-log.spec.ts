import * as fc from 'fast-check';
import { EMPTY_CHANGE, type Action, type StepEvent } from '@praxis/core';
import { AttemptLog } from './attempt-log.js';

const PAY: Action = { skill: 'pay', args: { invoice: 'i-1' } };
const change = { added: [], removed: [], numbers: {} };
const decided = (key?: string): StepEvent => ({
  type: 'decided',
  id: 'e0',
  step: 0,
  action: PAY,
  why: '',
  origin: 'policy',
  taint: [],
  ...(key !== undefined && { key }),
});
const tried = (key: string): StepEvent => ({ type: 'tried', id: 'e0', step: 0, key, effect: 'irreversible' });
const seen = (result: Extract<StepEvent, { type: 'observed' }>['result']): StepEvent => ({
  type: 'observed',
  id: 'e0',
  step: 0,
  result,
  change,
});
const done = seen({ ok: true, message: '' });

/** A stream that left a key in doubt, one that settled it, and one that was done under a key of its own. */
const LOST = [decided(), tried('k-1')];
const SETTLED = [decided('k-1'), tried('k-1'), done];
const SAID = [decided('k-1'), done];
const OTHER = [decided(), tried('k-2'), done];

function logOf(streams: readonly (readonly StepEvent[])[]): AttemptLog {
  const log = new AttemptLog();
  for (const stream of streams) {
    for (const event of stream) log.see(event, 1);
    log.endStream();
  }
  return log;
}

describe('the attempts of a run', () => {
  // attempt-log.3, attempt-log.2
  it('leave a key in doubt until an outcome under that very key is known, in whatever order the streams are read', () => {
    expect(EMPTY_CHANGE).toEqual(change);
    fc.assert(
      fc.property(fc.shuffledSubarray([LOST, SETTLED, SAID, OTHER], { minLength: 1 }), (streams) => {
        const isSettled = !streams.includes(LOST) || streams.includes(SETTLED) || streams.includes(SAID);
        expect(logOf(streams).of(PAY).doubt).toBe(isSettled ? null : 'k-1');
      }),
    );
  });

  it('take over what another log knows of keys, and nothing else (attempt-log.2)', () => {
    const log = logOf([
      LOST,
      [decided('k-1'), tried('k-1'), seen({ ok: false, code: 'unknown-outcome', message: '' })],
    ]);
    expect(log.isInDoubt).toBe(true);
    log.settleBy(logOf([OTHER]));
    expect(log.of(PAY)).toMatchObject({ doubt: 'k-1', failures: 1 });
    log.settleBy(logOf([SETTLED]));
    expect(log.of(PAY)).toMatchObject({ doubt: null, failures: 1 });
    expect(log.isInDoubt).toBe(false);
  });

  it('are counted in a row: a success starts the count again (attempt-log.1)', () => {
    const failed = [decided(), tried('k-1'), seen({ ok: false, code: 'effect-mismatch', message: '' })];
    expect(logOf([failed, failed]).of(PAY).failures).toBe(2);
    expect(logOf([failed, failed, OTHER]).of(PAY).failures).toBe(0);
    expect(logOf([failed, failed, OTHER, failed]).of(PAY).failures).toBe(1);
  });

  it('count no stale decision as a failure', () => {
    expect(logOf([[decided(), tried('k-1'), seen({ ok: false, code: 'stale', message: '' })]]).of(PAY)).toMatchObject({
      failures: 0,
      doubt: null,
    });
  });
});
