import * as fc from 'fast-check';
import { missingAt, tellFailure, tellFailures, type Success } from './failure-contrast.js';
import { makeFailure, type Failure } from './failure.js';
import { literalHolds, makeState } from '../values/state.js';

const put = (what: string, where: string): string => `(put ${what} ${where})`;
const failure = (facts: readonly string[], action = put('cup', 'chest')): Failure => ({
  action,
  code: 'not-applicable',
  facts: [...facts],
});
const success = (action: string, ...facts: readonly string[]): Success => ({ action, facts });

describe('missingAt', () => {
  it('names what held in every success of the skill and not at the failure, said of its own arguments', () => {
    const successes = [
      success(put('pan', 'cupboard'), '(holding pan)', '(open cupboard)', '(dry pan)'),
      success(put('jug', 'box'), '(holding jug)', '(open box)'),
    ];
    expect(missingAt(failure(['(holding cup)']), successes)).toEqual(['(open chest)']);
  });

  it('names what held in no success as something that may have to be false', () => {
    expect(missingAt(failure(['(holding cup)', '(wet cup)']), [success(put('pan', 'box'), '(holding pan)')])).toEqual([
      '(not (wet cup))',
    ]);
  });

  it('says nothing where there is nothing to compare with', () => {
    expect(missingAt(failure([]), [])).toBeNull();
    expect(missingAt(failure([]), [success('(take pan box)', '(open box)')])).toBeNull();
  });

  it('never names what was as it was in a success', () => {
    const facts = fc.uniqueArray(
      fc.constantFrom('(open chest)', '(holding cup)', '(dry cup)', '(in cup chest)', '(raining)'),
    );
    fc.assert(
      fc.property(facts, fc.array(facts, { minLength: 1, maxLength: 4 }), (failed, succeeded) => {
        const missing = missingAt(
          failure(failed),
          succeeded.map((f) => success(put('cup', 'chest'), ...f)),
        )!;
        for (const literal of missing) {
          expect(literalHolds(literal, makeState(failed))).toBe(false);
          expect(succeeded.every((f) => literalHolds(literal, makeState(f)))).toBe(true);
        }
      }),
    );
  });
});

describe('tellFailures', () => {
  const successes = [success(put('pan', 'box'), '(holding pan)', '(open box)')];
  const refused = failure(['(holding cup)']);

  it('says that nothing has changed by saying nothing, so that the failure still forbids', () => {
    expect(tellFailure(refused, { state: makeState(['(holding cup)', '(at ann hall)']), successes })).toEqual({
      ...refused,
      missing: ['(open chest)'],
    });
  });

  it('says what has changed about the arguments since, and of nothing else', () => {
    const { changed } = tellFailure(refused, { state: makeState(['(dry cup)', '(at ann hall)']), successes });
    expect(changed).toEqual({ added: ['(dry cup)'], removed: ['(holding cup)'] });
  });

  it('is no trap: once all that may have been missing is there, the failure is not told, and it is told again when that goes', () => {
    expect(tellFailures([refused], { state: makeState(['(holding cup)', '(open chest)']), successes })).toEqual([]);
    expect(tellFailures([refused], { state: makeState(['(open chest)']), successes })).toEqual([]);
    expect(tellFailures([refused], { state: makeState(['(holding cup)']), successes })).toHaveLength(1);
  });

  it('keeps a failure of which nobody knows what was missing', () => {
    const { facts } = makeFailure(
      { skill: 'put', args: { a: 'cup', b: 'chest' } },
      'not-applicable',
      makeState(['(holding cup)']),
    );
    expect(tellFailures([failure(facts)], { state: makeState([]), successes: [] })).toHaveLength(1);
  });
});
