import * as fc from 'fast-check';
import { isFailed, isStale, ownChange, stateAt, type ActionResult, type Seen } from './observation.js';
import { applyChange, diffStates, isNoChange, makeState } from '../values/state.js';

const ok: ActionResult = { ok: true, message: '' };
const no = (code: 'not-applicable' | 'stale' | 'timeout'): ActionResult => ({ ok: false, code, message: '' });
const states = fc.uniqueArray(fc.constantFrom('(a)', '(b)', '(c)', '(d)')).map((facts) => makeState(facts));

describe('an observation', () => {
  it('leaves an action only what it did itself, and gives the state in which it was judged, whatever others do in between', () => {
    fc.assert(
      fc.property(states, states, states, (believed, at, after) => {
        const seen: Seen = { result: ok, change: diffStates(believed, after), others: diffStates(believed, at) };
        expect(stateAt(believed, seen)).toEqual(at);
        expect(applyChange(at, ownChange(believed, seen))).toEqual(after);
      }),
    );
  });

  it('blames a refused action for nothing: all that changed was there when the world refused', () => {
    fc.assert(
      fc.property(
        states,
        states,
        fc.constantFrom('not-applicable' as const, 'stale' as const),
        (believed, at, code) => {
          const seen: Seen = { result: no(code), change: diffStates(believed, at) };
          expect(stateAt(believed, seen)).toEqual(at);
          expect(isNoChange(ownChange(believed, seen))).toBe(true);
        },
      ),
    );
  });

  it('takes the whole change for the action where the world does not say what was before', () => {
    const change = { added: ['(a)'], removed: [], numbers: {} };
    expect(ownChange(makeState([]), { result: ok, change })).toBe(change);
    expect(stateAt(makeState([]), { result: ok, change })).toEqual(makeState([]));
  });

  it('takes a stale decision neither for a success nor for a failure', () => {
    expect([ok, no('stale'), no('timeout')].map((r) => [isStale(r), isFailed(r)])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });
});
