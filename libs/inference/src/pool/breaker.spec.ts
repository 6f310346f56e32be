import * as fc from 'fast-check';
import { NodeTrouble, type TroubleKind } from '../node-trouble.js';
import { Breaker } from './breaker.js';

const trouble = (kind: TroubleKind, retryAfterMs?: number) =>
  new NodeTrouble(kind, kind, retryAfterMs === undefined ? {} : { retryAfterMs });

/** Fails so many calls in a row at time 0. */
function failing(times: number, breaker = new Breaker()): Breaker {
  for (let i = 0; i < times; i++) breaker.failed(trouble('broken'), 0, false, 0.5);
  return breaker;
}

describe('Breaker', () => {
  it('opens after three failures in a row, not after two with a success between (breaker.1)', () => {
    const breaker = failing(2);
    breaker.succeeded(false);
    failing(2, breaker);
    expect([breaker.isOpen, breaker.ruledOut(0)]).toEqual([false, null]);
    failing(1, breaker);
    expect(breaker.ruledOut(0)).toContain('it failed (broken)');
  });

  it('opens when half of the last calls failed (breaker.1)', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 5; i++) {
      breaker.succeeded(false);
      expect(breaker.isOpen).toBe(false);
      failing(1, breaker);
    }
    expect(breaker.isOpen).toBe(true);
  });

  it('lets one call through after its pause, and closes only when that one succeeds (breaker.3)', () => {
    const breaker = failing(3);
    expect(breaker.changesAt(0)).toBe(1_000);
    expect(breaker.ruledOut(999)).not.toBeNull();
    expect(breaker.ruledOut(1_000)).toBeNull();
    expect(breaker.took()).toBe(true);
    expect(breaker.ruledOut(1_000)).toContain('one call is trying');
    // A call that set out before the breaker opened.
    breaker.succeeded(false);
    expect(breaker.isOpen).toBe(true);
    breaker.succeeded(true);
    expect([breaker.isOpen, breaker.ruledOut(1_000)]).toEqual([false, null]);
  });

  // breaker.5
  it('says in the words of the node what people have to mend, and the same words for as long as it waits', () => {
    const breaker = new Breaker();
    breaker.failed(
      new NodeTrouble('no-model', 'Node gpu1 answered 404: model "foo" not found, try pulling it first'),
      0,
      false,
      0.5,
    );
    const why = breaker.ruledOut(0)!;
    expect(why).toBe(
      'it failed (no-model): Node gpu1 answered 404: model "foo" not found, try pulling it first; asked again within a minute',
    );
    expect(breaker.ruledOut(40_000)).toBe(why);
    expect(breaker.ruledOut(59_999)).toContain('within a second');
    expect(breaker.ruledOut(60_000)).toBeNull();
  });

  it('lets another call try when the one that did ended without saying anything (breaker.3)', () => {
    const breaker = failing(3);
    breaker.released(breaker.took());
    expect(breaker.ruledOut(1_000)).toBeNull();
  });

  it('pauses twice as long each time, up to a minute, and begins anew after a success (breaker.2)', () => {
    const breaker = failing(3);
    const pauses: number[] = [];
    let now = 0;
    for (let i = 0; i < 8; i++) {
      const until = breaker.changesAt(now)!;
      pauses.push(until - now);
      now = until;
      breaker.failed(trouble('timeout'), now, breaker.took(), 0.5);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    now = breaker.changesAt(now)!;
    breaker.succeeded(breaker.took());
    for (let i = 0; i < 3; i++) breaker.failed(trouble('broken'), now, false, 0.5);
    expect(breaker.changesAt(now)! - now).toBe(1_000);
  });

  it('rests as long as a busy node asks, or a short time that doubles, and counts it as no failure (breaker.4)', () => {
    const breaker = new Breaker();
    breaker.failed(trouble('busy', 7_000), 0, false, 0);
    expect([breaker.isOpen, breaker.changesAt(0)]).toEqual([false, 7_000]);
    const rests = [10_000, 20_000, 30_000].map((now) => {
      breaker.failed(trouble('busy'), now, false, 1);
      return breaker.changesAt(now)! - now;
    });
    expect(rests).toEqual([500, 1_000, 2_000]);
    expect(breaker.isOpen).toBe(false);
  });

  it('keeps away for a minute where the key is wrong or the model is missing (breaker.5)', () => {
    for (const kind of ['denied', 'no-model'] as const) {
      const breaker = new Breaker();
      breaker.failed(trouble(kind), 0, false, 0);
      expect([breaker.isOpen, breaker.changesAt(0)]).toEqual([true, 60_000]);
    }
  });

  it('always lets something through again in the end, whatever happened to it', () => {
    const step = fc.record({ kind: fc.constantFrom('take', 'ok', 'fail', 'busy', 'released'), wait: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const breaker = new Breaker();
        const underway: boolean[] = [];
        let now = 0;
        for (const { kind, wait } of steps) {
          now += wait;
          if (kind === 'take') {
            if (breaker.ruledOut(now) === null) underway.push(breaker.took());
          } else if (underway.length > 0) {
            const isTrial = underway.shift()!;
            if (kind === 'ok') breaker.succeeded(isTrial);
            else if (kind === 'released') breaker.released(isTrial);
            else breaker.failed(trouble(kind === 'busy' ? 'busy' : 'broken'), now, isTrial, 0.3);
          }
          // breaker.3: never two trials at a time.
          expect(underway.filter(Boolean).length).toBeLessThanOrEqual(1);
        }
        for (const isTrial of underway) breaker.released(isTrial);
        expect(breaker.ruledOut(now + 60_000 * 1.25)).toBeNull();
      }),
    );
  });
});
