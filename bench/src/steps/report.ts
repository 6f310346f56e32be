import { machineFacts } from '../section.js';
import type { Across } from './across-processes.js';
import { slope, type Stored } from './conversation.js';
import { GROUPED, JOURNAL, OURS, RAW, SHARED, type Row } from './one-process.js';

/** Our steps per second over those of Postgres alone, under the same load. */
export interface Ratios {
  /** 20 in flight, to a row and a commit per step. */
  readonly single: number;
  /** The same at 64 in flight, where our appends are grouped and those of the row are not. */
  readonly grouped: number;
  /** 64 in flight, to a row per step in group commits. */
  readonly shared: number;
  /** 64 in flight, to rows of many steps in one statement and commit. */
  readonly statement: number;
  /** 64 in flight, to two fenced events per step in one statement: what a journal cannot do without. */
  readonly journal: number;
}

const find = (rows: readonly Row[], who: string, inFlight: number, length = 10): Row =>
  rows.find((r) => r.who === who && r.load.inFlight === inFlight && r.load.length === length)!;

export function ratiosOf(rows: readonly Row[]): Ratios {
  const ratio = (who: string, inFlight: number): number =>
    find(rows, OURS, inFlight).figures.perSecond / find(rows, who, inFlight).figures.perSecond;
  return {
    single: ratio(RAW, 20),
    grouped: ratio(RAW, 64),
    shared: ratio(SHARED, 64),
    statement: ratio(GROUPED, 64),
    journal: ratio(JOURNAL, 64),
  };
}

function line({ who, load, figures: f }: Row): string {
  const server = f.serverUs === null ? '–' : f.serverUs.toFixed(0);
  return `| ${who} | ${load.inFlight} | ${load.length} | ${Math.round(f.perSecond)} | ${f.gapP50.toFixed(2)} | ${f.gapP99.toFixed(2)} | ${Math.round(f.walBytes)} | ${f.transactions.toFixed(2)} | ${f.cpuUs.toFixed(0)} | ${server} |`;
}

/** The table of durable steps in one process, each peer in its own. */
export function stepsTable(rows: readonly Row[]): string {
  return [
    '| who | in flight | steps per run | steps/s | gap p50 ms | gap p99 ms | WAL bytes per step | write transactions per step | CPU µs per step | of the server |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(line),
  ].join('\n');
}

/** The table of runs through all services. */
export function acrossTable(all: readonly Across[]): string {
  return [
    '| queues | steps (subgoals) | gap p50 ms | gap p99 ms | accepted to first step p50 ms | steps/s, 20 runs in flight |',
    '|---|---|---|---|---|---|',
    ...all.map(
      (a) =>
        `| ${a.queues} | ${a.steps} (${a.subgoals}) | ${a.gapP50.toFixed(1)} | ${a.gapP99.toFixed(1)} | ${a.firstP50.toFixed(0)} | ${Math.round(a.perSecond)} |`,
    ),
  ].join('\n');
}

/** What a conversation takes, and whether that grows. */
export function conversationText(stored: readonly Stored[], tokens: number): string {
  const last = stored.at(-1)!;
  const middle = stored[Math.floor(stored.length / 2) - 1]!;
  return [
    `A conversation of ${last.calls} calls and ${tokens} tokens takes ${(last.bytes / 2 ** 20).toFixed(2)} MiB with its indexes.`,
    `Slope: ${Math.round(slope(middle))} bytes per call over the first half, ${Math.round(slope(last, middle))} over the second.`,
  ].join(' ');
}

/** The section of the page of results. */
export function stepsSection({
  rows,
  across,
  conversation,
  notes,
}: {
  readonly rows: readonly Row[];
  readonly across: readonly Across[];
  readonly conversation: string;
  readonly notes: readonly string[];
}): string {
  const { single, grouped, shared, statement, journal } = ratiosOf(rows);
  return [
    '## Durable steps',
    '',
    `\`npm run bench:steps\`: plans of steps that do nothing, through the interpreter and the journal, one process, fsync on; medians of rounds in which everybody takes turns. ${machineFacts()}. A gap is the time from one step of a run to the next. WAL is what the server logs, opening and ending a run included, without images of whole pages: a checkpoint and a round of warming up come first.`,
    '',
    stepsTable(rows),
    '',
    `Steps per second over those of Postgres alone: ${single.toFixed(2)} of a row and a commit per step with 20 in flight, and ${grouped.toFixed(2)} with 64, where our appends share commits. With 64 in flight, of writers that share commits too: ${shared.toFixed(2)} of a row per step, ${statement.toFixed(2)} of rows of many steps in one statement, and ${journal.toFixed(2)} of two fenced events per step in one statement. The last is the least that any journal has to write for a step: what was decided, what came of it, and a look at where the stream ends. Its rows are neither read back nor listed, and nothing decides what they say.`,
    '',
    ...(across.length > 0
      ? [
          'Through planner, queue and executor, each a process of its own, in a world with stored state; gaps between consecutive steps as the journal dates them:',
          '',
          acrossTable(across),
          '',
        ]
      : []),
    conversation,
    ...notes.map((note) => `\n- ${note}`),
  ].join('\n');
}
