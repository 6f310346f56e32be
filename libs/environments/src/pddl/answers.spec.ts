import { makeState, type WorldState } from '@praxis/core';
import * as fc from 'fast-check';
import { NO_ANSWERS, recall, record, type Answers } from './answers.js';

const states = fc.array(
  fc.record({ facts: fc.uniqueArray(fc.constantFrom('(a)', '(b)', '(c)', '(d)')), fuel: fc.option(fc.integer({ min: 0, max: 3 })) }).map(({ facts, fuel }): WorldState => makeState(facts, fuel === null ? {} : { '(fuel)': fuel })),
  { maxLength: 12 },
);

describe('the answers of a session', () => {
  it('come back as they were given, whatever the states between', () => {
    fc.assert(
      fc.property(states, (seen) => {
        let answers: Answers = NO_ANSWERS;
        for (const [i, state] of seen.entries()) answers = record(answers, `k${i}`, { ok: true, message: `${i}` }, state);
        for (const [i, state] of seen.entries()) expect(recall(answers, `k${i}`)).toEqual({ result: { ok: true, message: `${i}` }, state });
        expect(recall(answers, 'never')).toBeNull();
      }),
    );
  });

  it('do not grow for ever', () => {
    let answers: Answers = NO_ANSWERS;
    for (let i = 0; i < 300; i++) answers = record(answers, `k${i}`, { ok: true, message: '' }, makeState([`(n ${i})`]));
    expect(answers.list).toHaveLength(256);
    expect(recall(answers, 'k0')).toBeNull();
    expect(recall(answers, 'k44')?.state).toEqual(makeState(['(n 44)']));
  });
});
