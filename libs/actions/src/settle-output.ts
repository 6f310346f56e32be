import {
  VALUE_LIMIT,
  previewText,
  type ActionResult,
  type EffectClass,
  type Json,
  type JsonSchema,
  type Observation,
  type Output,
  type SkillCall,
  type SkillManifest,
} from '@praxis/core';
import { checkerOf } from './schema/value-check.js';

/** Characters of a large value that stand beside its artifact. */
const PREVIEW = 2_000;

/**
 * What a skill gave, checked against what its manifest promises.
 *
 * settle-output.1 A value that does not fit the output schema is a `world-error` with the reason. Of a skill that
 *                 changes something the failure is permanent, since what was done must not be done a second time.
 * settle-output.2 A value that is too large for an event becomes an artifact with a preview, after it was checked.
 */
export async function settleOutput(
  observation: Observation,
  { name, output: schema, effect }: SkillManifest,
  { tools }: Pick<SkillCall, 'tools'>,
): Promise<Observation> {
  const { result } = observation;
  if (!result.ok || (result.output === undefined && schema === undefined)) return observation;
  const faults = faultsOf(result.output?.value ?? null, schema);
  if (faults.length > 0) return { ...observation, result: misfit(name, effect, faults) };
  if (result.output === undefined) return observation;
  return { ...observation, result: { ...result, output: await withinLimit(name, result.output, tools) } };
}

function faultsOf(value: Json, schema: JsonSchema | undefined): readonly string[] {
  if (schema === undefined) return [];
  const check = checkerOf(schema);
  return 'problem' in check ? [check.problem] : check.faults(value);
}

function misfit(name: string, effect: EffectClass, faults: readonly string[]): Extract<ActionResult, { ok: false }> {
  const done = effect === 'pure' ? 'its answer' : 'it was done, but its answer';
  const message = `${name}: ${done} does not fit its output schema: ${faults.join('; ')}`;
  return { ok: false, code: 'world-error', message, ...(effect !== 'pure' && ({ permanent: true } as const)) };
}

async function withinLimit(name: string, output: Output, tools: SkillCall['tools']): Promise<Output> {
  const text = JSON.stringify(output.value);
  const size = Buffer.byteLength(text);
  if (size <= VALUE_LIMIT) return output;
  const preview = previewText(typeof output.value === 'string' ? output.value : text, PREVIEW);
  if (tools === undefined) return { ...output, value: { preview, bytes: size } };
  const isText = typeof output.value === 'string';
  const ref = await tools.artifacts.put(Buffer.from(isText ? (output.value as string) : text), {
    name: `${name}.${isText ? 'txt' : 'json'}`,
    mediaType: isText ? 'text/plain' : 'application/json',
  });
  const value: Json = { ...ref, preview };
  return { ...output, value, artifacts: [...output.artifacts, ref] };
}
