import { VALUE_LIMIT, type ArtifactStore, type Json, type Observation } from '@praxis/core';

/** So much of a large value is shown instead of it, in characters. */
const PREVIEW = 2_000;

/**
 * An observation whose output fits an event: a value of more than `VALUE_LIMIT` bytes becomes an artifact, with its
 * beginning as `preview`.
 */
export async function boundedOutput(observation: Observation, artifacts: ArtifactStore): Promise<Observation> {
  const { result } = observation;
  if (!result.ok || result.output === undefined) return observation;
  const text = JSON.stringify(result.output.value);
  if (text.length <= VALUE_LIMIT / 4 || Buffer.byteLength(text) <= VALUE_LIMIT) return observation;
  const ref = await artifacts.put(Buffer.from(text), { name: 'value.json', mediaType: 'application/json' });
  const value: Json = { ...ref, preview: `${text.slice(0, PREVIEW)} …` };
  return { ...observation, result: { ...result, output: { ...result.output, value } } };
}
