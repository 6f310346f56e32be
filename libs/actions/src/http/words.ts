import { z } from 'zod';

/** The name of a parameter. */
export const wordSchema = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'must be a word of letters, digits, - and _ that begins with a letter');

/** The name of a skill: words with dots between them, such as `billing.remind`. */
export const skillNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/,
    'must be a word of letters, digits, - and _ that begins with a letter; a dot may follow a source, as in billing.remind',
  );
