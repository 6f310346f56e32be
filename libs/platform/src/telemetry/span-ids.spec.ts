import * as fc from 'fast-check';
import { makeRunId, makeSubgoalId } from '@praxis/core';
import {
  attemptSpan,
  isKept,
  planSpan,
  reflectSpan,
  runSpan,
  subgoalSpan,
  traceIdOf,
  type SpanRef,
} from './span-ids.js';

const run = fc.uint8Array({ minLength: 10, maxLength: 10 }).map(makeRunId);
const number = fc.integer({ min: 1, max: 200 });

function spansOf(id: string, numbers: readonly number[]): readonly SpanRef[] {
  const subgoals = numbers.flatMap((n) => numbers.map((m) => makeSubgoalId(id, `${n}.${m}`, m)));
  return [
    runSpan(id),
    ...numbers.map((n) => planSpan(id, n)),
    ...subgoals.flatMap((s) => [subgoalSpan(s), reflectSpan(s), ...numbers.map((n) => attemptSpan(s, n))]),
  ];
}

describe('span ids', () => {
  it('are the same in every process: a trace that was begun elsewhere is found again', () => {
    expect(runSpan('r-3f9k2m7q1c')).toEqual({
      run: 'r-3f9k2m7q1c',
      traceId: 'fa425357d2e680d3eb7812579fc80d83',
      spanId: '66849af828067a17',
      parentId: null,
    });
  });

  it('never meet within a run: attempt 1 at event 5 is not attempt 15', () => {
    fc.assert(
      fc.property(run, fc.uniqueArray(number, { minLength: 1, maxLength: 4 }), (id, numbers) => {
        const spans = spansOf(id, numbers);
        expect(new Set(spans.map((s) => s.spanId)).size).toBe(spans.length);
        expect(new Set(spans.map((s) => s.traceId))).toEqual(new Set([traceIdOf(id)]));
      }),
    );
  });

  it('are ids as OpenTelemetry wants them, and every parent is a durable span of the same run', () => {
    fc.assert(
      fc.property(run, number, (id, n) => {
        const known = new Set(spansOf(id, [n]).map((s) => s.spanId));
        for (const span of spansOf(id, [n])) {
          expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
          expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
          expect(span.parentId === null || known.has(span.parentId)).toBe(true);
        }
      }),
    );
  });
});

describe('isKept', () => {
  it('keeps all or nothing at the ends, and what a small share keeps a larger one keeps too', () => {
    fc.assert(
      fc.property(
        run,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, a, b) => {
          const trace = traceIdOf(id);
          expect(isKept(trace, 1)).toBe(true);
          expect(isKept(trace, 0)).toBe(false);
          if (isKept(trace, Math.min(a, b))) expect(isKept(trace, Math.max(a, b))).toBe(true);
        },
      ),
    );
  });

  it('keeps about the share that was asked for', () => {
    const ids = Array.from({ length: 2_000 }, (_, i) => traceIdOf(`r-${i}`));
    const kept = ids.filter((id) => isKept(id, 0.25)).length;
    expect(kept).toBeGreaterThan(400);
    expect(kept).toBeLessThan(600);
  });
});
