import { effectClassSchema, jsonSchema, type EffectClass, type JsonSchema } from '@praxis/core';
import { z } from 'zod';
import { checkerOf } from '../schema/value-check.js';
import { parameterFaults } from './parameter-faults.js';
import { retrySchema } from './retry-policy.js';
import { shortParameterSchema } from './short-parameters.js';
import { placeholders, templateFault } from './url-template.js';
import { skillNameSchema, wordSchema } from './words.js';

/** Headers that follow from the call, or that HTTP itself sets. */
const OWN_HEADERS = new Set([
  'idempotency-key',
  'content-type',
  'content-length',
  'connection',
  'host',
  'transfer-encoding',
]);

const timeoutSchema = z.number().int().min(1).max(600_000).default(10_000);
const urlSchema = z.string().superRefine((template, context) => {
  const fault = templateFault(template);
  if (fault !== null) context.addIssue(fault);
});

/** A header's value: the text itself, or where a secret stands. */
const headerSchema = z.union(
  [z.string(), z.strictObject({ file: z.string().min(1), prefix: z.string().default('') })],
  { error: 'must be a text, or { file: PATH } for a secret' },
);
const headersSchema = z.record(
  z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name of a header')
    .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), 'is set by Praxis itself; leave it out'),
  headerSchema,
);
export type DeclaredHeaders = z.infer<typeof headersSchema>;

/** A JSON Schema that can be used. */
function checkSchema(schema: JsonSchema, context: z.core.$RefinementCtx): void {
  const check = checkerOf(schema);
  if ('problem' in check) context.addIssue(check.problem);
}
const schemaSchema = z.record(z.string(), jsonSchema).superRefine(checkSchema);
const inputSchema = z
  .record(z.string(), jsonSchema)
  .transform((schema): JsonSchema => ({ type: 'object', ...schema }))
  .superRefine(checkSchema)
  .refine((schema) => schema.type === 'object', 'must be a schema of type object, with a property for each argument');
const literalSchema = z.string().regex(/^\((not \()?[^()]+\)?\)$/, 'must be a literal such as (reminded ?invoice)');
const resourceSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*(:[a-z0-9]+(-[a-z0-9]+)*)?$/, 'must be a word such as gpu or mount:photos');

const undoSchema = z.strictObject({
  skill: skillNameSchema,
  args: z
    .record(z.string(), z.string().regex(/^(key|args\.[A-Za-z][\w-]*)$/, 'must be `key` or `args.NAME`'))
    .default({}),
});

const entrySchema = z.strictObject({
  name: skillNameSchema,
  performs: z.string().min(1).nullable().default(null),
  summary: z.string().default(''),
  parameters: z.array(shortParameterSchema).nullable().default(null),
  input: inputSchema.nullable().default(null),
  output: schemaSchema.nullable().default(null),
  requires: z.array(literalSchema).default([]),
  ensures: z.array(literalSchema).default([]),
  reads: z.array(z.string().min(1)).default([]),
  writes: z.array(z.string().min(1)).default([]),
  resources: z.array(resourceSchema).default([]),
  effect: effectClassSchema.optional(),
  keyed: z.boolean().default(false),
  polling: z.boolean().default(false),
  risk: z.number().nonnegative().nullable().default(null),
  money: z.number().nonnegative().nullable().default(null),
  undo: undoSchema.nullable().default(null),
  http: z.strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    url: urlSchema,
    query: z.record(z.string().min(1), jsonSchema).default({}),
    headers: headersSchema.default({}),
    body: z
      .union([z.enum(['json', 'form', 'none']), z.record(z.string(), jsonSchema), z.array(jsonSchema)], {
        error: 'must be json, form, none, or the body itself with {name} for arguments',
      })
      .nullable()
      .default(null),
    select: z.string().nullable().default(null),
    timeoutMs: timeoutSchema,
  }),
  retry: retrySchema.nullable().default(null),
  probe: z
    .strictObject({
      method: z.literal('GET').default('GET'),
      url: urlSchema,
      headers: headersSchema.nullable().default(null),
      timeoutMs: timeoutSchema,
    })
    .nullable()
    .default(null),
});
export type Entry = z.infer<typeof entrySchema>;

/** What is wrong with a field of an entry. */
export type Fault = readonly [path: readonly (string | number)[], message: string];

/**
 * One skill done by HTTP, as a file declares it. `performs` names the world whose action of the same name it really
 * does.
 */
export const declarationSchema = entrySchema
  .superRefine((entry, context) => {
    for (const [path, message] of [...natureFaults(entry), ...parameterFaults(entry)])
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .transform((entry) => ({ ...entry, effect: effectOf(entry) }));
export type Declaration = z.infer<typeof declarationSchema>;

/** A whole file. */
export const skillsFileSchema = z.strictObject({
  /** Every name becomes `namespace.name`, except of skills that perform a world's action. */
  namespace: wordSchema.nullable().default(null),
  skills: z.array(declarationSchema),
});

/** The names that a field may have, for the nearest one to a slip. */
export const FIELD_NAMES: readonly string[] = [
  'skills',
  'type',
  'file',
  'prefix',
  'skill',
  'args',
  'method',
  'url',
  'headers',
  'timeoutMs',
  'namespace',
  ...Object.keys(shortParameterSchema.shape),
  ...Object.keys(retrySchema.shape),
  ...Object.keys(entrySchema.shape.http.shape),
  ...Object.keys(entrySchema.shape),
];

const isLook = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** By the rules of HTTP a GET changes nothing; of any other request nothing is known. */
const effectOf = ({ effect, http }: Entry): EffectClass => effect ?? (isLook(http.method) ? 'pure' : 'unknown');

function* natureFaults(entry: Entry): Iterable<Fault> {
  const { performs, summary, undo, probe } = entry;
  const effect = effectOf(entry);
  if (performs === null && summary === '') yield [['summary'], 'is missing; say in a few words what the skill does'];
  yield* lookFaults(entry, effect);
  if (effect === 'compensable' && undo === null)
    yield [['undo'], 'is missing; name the skill that takes this back, or choose another effect'];
  if (effect !== 'compensable' && undo !== null) yield [['effect'], 'must be compensable where there is an undo'];
  if (probe !== null && !placeholders(probe.url).includes('key'))
    yield [['probe', 'url'], 'must contain {key}, about which it is asked'];
}

function* lookFaults({ http: { method, body } }: Entry, effect: EffectClass): Iterable<Fault> {
  if (!isLook(method)) return;
  if (effect !== 'pure')
    yield [
      ['effect'],
      `must be pure, since by the rules of HTTP a ${method} changes nothing; where yours does, use another method`,
    ];
  if (body !== null && body !== 'none') yield [['http', 'body'], `must be left out: a ${method} has no body`];
}
