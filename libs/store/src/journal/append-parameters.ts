import type { NewEvent } from '@praxis/core';
import type { Projection } from '../projections/projection.js';
import type { RunRow } from '../projections/run-row.js';
import { STAGE, type SubgoalChange } from '../projections/subgoal-change.js';
import { readable, type EventText } from './event-text.js';

/** One call of `append`, ready to be written. */
export interface Append {
  readonly stream: string;
  readonly run: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
  readonly texts: readonly EventText[];
  /** When each event happened; null: now. */
  readonly times: readonly number[] | null;
}

/** Stands between two bodies. JSON escapes it, so that it is in none of them, and no body has to be quoted. */
const SEPARATOR = '\x1e';

/** The SQL that takes the bodies apart again. */
export const BODIES = (parameter: string): string => `string_to_array(${parameter}::text, E'\\x1e')`;

/** The parameters of the statement for a batch; `nth` counts its appends from 1. */
export function appendParameters(batch: readonly Append[], projections: readonly Projection[], now: number): string[] {
  const indexed = projections.flatMap(({ subgoals }, i) => subgoals.map((change) => ({ change, append: batch[i]!, nth: i + 1 })));
  const moves = indexed.filter(({ append, change }) => isMove(append, change));
  const others = indexed.filter(({ append, change }) => !isMove(append, change));
  return [
    textArray(batch.map((a) => a.stream)),
    textArray(batch.map((a) => a.run)),
    numberArray(batch.map((a) => a.expected)),
    ...eventColumns(batch, now),
    JSON.stringify(projections.flatMap((p) => (p.run ? [readableRun(p.run)] : []))),
    JSON.stringify(others.map(({ append, change }) => ({ stream: append.stream, ...readableChange(change) }))),
    numberArray(moves.map((m) => m.nth)),
    numberArray(moves.map((m) => m.change.steps)),
    numberArray(moves.map((m) => m.change.failedSteps)),
    numberArray(moves.map((m) => m.change.updatedAt)),
  ];
}

function eventColumns(batch: readonly Append[], now: number): string[] {
  const nths: number[] = [];
  const positions: number[] = [];
  const ats: number[] = [];
  for (const [i, { events, expected, times }] of batch.entries()) {
    for (let k = 0; k < events.length; k++) {
      nths.push(i + 1);
      positions.push(expected + k);
      ats.push(times?.[k] ?? now);
    }
  }
  const events = batch.flatMap((a) => a.events);
  const texts = batch.flatMap((a) => a.texts);
  return [
    numberArray(nths),
    numberArray(positions),
    textArray(events.map((e) => e.type)),
    numberArray(events.map((e) => e.version)),
    texts.map((t) => t.body).join(SEPARATOR),
    textArray(texts.map((t) => t.blob)),
    numberArray(ats),
    textArray(events.map((e) => e.refs?.join(' ') ?? null)),
  ];
}

/** Whether a change says only that the append's own subgoal went on: most do, and its row was there since it was opened. */
function isMove({ stream, expected }: Append, change: SubgoalChange): boolean {
  const { id, stage, status, domain, endedAt, answers } = change;
  return expected > 0 && stage === STAGE.running && status === 'running' && domain === null && endedAt === null && answers === 0 && stream === `subgoal/${id}`;
}

/** Arrays as Postgres reads them. The driver would look at every element several times, and most need no care at all. */
const numberArray = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;
const textArray = (texts: readonly (string | null)[]): string => `{${texts.map((text) => (text === null ? 'NULL' : quoted(text))).join(',')}}`;
const quoted = (text: string): string => (/["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`);

function readableRun(row: RunRow): RunRow {
  const { title, world, space, reason, toolsUsed } = row;
  return { ...row, title: readable(title), world: readable(world), space: readable(space), reason: readable(reason), toolsUsed: toolsUsed.map(readable) };
}

function readableChange(change: SubgoalChange): SubgoalChange {
  const { lane, domain, space, reason } = change;
  const clean = (text: string | null): string | null => (text === null ? null : readable(text));
  return { ...change, lane: clean(lane), domain: clean(domain), space: clean(space), reason: readable(reason) };
}
