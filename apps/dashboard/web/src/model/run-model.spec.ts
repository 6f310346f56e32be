import { readFileSync } from 'node:fs';
import { runEventSchema, stepEventSchema } from '@praxis/core';
import * as fc from 'fast-check';
import type { WatchedEvent } from '../../../src/api.js';
import { learn, newRunModel, type RunModel, type StepEntry } from './run-model.js';
import { countEntries, filterEntries } from './timeline-filter.js';
import { actionKey, doneIn, planVersion, runStatus } from './run-words.js';

/** A real run: two robots, a repaired plan, and a failure in the end. */
const EVENTS = (JSON.parse(readFileSync(new URL('./fixtures/floors-a.json', import.meta.url), 'utf8')) as WatchedEvent[]).map(
  // As the planner tells it: what an older release did not write has its default.
  (e): WatchedEvent => (e.kind === 'run' ? { ...e, event: runEventSchema.parse(e.event) } : { ...e, event: stepEventSchema.parse(e.event) }),
);
const ID = 'r-83adme5ecs';
const steps = (model: RunModel): StepEntry[] => model.entries.filter((e) => e.kind === 'step');
const whole = learn(newRunModel(ID), EVENTS);

describe('a run folded from its events', () => {
  it('tells what the journal tells: outcome, plans, steps and replans', () => {
    const settled = EVENTS.map((e) => e.event).filter((e) => e.type === 'settled');
    expect(runStatus(whole, null)).toBe('failed');
    expect(whole.plans.map((p) => [p.plan.version, p.reason, p.diff.kept.length, p.diff.added.length, p.diff.dropped.length])).toEqual([
      [1, 'first', 0, 10, 0],
      [2, 'repair', 1, 9, 9],
    ]);
    expect(whole.totals.steps).toBe(settled.reduce((n, e) => n + e.steps, 0));
    expect(whole.totals.failed).toBe(settled.reduce((n, e) => n + e.failedSteps, 0));
    expect(whole.totals.replans).toBe(settled.reduce((n, e) => n + e.replans, 0) + 1);
    expect(doneIn(whole, planVersion(whole, null))).toBe(2);
  });

  it('M1 is the same whatever the batches, and changes no earlier model', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), (sizes) => {
        let model = newRunModel(ID);
        let from = 0;
        for (const size of [...sizes, EVENTS.length]) {
          const before = JSON.stringify(model);
          const next = learn(model, EVENTS.slice(from, from + size));
          expect(JSON.stringify(model)).toBe(before);
          model = next;
          from += size;
        }
        expect(model).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('M2 makes one entry of a decision, its try and its outcome', () => {
    const decided = EVENTS.filter((e) => e.stream.startsWith('subgoal/') && e.event.type === 'decided').length;
    expect(steps(whole)).toHaveLength(decided);
    expect(steps(whole).every((s) => s.effect === 'reversible' && s.endedAt !== null && s.by.startsWith('executor-'))).toBe(true);
    expect(new Set(whole.entries.map((e) => e.key)).size).toBe(whole.entries.length);
  });

  it('M3 leaves no step under way when its attempt is over', () => {
    const last = EVENTS.findLastIndex((e) => e.event.type === 'observed');
    const lost = learn(newRunModel(ID), EVENTS.filter((_, i) => i !== last));
    expect(steps(lost).filter((s) => s.outcome === 'unknown')).toHaveLength(1);
    expect(steps(lost).some((s) => s.outcome === 'running')).toBe(false);
  });

  it('shows a step as under way until it is observed', () => {
    const tried = EVENTS.findIndex((e) => e.event.type === 'tried');
    expect(steps(learn(newRunModel(ID), EVENTS.slice(0, tried + 1))).map((s) => s.outcome)).toEqual(['running']);
  });

  it('finds what was true when an action was refused', () => {
    const refused = steps(whole).find((s) => s.code === 'not-applicable')!;
    expect(whole.failures.find((f) => f.action === actionKey(refused))?.facts.length).toBeGreaterThan(0);
  });

  it('filters its timeline by subgoal and by kind', () => {
    const node = filterEntries(whole.entries, 'all', '1.2');
    expect(node.length).toBeGreaterThan(0);
    expect(node.every((e) => e.node === '1.2')).toBe(true);
    expect(countEntries(whole.entries, null).steps).toBe(whole.totals.steps);
    expect(filterEntries(whole.entries, 'failures', null).length).toBeGreaterThan(whole.totals.failed);
  });
});
