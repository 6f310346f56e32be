import { makeState, type WorldState } from '@praxis/core';
import * as fc from 'fast-check';
import { NO_ANSWERS, recall, record, type Answers } from './answers.js';

const state = fc
  .record({
    facts: fc.uniqueArray(fc.constantFrom('(a)', '(b)', '(c)', '(d)')),
    fuel: fc.option(fc.integer({ min: 0, max: 3 })),
  })
  .map(({ facts, fuel }): WorldState => makeState(facts, fuel === null ? {} : { '(fuel)': fuel }));
const answers = fc.array(fc.record({ state, before: fc.option(state, { nil: undefined }) }), { maxLength: 12 });

describe('the answers of a session', () => {
  it('come back as they were given, whatever the states between', () => {
    fc.assert(
      fc.property(answers, (seen) => {
        const given = seen.map(({ state, before }, i) => ({
          result: { ok: true as const, message: `${i}` },
          state,
          ...(before && { before }),
        }));
        let kept: Answers = NO_ANSWERS;
        for (const [i, answer] of given.entries()) kept = record(kept, `k${i}`, answer);
        for (const [i, answer] of given.entries()) expect(recall(kept, `k${i}`)).toEqual(answer);
        expect(recall(kept, 'never')).toBeNull();
      }),
    );
  });

  it('keep a stale refusal in a way that an older release can read', () => {
    const stale = {
      result: { ok: false as const, code: 'stale' as const, message: 'too late' },
      state: makeState(['(a)']),
    };
    const kept = record(NO_ANSWERS, 'k', stale);
    expect(recall(kept, 'k')).toEqual(stale);
    expect(kept.list[0]!.result).toMatchObject({ code: 'not-applicable' });
  });

  it('do not grow for ever', () => {
    let kept: Answers = NO_ANSWERS;
    for (let i = 0; i < 300; i++)
      kept = record(kept, `k${i}`, { result: { ok: true, message: '' }, state: makeState([`(n ${i})`]) });
    expect(kept.list).toHaveLength(256);
    expect(recall(kept, 'k0')).toBeNull();
    expect(recall(kept, 'k44')?.state).toEqual(makeState(['(n 44)']));
  });
});
