import { fold, next, runEvents, runStream, stepEvents, subgoalStream, timeLimits, type NewEvent } from '@praxis/core';
import { randomHistory } from '@praxis/testing';
import * as fc from 'fast-check';
import { mergeById, mergeQuestionsById, project, type Projection, type TimedEvent } from './projection.js';
import type { RunRow } from './run-row.js';

const timed = (events: readonly NewEvent[], at: number): readonly TimedEvent[] =>
  events.map((event) => ({ event, at }));

/** Calls back with a made-up run after each of its events. */
function afterEach(
  seed: string,
  check: (row: RunRow, events: ReturnType<typeof randomHistory>['runEvents']) => void,
): void {
  const { run, runEvents: events } = randomHistory('r-fold', seed);
  let row: RunRow | null = null;
  events.forEach((event, i) => {
    row = project(runStream(run), timed([runEvents.encode(event)], 1000 + i), row).run!;
    check(row, events.slice(0, i + 1));
  });
}

describe('project', () => {
  it('agrees with the fold of the run, after every event', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        afterEach(seed, (row, events) => {
          const state = fold(events)!;
          const nodes = [...state.nodes.values()];
          expect(row).toMatchObject({
            title: state.goal.title,
            status: state.ended?.outcome ?? (state.paused !== null ? 'paused' : state.plan ? 'running' : 'waiting'),
            reason: state.ended?.reason ?? state.blocked ?? '',
            planVersion: state.plan?.version ?? 0,
            subgoals: nodes.length,
            subgoalsDone: nodes.filter((n) => n.status === 'done').length,
            steps: state.steps,
            failedSteps: state.failedSteps,
            replans: state.replans + state.localReplans,
            toolsUsed: state.toolsUsed,
            length: events.length,
          });
        });
      }),
    );
  });

  it('lets the sweep see every run that has something to do, and none that waits for people', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        afterEach(seed, (row, events) => {
          const state = fold(events)!;
          const isHeld =
            state.cancelling === null && (state.paused !== null || state.asked.some((q) => q.answer === null));
          if (next(state).length > 0) expect(row.moves).toBe(true);
          if (state.ended || isHeld) expect(row.moves).toBe(false);
        });
      }),
    );
  });

  it('knows when the time of a run is over, as the clock of the run does', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        afterEach(seed, (row, events) => {
          const history = events.map((event, i) => ({ event, at: 1000 + i }));
          const state = fold(events)!;
          const { due, nextAt } = timeLimits(state, history, 1000 + events.length);
          // What is due at once is seen by every sweep, unless a person holds the run back and will let it go on.
          if (due === null) expect(row.dueAt).toBe(nextAt);
          else expect(row.moves || state.paused !== null).toBe(true);
        });
      }),
    );
  });

  it('gives the same rows whether events come one by one or all at once', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { run, runEvents: events } = randomHistory('r-batch', seed);
        const encoded = events.map((e) => runEvents.encode(e));
        const once = project(runStream(run), timed(encoded, 1000), null);
        let row: RunRow | null = null;
        const parts: Projection[] = [];
        for (const event of encoded) {
          parts.push(project(runStream(run), timed([event], 1000), row));
          row = parts.at(-1)!.run;
        }
        const subgoals = mergeById(parts.flatMap((p) => p.subgoals));
        expect(once).toEqual({
          run: row,
          subgoals,
          questions: mergeQuestionsById(parts.flatMap((p) => p.questions)),
          closings: parts.flatMap((p) => p.closings),
        });
      }),
    );
  });

  it('gives the same rows of a subgoal and of its questions in whichever order the two streams report', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const history = randomHistory('r-order', seed);
        const byRun = project(
          runStream(history.run),
          timed(
            history.runEvents.map((e) => runEvents.encode(e)),
            1000,
          ),
          null,
        );
        const bySteps = [...history.steps].map(([id, events]) =>
          project(
            subgoalStream(id),
            timed(
              events.map((e) => stepEvents.encode(e)),
              2000,
            ),
            null,
          ),
        );
        const orders = [
          [byRun, ...bySteps],
          [...bySteps, byRun],
        ];
        const [a, b] = orders.map((order) => ({
          subgoals: mergeById(order.flatMap((p) => p.subgoals)),
          questions: mergeQuestionsById(order.flatMap((p) => p.questions)),
        }));
        expect(a).toEqual(b);
      }),
    );
  });

  it('counts a stale decision neither as a step nor as a failure', () => {
    const seen = (step: number, code: 'stale' | 'timeout'): NewEvent =>
      stepEvents.encode({
        type: 'observed',
        id: `e${step}`,
        step,
        result: { ok: false, code, message: '' },
        change: { added: [], removed: [], numbers: {} },
      });
    const ended = stepEvents.encode({ type: 'ended', outcome: 'failed', reason: '', result: null });
    expect(
      project(
        subgoalStream('r-1.1.1.1'),
        timed([seen(0, 'stale'), seen(1, 'timeout'), seen(2, 'stale'), ended], 1),
        null,
      ).subgoals,
    ).toMatchObject([{ steps: 1, failedSteps: 1 }]);
  });

  it('does not care about streams of other families', () => {
    const anything: NewEvent = { type: 'noted', version: 1, data: 1 };
    expect(project('planning/r-1.1', timed([anything], 1), null)).toEqual({
      run: null,
      subgoals: [],
      questions: [],
      closings: [],
    });
  });

  it('refuses an event that it could not read back', () => {
    expect(() => project(runStream('r-1'), timed([{ type: 'accepted', version: 1, data: {} }], 1), null)).toThrow(
      /cannot read/,
    );
    expect(() => project(runStream('r-1'), timed([{ type: 'accepted', version: 4, data: {} }], 1), null)).toThrow(
      /newer release/,
    );
  });
});
