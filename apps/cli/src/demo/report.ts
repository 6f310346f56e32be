import type { Tool } from '@praxis/core';
import { eValue } from '../commands/runs/tools.js';
import { tableLines, type Column } from '../view/table.js';
import { count, duration } from '../view/words.js';
import type { DemoOutcome, DemoResult } from './run-demo.js';

/** Sums over one half of a demo. */
export interface HalfTotals {
  readonly goals: number;
  readonly done: number;
  readonly steps: number;
  readonly failedSteps: number;
  readonly replans: number;
  readonly modelCalls: number;
}

const COLUMNS: readonly Column[] = [
  { head: 'goal' },
  { head: 'outcome' },
  ...['subgoals', 'steps', 'failed', 'replans', 'tools', 'models', 'time'].map((head) => ({
    head,
    align: 'right' as const,
  })),
];

/** Adds up a half. */
export function totalsOfHalf(results: readonly DemoResult[]): HalfTotals {
  const sum = (pick: (r: DemoResult) => number): number => results.reduce((total, r) => total + pick(r), 0);
  return {
    goals: results.length,
    done: sum((r) => (r.summary.status === 'done' ? 1 : 0)),
    steps: sum((r) => r.summary.steps),
    failedSteps: sum((r) => r.summary.failedSteps),
    replans: sum((r) => r.summary.replans),
    modelCalls: sum((r) => r.summary.modelCalls),
  };
}

/** Whether the playbook was carried out and saved, and every goal of both halves was reached. */
export function isAllDone({ work, halves }: DemoOutcome): boolean {
  return work.problem === null && halves.flat().every((r) => r.summary.status === 'done');
}

/** The end of a demo as text: every goal, both halves, and what was learned. */
export function reportLines(outcome: DemoOutcome, width: number): readonly string[] {
  const [first, second] = outcome.halves;
  const table = tableLines(COLUMNS, [...first, ...second].map(row), width);
  const head = table.slice(0, 2);
  return [
    ...head,
    ...table.slice(2, 2 + first.length),
    table[1]!,
    ...table.slice(2 + first.length),
    '',
    halfLine('First half ', first),
    halfLine('Second half', second),
    ...problemLines(outcome),
    ...learnedLines(outcome),
  ];
}

function problemLines({ work, halves }: DemoOutcome): readonly string[] {
  const missed = halves.flat().filter((r) => r.summary.status !== 'done');
  return [
    ...(work.problem === null ? [] : [`${work.playbook} ${work.summary.status}: ${work.problem}`]),
    ...missed.map((r) => `${nameOf(r)} ${r.summary.status}: ${r.summary.reason}`),
  ];
}

const nameOf = ({ goal }: DemoResult): string => `${goal.world} ${goal.scenario}`;

function row(result: DemoResult): readonly string[] {
  const { status, subgoals, subgoalsDone, steps, failedSteps, replans, toolsUsed, modelCalls, acceptedAt, endedAt } =
    result.summary;
  const numbers = [steps, failedSteps, replans, toolsUsed.length, modelCalls].map(String);
  return [
    nameOf(result),
    status,
    `${subgoalsDone}/${subgoals}`,
    ...numbers,
    duration((endedAt ?? acceptedAt) - acceptedAt),
  ];
}

function halfLine(name: string, results: readonly DemoResult[]): string {
  const { goals, done, steps, failedSteps, replans, modelCalls } = totalsOfHalf(results);
  return `${name}  ${done} of ${count(goals, 'goal')} done, ${count(steps, 'step')}, of which ${failedSteps} failed, ${count(replans, 'replan')}, ${count(modelCalls, 'model call')}`;
}

function learnedLines({ demo, tools, known }: DemoOutcome): readonly string[] {
  if (!demo.archive) return ['', 'Nothing was learned, as asked (--no-archive).'];
  const active = tools.filter((t) => t.trust === 'active');
  const rejected = tools.filter((t) => t.trust === 'rejected').length;
  if (active.length === 0) return ['', 'No tool was learned.'];
  const had = new Set(known.map((t) => t.id));
  const lines = active.map(
    (t) => `  ${t.title}${had.has(t.id) ? '' : '  (from the second half)'}\n      ${evidenceText(t)}`,
  );
  return [
    '',
    `Learned (${count(active.length, 'tool')}, ${rejected} more tried and rejected):`,
    ...lines.flatMap((l) => l.split('\n')),
  ];
}

function evidenceText(tool: Tool): string {
  const { pairs, wins, losses } = tool.evidence;
  if (tool.body.kind === 'hint') return 'a hint, told to whoever plans';
  return `${tool.body.kind}, tried in ${count(pairs, 'pair')}: ${wins} won, ${losses} lost, e-value ${eValue(tool)}`;
}

/** The end of a demo for scripts. */
export function reportJson(outcome: DemoOutcome): object {
  const { demo, work, halves, tools } = outcome;
  const flat = (results: readonly DemoResult[]): readonly object[] =>
    results.map(({ goal, summary }) => ({ ...goal, ...summary }));
  return {
    ok: isAllDone(outcome),
    seed: demo.seed,
    space: demo.space,
    archive: demo.archive,
    work,
    halves: halves.map((half) => ({ ...totalsOfHalf(half), runs: flat(half) })),
    tools,
  };
}
