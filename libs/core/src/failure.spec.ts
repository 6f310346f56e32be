import { makeFailure, relevantFacts } from './failure.js';
import { makeState } from './state.js';

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
    const failure = makeFailure({ skill: 'take', args: { what: 'cup', from: 'shelf', times: 2 } }, 'not-applicable', state);
    expect(failure).toEqual({ action: '(take cup shelf 2)', code: 'not-applicable', facts: ['(at cup shelf)', '(open shelf)', '(raining)'] });
  });
});
