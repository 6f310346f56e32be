import {
  actionResultSchema,
  applyChange,
  diffStates,
  isStale,
  sameState,
  stateChangeSchema,
  stateSchema,
  type ActionResult,
  type Observation,
  type WorldState,
} from '@praxis/core';
import { z } from 'zod';

/** Keys older than this many answers are forgotten; a crash asks again only for the last few. */
const KEPT = 256;

/**
 * The recorded answers of a session (environment.1), small enough to be written with every action: only the newest
 * state is kept whole, and each answer says what to change to come to the one before it.
 */
export const answersSchema = z.object({
  last: stateSchema,
  /** Oldest first. */
  list: z.array(
    z.object({
      key: z.string(),
      result: actionResultSchema,
      /** The refusal was stale; kept beside it, so that an older release can read the session. */
      stale: z.literal(true).optional(),
      back: stateChangeSchema,
      /**
       * What to change to come to the state just before the action, often the same as `back`; absent in what an older
       * release kept.
       */
      undo: z.union([stateChangeSchema, z.literal('back')]).optional(),
    }),
  ),
});
export type Answers = z.infer<typeof answersSchema>;

/** No answers yet. */
export const NO_ANSWERS: Answers = { last: { facts: [], numbers: {} }, list: [] };

/** The answer given to a key; null where it was never used. */
export function recall({ last, list }: Answers, key: string): Observation | null {
  const at = list.findLastIndex((answer) => answer.key === key);
  if (at === -1) return null;
  let state: WorldState = last;
  for (const { back } of list.slice(at + 1).reverse()) state = applyChange(state, back);
  const { result: kept, stale, back, undo } = list[at]!;
  const result: ActionResult = stale && !kept.ok ? { ...kept, code: 'stale' } : kept;
  return { result, state, ...(undo && { before: applyChange(state, undo === 'back' ? back : undo) }) };
}

/** An answer as it was given. */
export interface Answer {
  readonly result: ActionResult;
  readonly state: WorldState;
  readonly before?: WorldState;
}

/** What leads from one state to another. */
function way(from: WorldState, to: WorldState): z.infer<typeof stateChangeSchema> {
  const { added, removed, numbers } = diffStates(from, to);
  return { added: [...added], removed: [...removed], numbers: { ...numbers } };
}

/** Adds an answer, and forgets the oldest where there are too many. */
export function record({ last, list }: Answers, key: string, { result, state, before }: Answer): Answers {
  const back = way(state, last);
  const undo = before && (sameState(before, last) ? ('back' as const) : way(state, before));
  const kept = isStale(result)
    ? { result: { ...result, code: 'not-applicable' as const } as ActionResult, stale: true as const }
    : { result };
  const answer = { key, ...kept, back, ...(undo && { undo }) };
  return { last: { facts: [...state.facts], numbers: { ...state.numbers } }, list: [...list, answer].slice(-KEPT) };
}
