import { isFailed, isStale, parseSubgoalId, type RunEvent, type StepEvent } from '@praxis/core';
import { only, runOf, subgoalsOf, type History, type ModelRow, type Noted } from '../history.js';
import type { Law } from './law.js';

/**
 * The tables that people and the sweep read say what the journal says, folded here a second time and without their
 * code.
 */
export const modelsEqualJournal: Law = {
  name: 'read models equal the folded journal',
  check: (history) => [
    ...compare('runs', history.models.runs, [runModel(history)]),
    ...compare('subgoals', history.models.subgoals, subgoalModels(history)),
    ...compare('questions', history.models.questions, questionModels(history)),
  ],
};

function* compare(table: string, rows: readonly ModelRow[], wanted: readonly ModelRow[]): Iterable<string> {
  const ids = new Set([...rows, ...wanted].map((r) => String(r['id'])));
  for (const id of ids) {
    const row = rows.find((r) => r['id'] === id);
    const want = wanted.find((r) => r['id'] === id);
    if (!row || !want)
      yield `${id} is ${row ? 'in' : 'missing from'} ${table}, and ${want ? 'the journal tells of it' : 'the journal tells nothing of it'}`;
    else
      for (const [key, value] of Object.entries(want))
        if (JSON.stringify(row[key]) !== JSON.stringify(value))
          yield `${table}.${key} of ${id} is ${JSON.stringify(row[key])}, and the journal says ${JSON.stringify(value)}`;
  }
}

function runModel(history: History): ModelRow {
  const events = runOf(history);
  const ended = only(events, 'ended').at(0);
  const settled = only(events, 'settled');
  const planned = only(events, 'planned');
  const current = new Set(planned.at(-1)?.plan.nodes.map((n) => n.id));
  const done = new Set(settled.filter((s) => s.outcome === 'done' && current.has(s.node)).map((s) => s.node));
  const sum = (of: (s: (typeof settled)[number]) => number): number => settled.reduce((total, s) => total + of(s), 0);
  return {
    id: history.run,
    status: ended?.outcome ?? (planned.length > 0 ? 'running' : 'waiting'),
    reason: ended?.reason ?? '',
    plan_version: planned.at(-1)?.plan.version ?? 0,
    subgoals: current.size,
    subgoals_done: done.size,
    steps: sum((s) => s.steps),
    failed_steps: sum((s) => s.failedSteps),
    replans: planned.filter((p) => p.reason !== 'first').length + sum((s) => s.replans),
    length: events.length,
    is_over: ended !== undefined,
  };
}

function subgoalModels(history: History): readonly ModelRow[] {
  const run = runOf(history);
  const streams = subgoalsOf(history);
  const ids = new Set([
    ...only(run, 'dispatched').map((d) => `${history.run}.${d.node}.${String(d.attempt)}`),
    ...streams.keys(),
  ]);
  return [...ids].map((id) => subgoalModel(id, streams.get(id) ?? [], run));
}

function subgoalModel(id: string, events: readonly Noted<StepEvent>[], run: readonly Noted<RunEvent>[]): ModelRow {
  const { node, attempt } = parseSubgoalId(id)!;
  const ended = only(events, 'ended').at(0);
  const settled = only(run, 'settled').find((s) => s.node === node && s.attempt === attempt);
  // Steps are counted when the subgoal ends.
  const observed = ended ? only(events, 'observed') : [];
  return {
    id,
    node,
    attempt,
    status: ended?.outcome ?? settled?.outcome ?? underWay(events),
    reason: ended?.reason ?? settled?.reason ?? '',
    steps: observed.filter((o) => !isStale(o.result)).length,
    failed_steps: observed.filter((o) => isFailed(o.result)).length,
    is_over: ended !== undefined,
  };
}

const underWay = (events: readonly Noted<StepEvent>[]): string => {
  if (events.length === 0) return 'dispatched';
  return events.at(-1)!.event.type === 'parked' ? 'parked' : 'running';
};

function questionModels(history: History): readonly ModelRow[] {
  const run = runOf(history);
  const asked = [
    ...only(run, 'asked'),
    ...[...subgoalsOf(history).values()].flatMap((events) => only(events, 'asked')),
  ];
  const answers = new Map(only(run, 'answered').map((a) => [a.question, a.answer.verdict]));
  // What the planner grants by itself is no question to people, yet it stands among them with its answer.
  return [...new Map(asked.map(({ question }) => [question.id, question])).values()].map((q) => ({
    id: q.id,
    kind: q.kind,
    verdict: answers.get(q.id) ?? null,
  }));
}
