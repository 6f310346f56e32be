import { readFileSync } from 'node:fs';
import {
  NO_COST,
  runEventSchema,
  stepEventSchema,
  type Output,
  type RunEvent,
  type RunSummary,
  type StepEvent,
} from '@praxis/core';
import * as fc from 'fast-check';
import type { WatchedEvent } from '../../../src/api.js';
import { applyEvents, newRunModel, type RunModel } from './run-model.js';
import type { StepEntry } from './timeline-entry.js';
import { countEntries, filterEntries } from './timeline-filter.js';
import {
  actionKey,
  chosenBy,
  doneIn,
  isBehind,
  planVersion,
  resultOf,
  runCounts,
  runStatus,
  workOf,
} from './run-words.js';

/** A real run: two robots, a repaired plan, and a failure in the end. */
const EVENTS = (
  JSON.parse(readFileSync(new URL('./fixtures/floors-a.json', import.meta.url), 'utf8')) as WatchedEvent[]
).map(
  // As the planner tells it: what an older release did not write has its default.
  (e): WatchedEvent =>
    e.kind === 'run' ? { ...e, event: runEventSchema.parse(e.event) } : { ...e, event: stepEventSchema.parse(e.event) },
);
const ID = 'r-83adme5ecs';
const steps = (model: RunModel): StepEntry[] => model.entries.filter((e) => e.kind === 'step');
const whole = applyEvents(newRunModel(ID), EVENTS);

describe('a run folded from its events', () => {
  it('tells what the journal tells: outcome, plans, steps and replans', () => {
    const settled = EVENTS.map((e) => e.event).filter((e) => e.type === 'settled');
    expect(runStatus(whole, null)).toBe('failed');
    expect(
      whole.plans.map((p) => [
        p.plan.version,
        p.reason,
        p.diff.kept.length,
        p.diff.added.length,
        p.diff.dropped.length,
      ]),
    ).toEqual([
      [1, 'first', 0, 10, 0],
      [2, 'repair', 1, 9, 9],
    ]);
    expect(whole.totals.steps).toBe(settled.reduce((n, e) => n + e.steps, 0));
    expect(whole.totals.failed).toBe(settled.reduce((n, e) => n + e.failedSteps, 0));
    expect(whole.totals.replans).toBe(settled.reduce((n, e) => n + e.replans, 0) + 1);
    expect(doneIn(whole, planVersion(whole, null))).toBe(2);
  });

  it('run-model.1 is the same whatever the batches, and changes no earlier model', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (sizes) => {
        let model = newRunModel(ID);
        let from = 0;
        for (const size of [...sizes, EVENTS.length]) {
          const before = JSON.stringify(model);
          const next = applyEvents(model, EVENTS.slice(from, from + size));
          expect(JSON.stringify(model)).toBe(before);
          model = next;
          from += size;
        }
        expect(model).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('run-model.2 makes one entry of a decision, its try and its outcome', () => {
    const decided = EVENTS.filter((e) => e.stream.startsWith('subgoal/') && e.event.type === 'decided').length;
    expect(steps(whole)).toHaveLength(decided);
    expect(
      steps(whole).every((s) => s.effect === 'reversible' && s.endedAt !== null && s.by.startsWith('executor-')),
    ).toBe(true);
    expect(new Set(whole.entries.map((e) => e.key)).size).toBe(whole.entries.length);
  });

  it('run-model.3 leaves no step under way when its attempt is over', () => {
    const last = EVENTS.findLastIndex((e) => e.event.type === 'observed');
    const lost = applyEvents(
      newRunModel(ID),
      EVENTS.filter((_, i) => i !== last),
    );
    expect(steps(lost).filter((s) => s.outcome === 'unknown')).toHaveLength(1);
    expect(steps(lost).some((s) => s.outcome === 'running')).toBe(false);
  });

  it('shows a step as under way until it is observed', () => {
    const tried = EVENTS.findIndex((e) => e.event.type === 'tried');
    expect(steps(applyEvents(newRunModel(ID), EVENTS.slice(0, tried + 1))).map((s) => s.outcome)).toEqual(['running']);
  });

  it('finds what was true when an action was refused', () => {
    const refused = steps(whole).find((s) => s.code === 'not-applicable')!;
    expect(whole.failures.find((f) => f.action === actionKey(refused))?.facts.length).toBeGreaterThan(0);
  });

  it('filters its timeline by subgoal and by kind', () => {
    const node = filterEntries(whole.entries, 'all', '1.2');
    expect(node.length).toBeGreaterThan(0);
    expect(node.every((e) => e.node === '1.2')).toBe(true);
    expect(countEntries(whole.entries, null)).toMatchObject({
      steps: whole.totals.steps,
      failures: whole.totals.failed,
    });
    expect(filterEntries(whole.entries, 'failures', null).length).toBeGreaterThan(whole.totals.failed);
  });
});

/** A run whose steps a model chose one by one, as its planner and executor write it. */
const MODEL_RUN = 'r-model';
const CALL = { prompt: 'p', answer: 'a' };
const thought = { ...NO_COST, calls: 1, tokens: 100, money: 0.01 };
const moved = { skill: 'move', args: { r: 'robby' } };
function modelEvents(results: readonly (true | 'not-applicable' | 'denied')[], settledReplans = 0): WatchedEvent[] {
  let at = 1_000;
  const run = `run/${MODEL_RUN}`;
  const subgoal = `subgoal/${MODEL_RUN}.1.1.1`;
  const positions: Record<string, number> = {};
  const place = (stream: string) => ({
    stream,
    position: (positions[stream] = (positions[stream] ?? -1) + 1),
    at: (at += 10),
  });
  const ofRun = (event: object): WatchedEvent => ({
    ...place(run),
    kind: 'run',
    event: runEventSchema.parse(event) as RunEvent,
  });
  const ofStep = (event: object): WatchedEvent => ({
    ...place(subgoal),
    kind: 'step',
    event: stepEventSchema.parse(event) as StepEvent,
  });
  const node = {
    id: '1.1',
    title: 't',
    pre: [],
    post: '(a)',
    after: [],
    owner: 'robby',
    lane: 'default',
    steps: [],
    cost: 1,
  };
  const steps = results.flatMap((result, i) => [
    ofStep({ type: 'proposed', id: `e${2 * i}`, candidates: [{}], note: '', spent: thought, call: CALL }),
    ofStep({
      type: 'decided',
      id: `e${2 * i + 1}`,
      step: i,
      action: moved,
      why: 'because.',
      origin: 'model',
      taint: ['model'],
    }),
    ofStep({
      type: 'observed',
      id: `e${2 * i + 1}`,
      step: i,
      result: result === true ? { ok: true, message: '' } : { ok: false, code: result, message: '' },
      ...(result === 'denied' && { spent: NO_COST }),
    }),
  ]);
  const failedSteps = results.filter((r) => r !== true).length;
  return [
    ofRun({ type: 'accepted', goal: { title: 'g', world: 'w', request: 'tidy, but not by the window' } }),
    ofRun({
      type: 'opened',
      session: 's',
      domainName: '',
      domain: '',
      problem: '',
      condition: '(a)',
      constraints: ['not by the window'],
      agents: [],
      tools: [],
      call: CALL,
      spent: thought,
    }),
    ofRun({
      type: 'planned',
      plan: { version: 1, nodes: [node] },
      diff: { kept: [], added: ['1.1'], dropped: [] },
      reason: 'first',
      evaluated: 0,
      modelCalls: 1,
      spent: thought,
    }),
    ofRun({ type: 'dispatched', node: '1.1', attempt: 1 }),
    ofStep({
      type: 'opened',
      by: 'x',
      strategy: 'react',
      state: { facts: [], numbers: {} },
      condition: '(a)',
      owner: 'robby',
      limits: { steps: 9, replans: 9 },
      suggested: [],
      avoid: [],
      domain: '',
    }),
    ...steps,
    ofStep({ type: 'ended', outcome: 'done', reason: '', result: null }),
    ofRun({
      type: 'settled',
      node: '1.1',
      attempt: 1,
      outcome: 'done',
      reason: '',
      steps: results.length,
      failedSteps,
      replans: settledReplans,
      toolsUsed: [],
      failures: [],
      spent: {
        ...thought,
        calls: 2 * results.length,
        steps: results.length,
        tokens: 100 * results.length,
        money: 0.01 * results.length,
      },
    }),
    ofRun({
      type: 'checked',
      holds: true,
      constraints: [{ text: 'not by the window', verdict: 'broken', why: 'step 1' }],
      call: CALL,
      spent: thought,
    }),
    ofRun({ type: 'ended', outcome: 'failed', reason: 'the goal holds, but …' }),
  ];
}
const summaryOf = (more: Partial<RunSummary>): RunSummary => ({
  id: MODEL_RUN,
  title: 'g',
  world: 'w',
  space: 'default',
  status: 'running',
  reason: '',
  planVersion: 1,
  subgoals: 1,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  questions: 0,
  acceptedAt: 0,
  endedAt: null,
  ...more,
});

describe('a run whose steps models chose', () => {
  const events = modelEvents([true, 'not-applicable', true, 'denied']);
  const model = applyEvents(newRunModel(MODEL_RUN), events);

  it('tells who chose a step: a model is no tool, and what nobody knows is no tool either', () => {
    const tools = new Map([['t-1', {}]]);
    expect(chosenBy('model', tools)).toEqual({ words: 'chosen by the model', tool: null });
    expect(chosenBy('t-1', tools)).toEqual({ words: 'put in by a learned tool', tool: 't-1' });
    for (const origin of ['policy', 't-2', 'constructor', '']) expect(chosenBy(origin, tools).tool).toBeNull();
  });

  it('counts its thoughts as thoughts, not as plans (run-model.5)', () => {
    expect(model.totals).toEqual({ steps: 4, failed: 2, denied: 1, replans: 0 });
    expect(model.entries.some((e) => e.kind === 'moment' && /replan/i.test(e.text))).toBe(false);
  });

  // run-model.5
  it('counts what the run itself counted once an attempt has settled, whenever its stream is told', () => {
    const counted = applyEvents(newRunModel(MODEL_RUN), modelEvents([true, 'not-applicable', true, 'denied'], 3));
    expect(counted.totals).toMatchObject({ steps: 4, failed: 2, replans: 3 });
    const late = [...events.filter((e) => e.kind === 'run'), ...events.filter((e) => e.kind === 'step')];
    expect(applyEvents(newRunModel(MODEL_RUN), late).totals).toMatchObject({ steps: 4, failed: 2, replans: 0 });
    for (let cut = 1; cut <= events.length; cut++) {
      const { totals } = applyEvents(applyEvents(newRunModel(MODEL_RUN), events.slice(0, cut)), events.slice(cut));
      expect(totals).toEqual(model.totals);
    }
  });

  it('sums what models have cost: understanding, planning, acting and judging', () => {
    expect(model.models).toMatchObject({ calls: 7, tokens: 700 });
    expect(model.spent.tokens).toBe(700);
  });

  it('tells the constraints of the request, and what came of them', () => {
    expect(applyEvents(newRunModel(MODEL_RUN), events.slice(0, 2)).constraints).toEqual([
      { text: 'not by the window', verdict: 'pending', why: '' },
    ]);
    expect(model.constraints).toEqual([{ text: 'not by the window', verdict: 'broken', why: 'step 1' }]);
  });

  it('that has ended is shown as ended, with its numbers, while its events are still being told', () => {
    const summary = summaryOf({
      status: 'failed',
      endedAt: 9,
      steps: 4,
      failedSteps: 2,
      subgoalsDone: 1,
      toolsUsed: [],
    });
    for (let cut = 0; cut <= events.length; cut++) {
      const told = applyEvents(newRunModel(MODEL_RUN), events.slice(0, cut));
      expect(runStatus(told, summary)).toBe('failed');
      expect(runCounts(told, summary)).toEqual({ steps: 4, failed: 2, replans: 0, done: 1, all: 1, tools: 0 });
    }
  });

  it('that goes on never jumps back to its beginning when its page is opened', () => {
    const summary = summaryOf({ steps: 2, failedSteps: 1 });
    const going = events.slice(0, -4);
    for (let cut = 0; cut <= going.length; cut++) {
      const told = applyEvents(newRunModel(MODEL_RUN), going.slice(0, cut));
      expect(runStatus(told, summary)).toBe('running');
      expect(runCounts(told, summary).steps).toBeGreaterThanOrEqual(2);
    }
    expect(isBehind(applyEvents(newRunModel(MODEL_RUN), going), summary)).toBe(false);
  });
});

describe('what a run gave', () => {
  const gave = (value: string): Output => ({ value, artifacts: [], taint: ['http:shop.example'] });
  const events = modelEvents([true]).map((watched): WatchedEvent => {
    if (watched.kind === 'run' && watched.event.type === 'settled')
      return { ...watched, event: { ...watched.event, outputs: { greeting: gave('hello') } } };
    if (watched.kind === 'run' && watched.event.type === 'ended')
      return { ...watched, event: { ...watched.event, result: gave('all of it') } };
    return watched;
  });
  const fold = (some: readonly WatchedEvent[]): RunModel => applyEvents(newRunModel(MODEL_RUN), some);
  const open = { summary: summaryOf({}), result: null };

  it('is there as soon as it has ended, and not before, on a page that was opened while it ran', () => {
    expect(resultOf(fold(events.slice(0, -1)), open)).toBeNull();
    expect(resultOf(fold(events), open)).toEqual(gave('all of it'));
  });

  it('is there from the first moment on a page that was opened when it had ended', () => {
    const over = { summary: summaryOf({ status: 'failed', endedAt: 9 }), result: gave('all of it') };
    for (let cut = 0; cut <= events.length; cut++)
      expect(resultOf(fold(events.slice(0, cut)), over)).toEqual(gave('all of it'));
  });

  it('is nothing where the run gave nothing, and no longer counts once it goes on', () => {
    expect(resultOf(fold(modelEvents([true])), open)).toBeNull();
    const again: WatchedEvent = {
      stream: `run/${MODEL_RUN}`,
      position: 99,
      at: 99_000,
      kind: 'run',
      event: { type: 'retried', by: 'ann', reopened: true },
    };
    expect(resultOf(fold([...events, again]), open)).toBeNull();
  });

  it('is told of each subgoal that has settled', () => {
    const settled = events.findIndex((e) => e.event.type === 'settled');
    expect(workOf(fold(events.slice(0, settled)), '1.1').outputs).toEqual({});
    expect(workOf(fold(events), '1.1').outputs).toEqual({ greeting: gave('hello') });
  });
});
