import * as fc from 'fast-check';
import {
  actionText,
  makeState,
  sameForAction,
  sameState,
  stateDigest,
  type Action,
  type FailureCode,
  type Observation,
} from '@praxis/core';
import { MOST_STALE, decidedOn, judgeObservation, judgeRefusal } from './staleness.js';

const take: Action = { skill: 'take', args: { what: 'cup', from: 'shelf' } };
const states = fc
  .uniqueArray(fc.constantFrom('(on cup shelf)', '(open shelf)', '(at bob hall)', '(dark)'))
  .map((facts) => makeState(facts));
const pasts = fc
  .array(fc.constantFrom(actionText(take), '(wave)'), { maxLength: 4 })
  .map((actions) => ({ actions, most: MOST_STALE }));
const looks = (): Promise<null> => Promise.resolve(null);
const refusal = (code: FailureCode, state: Observation['state']): Observation => ({
  result: { ok: false, code, message: 'no' },
  state,
});

describe('judgeRefusal', () => {
  it('never takes a refusal in the believed state for stale (staleness.2)', () => {
    fc.assert(
      fc.property(states, pasts, (state, soFar) =>
        expect(judgeRefusal(take, { believed: state, at: makeState([...state.facts].reverse()), soFar })).toBe(
          'refused',
        ),
      ),
    );
  });

  it('does not let others hide a rule for ever by what they do elsewhere (staleness.3)', () => {
    const believed = makeState(['(on cup shelf)']);
    const elsewhere = makeState(['(on cup shelf)', '(at bob hall)']);
    const gone = makeState(['(at bob hall)']);
    const again = { actions: [actionText(take)], most: MOST_STALE };
    expect(judgeRefusal(take, { believed, at: elsewhere, soFar: { actions: [], most: MOST_STALE } })).toBe('stale');
    expect(judgeRefusal(take, { believed, at: elsewhere, soFar: again })).toBe('refused');
    expect(judgeRefusal(take, { believed, at: gone, soFar: again })).toBe('stale');
  });

  it('comes to an end, however others change the world (staleness.4)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(states, states), { minLength: MOST_STALE + 1, maxLength: 12 }), (turns) => {
        let actions: string[] = [];
        for (const [believed, at] of turns) {
          const verdict = judgeRefusal(take, { believed, at, soFar: { actions, most: MOST_STALE } });
          actions = verdict === 'stale' ? [...actions, actionText(take)] : [];
          expect(actions.length).toBeLessThanOrEqual(MOST_STALE);
        }
      }),
    );
  });

  it('takes nothing for stale where the stream was begun before decisions could be (S9)', () => {
    fc.assert(
      fc.property(states, states, (believed, at) =>
        expect(judgeRefusal(take, { believed, at, soFar: { actions: [], most: 0 } })).toBe('refused'),
      ),
    );
  });

  it('is about the whole state the first time, and about the arguments after that', () => {
    fc.assert(
      fc.property(states, states, pasts, (believed, at, soFar) => {
        const isOpen = soFar.actions.length < soFar.most && !sameState(believed, at);
        const isConfirmed = soFar.actions.includes(actionText(take)) && sameForAction(take, believed, at);
        expect(judgeRefusal(take, { believed, at, soFar })).toBe(isOpen && !isConfirmed ? 'stale' : 'refused');
      }),
    );
  });
});

describe('judgeObservation', () => {
  const believed = makeState(['(on cup shelf)']);
  const soFar = { actions: [], most: MOST_STALE };

  it('never takes a refusal that lasts for stale, whatever others have changed (staleness.6)', async () => {
    await fc.assert(
      fc.asyncProperty(
        states,
        states,
        pasts,
        fc.constantFrom<FailureCode>('not-applicable', 'denied', 'world-error'),
        async (was, at, past, code) => {
          const seen: Observation = { result: { ok: false, code, message: 'no', permanent: true }, state: null };
          const judged = await judgeObservation(take, seen, {
            believed: was,
            soFar: past,
            look: () => Promise.resolve(at),
          });
          expect(judged.result).toEqual(seen.result);
        },
      ),
    );
  });

  it('leaves alone whatever is no refusal (staleness.1)', async () => {
    const done: Observation = { result: { ok: true, message: '' }, state: makeState([]) };
    for (const seen of [
      done,
      refusal('timeout', makeState([])),
      refusal('effect-mismatch', makeState([])),
      refusal('invalid-args', null),
    ]) {
      expect(await judgeObservation(take, seen, { believed, soFar, look: looks })).toBe(seen);
    }
  });

  it('looks at a world that does not show its state, and judges by that', async () => {
    const look = (): Promise<ReturnType<typeof makeState>> => Promise.resolve(makeState([]));
    expect(await judgeObservation(take, refusal('not-applicable', null), { believed, soFar, look })).toMatchObject({
      state: makeState([]),
      result: { code: 'stale' },
    });
    expect(
      await judgeObservation(take, refusal('not-applicable', null), { believed, soFar, look: looks }),
    ).toMatchObject({ state: null, result: { code: 'not-applicable' } });
  });

  it('overrules a world that takes a decision for stale where none may be (staleness.4)', async () => {
    const spent = { actions: ['(a)', '(b)', '(c)'], most: MOST_STALE };
    expect(
      (await judgeObservation(take, refusal('stale', makeState([])), { believed, soFar: spent, look: looks })).result,
    ).toMatchObject({ code: 'not-applicable' });
    expect(
      (await judgeObservation(take, refusal('stale', makeState([])), { believed, soFar, look: looks })).result,
    ).toMatchObject({ code: 'stale', message: 'no' });
  });
});

describe('decidedOn', () => {
  it('names the believed state, and nothing where the refusal is to count', () => {
    const believed = makeState(['(b)', '(a)']);
    expect(decidedOn(take, believed, { actions: [], most: MOST_STALE })).toBe(stateDigest(makeState(['(a)', '(b)'])));
    expect(decidedOn(take, believed, { actions: [actionText(take)], most: MOST_STALE })).toBeUndefined();
    expect(decidedOn(take, believed, { actions: [], most: 0 })).toBeUndefined();
  });
});
