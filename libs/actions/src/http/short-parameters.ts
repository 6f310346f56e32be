import { jsonSchema, type Json, type JsonSchema, type SkillParameter } from '@praxis/core';
import { z } from 'zod';
import { parametersOf } from '../schema/parameters.js';
import { wordSchema } from './words.js';

/** One parameter in the short form of a file. */
export const shortParameterSchema = z.strictObject({
  name: wordSchema,
  type: z.string().min(1).default('string'),
  description: z.string().optional(),
  optional: z.boolean().optional(),
  default: jsonSchema.optional(),
  enum: z.array(jsonSchema).min(1).optional(),
});
type ShortParameter = z.infer<typeof shortParameterSchema>;

const JSON_TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array']);

/** Any value but null: what a type that is not JSON's own means is for the skill to say. */
const ANYTHING = ['string', 'number', 'boolean', 'object', 'array'];

/** The arguments of a declared skill, in both forms. */
export interface DeclaredInput {
  readonly parameters: readonly SkillParameter[];
  readonly input?: JsonSchema;
}

/** What a declaration's schema or short parameters say; a parameter with a default may be left out. */
export function declaredInput(input: JsonSchema | null, short: readonly ShortParameter[] | null): DeclaredInput {
  if (input !== null) return { parameters: parametersOf(input), input };
  if (short === null) return { parameters: [] };
  const isOptional = (p: ShortParameter): boolean => p.optional === true || p.default !== undefined;
  return {
    parameters: short.map((p) => ({ name: p.name, type: p.type, ...(isOptional(p) && { optional: true }) })),
    input: {
      type: 'object',
      properties: Object.fromEntries(short.map((p) => [p.name, propertyOf(p)])),
      required: short.filter((p) => !isOptional(p)).map((p) => p.name),
      additionalProperties: false,
    },
  };
}

function propertyOf({ type, description, default: ifLeftOut, enum: values }: ShortParameter): Json {
  const isOwn = JSON_TYPES.has(type);
  const said = description ?? (isOwn ? undefined : type);
  return {
    type: isOwn ? type : ANYTHING,
    ...(said !== undefined && { description: said }),
    ...(ifLeftOut !== undefined && { default: ifLeftOut }),
    ...(values !== undefined && { enum: values }),
  };
}
