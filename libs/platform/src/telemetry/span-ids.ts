import { createHash } from 'node:crypto';
import type { RunId, SubgoalId } from '@praxis/core';
import { parseSubgoalId } from '@praxis/core';

/** A span whose ids follow from the journal, so that every process knows them without being told. */
export interface SpanRef {
  readonly run: RunId;
  readonly traceId: string;
  readonly spanId: string;
  /** Null for the root. */
  readonly parentId: string | null;
}

const hex = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** The trace of a run. */
export const traceIdOf = (run: RunId): string => hex(run, 32);

/** Kind and name are kept apart, so that `attempt 1 at event 5` and `attempt 15` are never the same text. */
const spanIdOf = (kind: string, name: string): string => hex(`${kind}/${name}`, 16);

/** The root: from `accepted` to `ended`. */
export const runSpan = (run: RunId): SpanRef => ({
  run,
  traceId: traceIdOf(run),
  spanId: spanIdOf('run', run),
  parentId: null,
});

/** The making of one version of the plan. */
export const planSpan = (run: RunId, version: number): SpanRef =>
  below(runSpan(run), spanIdOf('plan', `${run}.${version}`));

/** One attempt at a node of the plan: from `dispatched` to `settled`. */
export const subgoalSpan = (subgoal: SubgoalId): SpanRef =>
  below(runSpan(runOf(subgoal)), spanIdOf('subgoal', subgoal));

/** The learning from one subgoal. */
export const reflectSpan = (subgoal: SubgoalId): SpanRef =>
  below(runSpan(runOf(subgoal)), spanIdOf('reflect', subgoal));

/** The work of one executor on a subgoal, from the given position of its stream on. */
export const attemptSpan = (subgoal: SubgoalId, position: number): SpanRef =>
  below(subgoalSpan(subgoal), spanIdOf('attempt', `${subgoal}@${position}`));

/**
 * Whether a trace is one of those that are kept. It depends on the id alone (its last 56 bits, as W3C asks), so that
 * all processes decide alike.
 */
export const isKept = (traceId: string, ratio: number): boolean =>
  Number.parseInt(traceId.slice(-14), 16) / 2 ** 56 >= 1 - ratio;

const below = ({ run, traceId, spanId }: SpanRef, child: string): SpanRef => ({
  run,
  traceId,
  spanId: child,
  parentId: spanId,
});

/** What is no subgoal's id stands for itself; it names no run, and nothing will ever be its parent. */
const runOf = (subgoal: SubgoalId): RunId => parseSubgoalId(subgoal)?.run ?? subgoal;
