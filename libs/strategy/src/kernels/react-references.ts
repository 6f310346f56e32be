import { resolveArgs } from '@praxis/expressions';
import type { ActorCandidate } from '../contract/candidates.js';
import type { ReactState } from './react-state.js';

/** A candidate as it would be done, or why it cannot be. */
export interface ResolvedCandidate<C extends ActorCandidate = ActorCandidate> {
  readonly candidate: C;
  /** A reference that leads nowhere; null where all lead somewhere. */
  readonly missing: string | null;
}

/**
 * Replaces what a candidate's arguments refer to by the values, before it is chosen.
 *
 * react-references.1 What is decided holds values, no references; a reference that leads nowhere is no step.
 * react-references.2 What is taken from an output is data: a reference in it is never followed. A text with a template in
 *                    it stays as it is.
 * react-references.3 The taint of an output follows its value.
 * react-references.4 Only a model's arguments are read so, and not in streams that name no inputs: those of older
 *                    releases.
 */
export function resolveReferences(
  { opened, outputs }: Pick<ReactState, 'opened' | 'outputs'>,
  candidate: ActorCandidate,
): ResolvedCandidate {
  if (candidate.kind !== 'act' || candidate.origin !== 'model' || opened.inputs === undefined)
    return { candidate, missing: null };
  const resolved = resolveArgs(candidate.action.args, outputs, { plain: true });
  if ('missing' in resolved) return { candidate, missing: resolved.missing };
  const taint = [...new Set([...candidate.taint, ...resolved.taint])];
  return { candidate: { ...candidate, action: { ...candidate.action, args: resolved.args }, taint }, missing: null };
}
