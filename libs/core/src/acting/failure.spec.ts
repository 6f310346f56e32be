import { latestFailures, makeFailure, relevantFacts, sameForAction, type Failure } from './failure.js';
import { makeState } from '../values/state.js';

const state = makeState(['(at cup shelf)', '(at mug table)', '(open shelf)', '(raining)', '(next shelf table)']);

describe('relevantFacts', () => {
  it('keeps facts about these objects alone, and those about none', () => {
    expect(relevantFacts(state, ['cup', 'shelf'])).toEqual(['(at cup shelf)', '(open shelf)', '(raining)']);
    expect(relevantFacts(state, [])).toEqual(['(raining)']);
  });

  it('does not take a name for a part of a longer one', () => {
    expect(relevantFacts(makeState(['(at cup shelf2)', '(open cu)']), ['cup', 'shelf'])).toEqual([]);
  });
});

describe('makeFailure', () => {
  it('remembers the action and what was true of its arguments', () => {
    const failure = makeFailure(
      { skill: 'take', args: { what: 'cup', from: 'shelf', times: 2 } },
      'not-applicable',
      state,
    );
    expect(failure).toEqual({
      action: '(take cup shelf 2)',
      code: 'not-applicable',
      facts: ['(at cup shelf)', '(open shelf)', '(raining)'],
    });
  });
});

describe('sameForAction', () => {
  const take = { skill: 'take', args: { what: 'cup', from: 'shelf' } };

  it('looks at the facts about the arguments only: a battery that runs down voids no refusal', () => {
    expect(sameForAction(take, state, makeState([...state.facts, '(open table)'].reverse()))).toBe(true);
    expect(sameForAction(take, state, makeState([...state.facts, '(clean cup)']))).toBe(false);
    expect(sameForAction(take, state, makeState(state.facts, { '(load shelf)': 2 }))).toBe(true);
    expect(sameForAction(take, state, makeState(state.facts, { '(load table)': 2 }))).toBe(true);
  });
});

describe('latestFailures', () => {
  it('keeps each failure once, the latest of its kind', () => {
    const failed = (action: string, code: Failure['code'], ...facts: string[]): Failure => ({ action, code, facts });
    const all = [
      failed('(a)', 'effect-mismatch'),
      failed('(b)', 'not-applicable'),
      failed('(a)', 'not-applicable'),
      failed('(a)', 'not-applicable', '(x)'),
    ];
    expect(latestFailures(all)).toEqual(all.slice(1));
    expect(latestFailures([...all, ...all])).toEqual(latestFailures(all));
  });
});
