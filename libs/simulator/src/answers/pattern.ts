import { z } from 'zod';

/** A regular expression in a script; upper and lower case are the same. */
export const patternSchema = z.string().transform((text, context) => {
  try {
    return new RegExp(text, 'i');
  } catch {
    context.addIssue({ code: 'custom', message: 'is no regular expression' });
    return z.NEVER;
  }
});
