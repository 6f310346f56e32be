import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { actionText } from '../values/action.js';
import { digest } from '../values/digest.js';
import { jsonSchema } from '../values/json.js';
import { checkSchema } from './check.js';

/** A name of a step or an input, as references use it. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, 'must begin with a letter and hold only letters, digits, - and _');

/** The skill that is no call: the strategy of a run asks a person, and the answer is the step's output. */
export const ASK_PERSON = 'ask.person';

/** One step of a script: a call of a skill whose arguments may refer to outputs (`$load.rows`, `{{ load.rows }}`). */
export const scriptStepSchema = z.strictObject({
  /** Later steps refer to its output by this name. */
  id: nameSchema,
  title: z.string().optional(),
  /** The skill. */
  do: z.string().min(1),
  with: freeRecord(jsonSchema).default({}),
  /** Steps that come before, besides those that it refers to. */
  after: z.array(z.string()).default([]),
  /** An expression; where it is false, the step is skipped and its output is null. */
  when: z.string().optional(),
  /** Once for each item of a list, up to `parallel` at a time; its output is the list of results. */
  each: z
    .strictObject({
      of: z.string().min(1),
      as: nameSchema.default('item'),
      parallel: z.number().int().min(1).max(64).default(1),
      /** The step fails where the list is longer: a number, or a reference to one (`$most`). */
      most: z
        .union([z.number().int().min(1).max(100_000), z.string().regex(/^\$/, 'must be a number or a reference')])
        .default(1_000),
    })
    .optional(),
  /** How often a failed call is repeated. */
  retry: z.number().int().min(0).max(10).default(0),
  /** What a failure that stays leads to: the run fails, the step counts as skipped, or a person is asked. */
  onFail: z.enum(['fail', 'skip', 'ask']).default('fail'),
  /** Facts that hold when it is done: what a search over skills plans with. */
  ensures: z.array(z.string()).optional(),
  /** Where untrusted words of the step came from: whatever it asks for is tainted by it. */
  taint: z.array(z.string()).optional(),
  /** What its output must fulfil; a check that fails is a failure of the step. */
  check: z.array(checkSchema).default([]),
});
export type ScriptStep = z.infer<typeof scriptStepSchema>;
/** A step as a person writes it. */
export type ScriptStepInput = z.input<typeof scriptStepSchema>;

/** A step as it is written, with its references: what failed before anything was called is remembered by it. */
export const draftText = ({ do: skill, with: args, each }: Pick<ScriptStep, 'do' | 'with' | 'each'>): string =>
  actionText({ skill, args: { ...args, ...(each !== undefined && { each: each.of }) } });

/** What a step calls, whatever it is called: two steps that do the same have the same. */
export const callDigest = ({ do: skill, with: args, each }: Pick<ScriptStep, 'do' | 'with' | 'each'>): string =>
  digest({ skill, args, each: each === undefined ? null : { of: each.of, as: each.as } });
