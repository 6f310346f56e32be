import {
  actionResultSchema,
  digest,
  PraxisError,
  stateChangeSchema,
  type ActionResult,
  type ArtifactStore,
  type Observation,
  type StateChange,
  type WorldState,
} from '@praxis/core';
import { z } from 'zod';
import { readArtifact } from './read-artifact.js';
import { stateBefore } from './content.js';

/** Answers that are kept: never more than `most`, and from the oldest on fewer where they need more than `bytes`. */
const KEPT = { most: 256, least: 64, bytes: 128 * 1024 } as const;
/** Characters of a record that stays in the session; of a larger one only the hash does. */
const INLINE = 2048;

const recordSchema = z.object({
  /** Absent for a change that is no answer: a restored snapshot. */
  result: actionResultSchema.optional(),
  change: stateChangeSchema,
});
type AnswerRecord = z.infer<typeof recordSchema>;

export const answerSchema = z.object({
  /** The first 32 digits of the key's SHA-256; empty where it is no answer. */
  key: z.string(),
  /** Characters of the record. */
  size: z.number(),
  record: recordSchema.optional(),
  /** SHA-256 of the artifact that holds the record. */
  stored: z.string().optional(),
});
/** What one action, or a restored snapshot, did to the session. */
export type Answer = z.infer<typeof answerSchema>;

/** An answer as it is recorded. */
export interface Given {
  /** Null for a restored snapshot. */
  readonly key: string | null;
  readonly result?: ActionResult;
  readonly change: StateChange;
}

const shorten = (key: string): string => digest(key).slice(0, 32);

/**
 * Adds an answer and forgets the oldest ones. A crash makes a caller ask again only for what was in flight, which are
 * the newest; what was forgotten is done again, and all actions of a workspace that are done again with the same
 * arguments leave it as it is or are refused.
 */
export async function recordAnswer(
  list: readonly Answer[],
  given: Given,
  artifacts: ArtifactStore,
): Promise<readonly Answer[]> {
  const { key, result, change } = given;
  const record = { ...(result && { result }), change } as AnswerRecord;
  const text = JSON.stringify(record);
  const name = key === null ? '' : shorten(key);
  if (text.length <= INLINE) return newest([...list, { key: name, size: text.length, record }]);
  const label = { name: 'answer.json', mediaType: 'application/json' };
  const { $artifact } = await artifacts.put(new TextEncoder().encode(text), label);
  return newest([...list, { key: name, size: 64, stored: $artifact }]);
}

function newest(list: readonly Answer[]): readonly Answer[] {
  let from = Math.max(0, list.length - KEPT.most);
  let bytes = list.slice(from).reduce((sum, { size }) => sum + size, 0);
  while (bytes > KEPT.bytes && list.length - from > KEPT.least) bytes -= list[from++]!.size;
  return list.slice(from);
}

/**
 * The answer that was given to a key; null where it was never used, or was forgotten. `state` is the session's state
 * after the newest answer.
 */
export async function recallAnswer(
  list: readonly Answer[],
  key: string,
  { state, artifacts }: { readonly state: WorldState; readonly artifacts: ArtifactStore },
): Promise<Observation | null> {
  const name = shorten(key);
  const at = list.findLastIndex((answer) => answer.key === name);
  if (at === -1) return null;
  try {
    const records = await Promise.all(list.slice(at).map((answer) => recordOf(answer, artifacts)));
    const [mine, ...later] = records;
    const after = stateBefore(
      state,
      later.map(({ change }) => change),
    );
    return { result: mine!.result!, state: after, before: stateBefore(after, [mine!.change]) };
  } catch (thrown) {
    // No event refers to the record, so that it is kept for an hour only.
    if (PraxisError.from(thrown).code === 'missing') return null;
    throw thrown;
  }
}

async function recordOf({ record, stored }: Answer, artifacts: ArtifactStore): Promise<AnswerRecord> {
  if (record !== undefined) return record;
  const { bytes } = await readArtifact(artifacts, stored!, Number.MAX_SAFE_INTEGER);
  return recordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
