import { z } from 'zod';

/**
 * What a run did about one constraint of its request. `unchecked`: it could not be established; `why` says for what
 * reason.
 */
export const constraintVerdictSchema = z.object({
  text: z.string(),
  verdict: z.enum(['kept', 'broken', 'unchecked']),
  why: z.string(),
});
export type ConstraintVerdict = z.infer<typeof constraintVerdictSchema>;

/** A constraint as people see it; `pending` until the run has reached its goal and is judged. */
export type ConstraintView = Omit<ConstraintVerdict, 'verdict'> & {
  readonly verdict: ConstraintVerdict['verdict'] | 'pending';
};

/** Most constraints that a request may have, and the longest text of one; more than this is a document, not a wish. */
export const CONSTRAINTS = { most: 12, characters: 500 } as const;

/** How a run ends whose goal holds: a broken constraint fails it, and one that could not be checked is named. */
export function endOfReached(verdicts: readonly ConstraintVerdict[]): {
  readonly outcome: 'done' | 'failed';
  readonly reason: string;
} {
  const broken = verdicts.filter((v) => v.verdict === 'broken');
  const unchecked = verdicts.filter((v) => v.verdict === 'unchecked');
  const told = [
    ...(broken.length > 0 ? [`the run broke what was asked for: ${broken.map(quote).join('; ')}`] : []),
    ...(unchecked.length > 0 ? [`not checked: ${unchecked.map(quote).join('; ')}`] : []),
  ];
  if (told.length === 0) return { outcome: 'done', reason: 'the goal holds' };
  return broken.length > 0
    ? { outcome: 'failed', reason: `the goal holds, but ${told.join('; ')}` }
    : { outcome: 'done', reason: `the goal holds; ${told.join('; ')}` };
}

const quote = ({ text, why }: ConstraintVerdict): string => `"${text}"${why === '' ? '' : ` (${why})`}`;
