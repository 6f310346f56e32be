import * as fc from 'fast-check';
import {
  makeRunId,
  makeSubgoalId,
  parseSubgoalId,
  planningStream,
  runOfStream,
  runStream,
  subgoalStream,
} from './ids.js';

const run = fc.uint8Array({ minLength: 10, maxLength: 32 }).map(makeRunId);
const node = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 300 }))
  .map(([version, number]) => `${version}.${number}`);
const attempt = fc.integer({ min: 1, max: 99 });

describe('makeRunId', () => {
  it('depends on the bytes alone and can be typed by a person', () => {
    fc.assert(fc.property(run, (id) => expect(id).toMatch(/^r-[0-9a-hjkmnp-z]{10}$/)));
    expect(makeRunId(new Uint8Array(10))).toBe('r-0000000000');
    expect(makeRunId(Uint8Array.from({ length: 10 }, () => 255))).toBe('r-zzzzzzzzzz');
  });
});

describe('parseSubgoalId', () => {
  it('takes apart what makeSubgoalId put together', () => {
    fc.assert(
      fc.property(run, node, attempt, (r, n, a) =>
        expect(parseSubgoalId(makeSubgoalId(r, n, a))).toEqual({ run: r, node: n, attempt: a }),
      ),
    );
  });

  it.each([
    '',
    'r-1',
    'r-1.1.1',
    'r-1.1.1.1.1',
    '1.1.1',
    'r-1.a.1.1',
    ' r-1.1.1.1',
    'r-1.1.1.1\n',
    'subgoal/r-1.1.1.1',
  ])('refuses %j', (id) => {
    expect(parseSubgoalId(id)).toBeNull();
  });
});

describe('runOfStream', () => {
  it('finds the run of every kind of stream', () => {
    fc.assert(
      fc.property(run, node, attempt, (r, n, a) => {
        for (const stream of [runStream(r), subgoalStream(makeSubgoalId(r, n, a)), planningStream(r, a)])
          expect(runOfStream(stream)).toBe(r);
      }),
    );
  });
});
