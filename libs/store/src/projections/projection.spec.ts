import { fold, runEvents, runStream, stepEvents, subgoalStream, type NewEvent } from '@praxis/core';
import { randomHistory } from '@praxis/testing';
import * as fc from 'fast-check';
import { mergeById, project } from './projection.js';
import type { RunRow } from './run-row.js';
import type { SubgoalChange } from './subgoal-change.js';

describe('project', () => {
  it('agrees with the fold of the run, after every event', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { run, runEvents: events } = randomHistory('r-fold', seed);
        let row: RunRow | null = null;
        events.forEach((event, i) => {
          row = project(runStream(run), [runEvents.encode(event)], 1000 + i, row).run;
          const state = fold(events.slice(0, i + 1))!;
          const nodes = [...state.nodes.values()];
          expect(row).toMatchObject({
            title: state.goal.title,
            status: state.ended?.outcome ?? (state.plan ? 'running' : 'waiting'),
            reason: state.ended?.reason ?? '',
            planVersion: state.plan?.version ?? 0,
            subgoals: nodes.length,
            subgoalsDone: nodes.filter((n) => n.status === 'done').length,
            steps: state.steps,
            failedSteps: state.failedSteps,
            replans: state.replans + state.localReplans,
            toolsUsed: state.toolsUsed,
            length: i + 1,
          });
        });
      }),
    );
  });

  it('gives the same rows whether events come one by one or all at once', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { run, runEvents: events } = randomHistory('r-batch', seed);
        const encoded = events.map((e) => runEvents.encode(e));
        const once = project(runStream(run), encoded, 1000, null);
        let row: RunRow | null = null;
        const changes: SubgoalChange[] = [];
        for (const event of encoded) {
          const projection = project(runStream(run), [event], 1000, row);
          row = projection.run;
          changes.push(...projection.subgoals);
        }
        expect(once).toEqual({ run: row, subgoals: mergeById(changes) });
      }),
    );
  });

  it('gives the same row of a subgoal in whichever order its two streams report', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const history = randomHistory('r-order', seed);
        const byRun = project(runStream(history.run), history.runEvents.map((e) => runEvents.encode(e)), 1000, null).subgoals;
        const bySteps = [...history.steps].flatMap(([id, events]) => project(subgoalStream(id), events.map((e) => stepEvents.encode(e)), 2000, null).subgoals);
        expect(mergeById([...byRun, ...bySteps])).toEqual(mergeById([...bySteps, ...byRun]));
      }),
    );
  });

  it('does not care about streams of other families', () => {
    const anything: NewEvent = { type: 'noted', version: 1, data: 1 };
    expect(project('planning/r-1.1', [anything], 1, null)).toEqual({ run: null, subgoals: [] });
  });

  it('refuses an event that it could not read back', () => {
    expect(() => project(runStream('r-1'), [{ type: 'accepted', version: 1, data: {} }], 1, null)).toThrow(/cannot read/);
    expect(() => project(runStream('r-1'), [{ type: 'accepted', version: 2, data: {} }], 1, null)).toThrow(/newer release/);
  });
});
