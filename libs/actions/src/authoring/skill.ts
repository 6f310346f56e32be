import {
  artifactRefSchema,
  digest,
  PraxisError,
  type ArtifactRef,
  type Json,
  type JsonSchema,
  type Observation,
  type Output,
  type Skill,
  type SkillCall,
  type SkillManifest,
} from '@praxis/core';
import { suggestion } from '@praxis/search';
import { z } from 'zod';
import { closedSchema, parametersOf } from '../schema/parameters.js';
import { toJson } from './json-value.js';
import { failedObservation, SkillError } from './skill-error.js';
import { compileSchema, type CompiledSchema, type SkillSchema, type ValueOf } from './skill-schema.js';

/** What a skill gives besides a value. An object with `value` and nothing but these fields is taken as this. */
export interface SkillResult {
  readonly value: unknown;
  /** Files that it made; their names are paths in the workspace. */
  readonly artifacts?: readonly ArtifactRef[];
  /** For people; absent: the beginning of the value. */
  readonly message?: string;
  /** Sources outside Praxis that wrote parts of it. */
  readonly taint?: readonly string[];
}

/** What a manifest may say besides what `skill` works out. */
type ManifestNotes = Partial<
  Pick<
    SkillManifest,
    'effect' | 'keyed' | 'source' | 'outside' | 'requires' | 'ensures' | 'reads' | 'writes' | 'resources'
  > &
    Pick<SkillManifest, 'polling' | 'undo' | 'risk' | 'money'>
>;

/** A skill as its author writes it. */
export interface SkillDefinition<I extends SkillSchema> extends ManifestNotes {
  readonly name: string;
  readonly summary: string;
  /** An object: its properties are the arguments. */
  readonly input: I;
  readonly output?: SkillSchema;
  /**
   * Gives a plain JSON value or a `SkillResult`. A `SkillError` that it throws says why it failed; any other error is a
   * `world-error` with its message.
   */
  run(args: ValueOf<I>, call: SkillCall): unknown;
}

/** Characters of a value that make up the message where a skill says none. */
const MESSAGE_LENGTH = 200;

/**
 * Makes a skill of a function. `effect` is `pure` unless it says otherwise, and what is pure is `keyed`.
 *
 * skill.1 Arguments that do not fit `input` never reach `run`: they are `invalid-args`, and the message names the field.
 * skill.2 A value that does not fit `output`, or is no JSON, is a `world-error`; nothing is changed to make it fit.
 * skill.3 Whatever `run` throws is an observation (S10), without a stack.
 * skill.4 The manifest's hash changes with everything else that it says.
 *
 * @example
 * export const greet = skill({
 *   name: 'greet',
 *   summary: 'greets somebody by name',
 *   input: z.object({ name: z.string() }),
 *   run: ({ name }) => `Hello, ${name}!`,
 * });
 */
export function skill<I extends SkillSchema>(definition: SkillDefinition<I>): Skill {
  const { name } = definition;
  const input = compileSchema(definition.input, 'input', name);
  if (input.json.type !== 'object')
    throw new PraxisError(
      'invalid',
      `The input schema of the skill ${name} must be an object, one property an argument.`,
    );
  const output = definition.output === undefined ? null : compileSchema(definition.output, 'output', name);
  const manifest = manifestOf(definition, closedSchema(input.json), output?.json);
  const isRepeatable = manifest.effect === 'pure' || manifest.keyed;

  const run = async (call: SkillCall): Promise<Observation> => {
    try {
      call.signal.throwIfAborted();
      const args = await checkedArguments(call, manifest, input);
      const given = await definition.run(args as ValueOf<I>, call);
      return { result: { ok: true, ...(await checkedOutput(given, manifest, output)) }, state: null };
    } catch (thrown) {
      return failedObservation(thrown, { skill: name, isCancelled: call.signal.aborted, isRepeatable });
    }
  };
  return { manifest, run };
}

function manifestOf(
  { name, summary, input: _input, output: _output, run: _run, ...notes }: SkillDefinition<SkillSchema>,
  input: JsonSchema,
  output: JsonSchema | undefined,
): SkillManifest {
  const effect = notes.effect ?? 'pure';
  const manifest = {
    source: 'module',
    ...notes,
    name,
    summary,
    parameters: parametersOf(input),
    input,
    ...(output !== undefined && { output }),
    effect,
    keyed: notes.keyed ?? effect === 'pure',
  };
  return { ...manifest, hash: digest(JSON.parse(JSON.stringify(manifest)) as Json) };
}

async function checkedArguments(
  { action }: SkillCall,
  { name, input, parameters }: SkillManifest,
  schema: CompiledSchema,
): Promise<unknown> {
  const names = parameters.map((parameter) => parameter.name);
  const stray = Object.keys(action.args).find((argument) => !names.includes(argument));
  const isClosed = input?.additionalProperties === false || input?.unevaluatedProperties === false;
  if (stray !== undefined && isClosed)
    throw new SkillError('invalid-args', `${name} has no argument \`${stray}\`${suggestion(stray, names)}`);
  // An optional argument that is null is one that was left out: models and templates write it so.
  const optional = new Set(parameters.filter((parameter) => parameter.optional).map((parameter) => parameter.name));
  const given = Object.fromEntries(
    Object.entries(action.args).filter(([argument, value]) => value !== null || !optional.has(argument)),
  );
  const checked = await schema.check(given);
  if ('fault' in checked) throw new SkillError('invalid-args', `${name}: ${checked.fault}`);
  return checked.value;
}

async function checkedOutput(
  given: unknown,
  { name, outside }: SkillManifest,
  schema: CompiledSchema | null,
): Promise<{ readonly message: string; readonly output: Output }> {
  const result = asResult(given);
  const made = toJson(result.value);
  if ('fault' in made) throw new SkillError('world-error', `${name} gave a value that is no JSON: ${made.fault}`);
  const checked = await schema?.check(made.json);
  if (checked !== undefined && 'fault' in checked)
    throw new SkillError('world-error', `${name} gave a value that does not fit its output schema: ${checked.fault}`);
  const taint = result.taint ?? (outside === true ? [`skill:${name}`] : []);
  return {
    message: result.message ?? preview(made.json),
    output: { value: made.json, artifacts: [...(result.artifacts ?? [])], taint: [...taint] },
  };
}

const resultSchema = z.strictObject({
  value: z.unknown(),
  artifacts: z.array(artifactRefSchema).optional(),
  message: z.string().optional(),
  taint: z.array(z.string()).optional(),
});

function asResult(given: unknown): SkillResult {
  const isObject = typeof given === 'object' && given !== null && 'value' in given;
  const result = isObject ? resultSchema.safeParse(given) : null;
  return result?.success === true ? (result.data as SkillResult) : { value: given };
}

function preview(value: Json): string {
  if (value === null) return 'done';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MESSAGE_LENGTH ? text : `${text.slice(0, MESSAGE_LENGTH).replace(/[\uD800-\uDBFF]$/, '')} …`;
}
