import { planCandidateSchema } from '@praxis/strategy';
import { z } from 'zod';

/** What a planning strategy tells whoever writes plans. */
export const designContextSchema = z.object({
  problems: z.array(z.string()),
  critique: z.array(z.string()),
  answers: z.array(z.tuple([z.string(), z.string()])),
  last: planCandidateSchema.nullable().default(null),
});
