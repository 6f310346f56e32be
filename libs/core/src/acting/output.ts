import { z } from 'zod';
import { artifactRefSchema } from '../values/artifact.js';
import { jsonSchema } from '../values/json.js';

/** The largest value that an event holds, in bytes of JSON; a larger one becomes an artifact and a preview. */
export const VALUE_LIMIT = 256 * 1024;

/** What an action gave. */
export const outputSchema = z.object({
  /** A large value is an artifact reference with a `preview` text beside it. */
  value: jsonSchema,
  /** The files that it made or changed; their names are paths in the workspace. */
  artifacts: z.array(artifactRefSchema).default([]),
  /** Sources outside Praxis that wrote parts of it, such as `http:shop.example`. */
  taint: z.array(z.string()).default([]),
});
export type Output = z.infer<typeof outputSchema>;

/** Outputs by name: inputs of a goal, results of steps, what one subgoal leaves to another. */
export type Outputs = Readonly<Record<string, Output>>;
