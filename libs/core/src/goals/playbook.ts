import { z } from 'zod';
import { checkSchema } from '../acting/check.js';
import { nameSchema, scriptStepSchema } from '../acting/script.js';
import { freeRecord } from '../values/free-record.js';
import { jsonSchema } from '../values/json.js';

/** One input of a playbook. `file` is a file that the caller hands in, `mount` a folder that executors offer. */
export const playbookInputSchema = z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'file', 'files', 'url', 'mount', 'object', 'array']),
  summary: z.string().default(''),
  /** Media type of a file. */
  media: z.string().optional(),
  /** JSON Schema that a value has to fit besides. */
  schema: freeRecord(jsonSchema).optional(),
  /** Taken where nothing is given; an input without it is required. */
  default: jsonSchema.optional(),
});
export type PlaybookInput = z.infer<typeof playbookInputSchema>;

/** What a playbook may use; everything else is refused. Absent lists allow everything of their kind. */
export const grantsSchema = z.strictObject({
  /** Skills, as names or patterns with `*`. */
  skills: z.array(z.string()).optional(),
  /** Hosts of the network, as names or patterns. */
  hosts: z.array(z.string()).optional(),
  paths: z.strictObject({ write: z.array(z.string()).optional() }).optional(),
  mounts: freeRecord(z.enum(['read', 'write'])).optional(),
});
export type Grants = z.infer<typeof grantsSchema>;

/** A plan that a person wrote: partially ordered steps with references between them. */
export const playbookSchema = z.strictObject({
  playbook: nameSchema,
  /** May hold `{{ input }}`. */
  title: z.string().min(1).max(500),
  summary: z.string().default(''),
  /** Words or patterns with `*` by which a request chooses it. */
  matches: z.array(z.string()).default([]),
  inputs: z.record(nameSchema, playbookInputSchema).default({}),
  grants: grantsSchema.optional(),
  steps: z.array(scriptStepSchema).min(1).max(500),
  /** What holds when it is done. */
  done: z.array(checkSchema).default([]),
  /** What the run gives: a value with references; absent: the outputs that no other step uses. */
  result: jsonSchema.optional(),
});
export type Playbook = z.infer<typeof playbookSchema>;
/** A playbook as a person writes it. */
export type PlaybookFile = z.input<typeof playbookSchema>;
