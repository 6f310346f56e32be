import { effectClassSchema } from '@praxis/core';
import { z } from 'zod';
import { placeholders, templateFault } from './url-template.js';

/** Headers that follow from the call, or that HTTP itself sets. */
const OWN_HEADERS = new Set([
  'idempotency-key',
  'content-type',
  'content-length',
  'connection',
  'host',
  'transfer-encoding',
]);

const wordSchema = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'must be a word of letters, digits, - and _ that begins with a letter');
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

const undoSchema = z.strictObject({
  skill: wordSchema,
  args: z
    .record(z.string(), z.string().regex(/^(key|args\.[A-Za-z][\w-]*)$/, 'must be `key` or `args.NAME`'))
    .default({}),
});

const entrySchema = z.strictObject({
  name: wordSchema,
  performs: z.string().min(1).nullable().default(null),
  summary: z.string().default(''),
  parameters: z
    .array(z.strictObject({ name: wordSchema, type: z.string().min(1).default('string') }))
    .nullable()
    .default(null),
  effect: effectClassSchema.default('unknown'),
  keyed: z.boolean().default(false),
  polling: z.boolean().default(false),
  risk: z.number().nonnegative().nullable().default(null),
  money: z.number().nonnegative().nullable().default(null),
  undo: undoSchema.nullable().default(null),
  http: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    url: urlSchema,
    headers: headersSchema.default({}),
    timeoutMs: timeoutSchema,
  }),
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
type Entry = z.infer<typeof entrySchema>;

type Fault = readonly [path: readonly (string | number)[], message: string];

/**
 * One skill done by HTTP, as a file declares it. `performs` names the world whose action of the same name it really
 * does.
 */
export const declarationSchema = entrySchema.superRefine((entry, context) => {
  for (const [path, message] of [...natureFaults(entry), ...parameterFaults(entry)])
    context.addIssue({ code: 'custom', path: [...path], message });
});
export type Declaration = z.infer<typeof declarationSchema>;

/** A whole file. */
export const skillsFileSchema = z.strictObject({ skills: z.array(declarationSchema) });

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
  ...Object.keys(entrySchema.shape),
];

function* natureFaults({ performs, summary, effect, undo, http, probe }: Entry): Iterable<Fault> {
  if (performs === null && summary === '') yield [['summary'], 'is missing; say in a few words what the skill does'];
  if (http.method === 'GET' && effect !== 'pure')
    yield [
      ['effect'],
      'must be pure, since by the rules of HTTP a GET changes nothing; where yours does, use another method',
    ];
  if (effect === 'compensable' && undo === null)
    yield [['undo'], 'is missing; name the skill that takes this back, or choose another effect'];
  if (effect !== 'compensable' && undo !== null) yield [['effect'], 'must be compensable where there is an undo'];
  if (probe !== null && !placeholders(probe.url).includes('key'))
    yield [['probe', 'url'], 'must contain {key}, about which it is asked'];
}

/** What does not fit the parameters; those of a world's action are known only when the world is open. */
function* parameterFaults({ performs, parameters, undo, http, probe }: Entry): Iterable<Fault> {
  if (performs !== null) {
    if (parameters !== null) yield [['parameters'], `are those of the action of ${performs}; leave them out`];
    return;
  }
  const names = (parameters ?? []).map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (name === 'key') yield [['parameters', i, 'name'], 'must not be `key`, which stands for the idempotency key'];
    if (names.indexOf(name) < i) yield [['parameters', i, 'name'], `stands twice: ${name}`];
  }
  yield* strayNames(names, undo, { http: http.url, probe: probe?.url ?? '' });
}

function* strayNames(
  names: readonly string[],
  undo: Entry['undo'],
  urls: Readonly<Record<'http' | 'probe', string>>,
): Iterable<Fault> {
  const known = [...names, 'key'];
  for (const [field, url] of Object.entries(urls)) {
    const stray = placeholders(url).find((name) => !known.includes(name));
    if (stray !== undefined)
      yield [[field, 'url'], `there is no parameter {${stray}}; there are ${known.map((n) => `{${n}}`).join(', ')}`];
  }
  for (const [to, from] of Object.entries(undo?.args ?? {})) {
    if (from !== 'key' && !names.includes(from.slice(5)))
      yield [['undo', 'args', to], `there is no parameter ${from.slice(5)}; there are ${names.join(', ') || 'none'}`];
  }
}
