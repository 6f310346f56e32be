import { previewText, type ArtifactStore, type Output, type Outputs, type WorldSession } from '@praxis/core';
import { readArtifact, textOf } from '../workspace/read-artifact.js';

/** Files and outputs that a judge is shown, and how much of each, in characters. */
const MOST = { files: 12, outputs: 24, characters: 2_000 } as const;

/** What there is to judge by: what was handed in, and what was made of it. */
export interface Evidence {
  readonly inputs: Outputs;
  readonly outputs: Outputs;
}

/**
 * What there is to judge finished work by: its outputs and its files, one line each. What was handed in is named as an
 * input, so that it never passes for what was made.
 */
export async function evidenceLines(
  session: Pick<WorldSession, 'files' | 'observe'>,
  artifacts: ArtifactStore,
  { inputs, outputs }: Evidence,
): Promise<readonly string[]> {
  const given = valueLines('input', Object.entries(inputs));
  const values = valueLines(
    'output',
    Object.entries(outputs).filter(([name]) => !Object.hasOwn(inputs, name)),
  );
  const handedIn = new Set(Object.values(inputs).flatMap((input) => input.artifacts.map((ref) => ref.$artifact)));
  const files = (await session.files?.list()) ?? [];
  const shown = await Promise.all(
    files.slice(0, MOST.files).map(async ({ name, $artifact, mediaType, size }) => {
      const { bytes, isWhole } = await readArtifact(artifacts, $artifact, MOST.characters);
      const text = textOf(bytes, isWhole);
      const content = text === null ? 'no text' : JSON.stringify(text);
      const whose = handedIn.has($artifact) ? 'input file' : 'file';
      return `${whose} ${name} (${mediaType}, ${size} bytes): ${content}${isWhole ? '' : ' …'}`;
    }),
  );
  const more = files.length > MOST.files ? [`and ${files.length - MOST.files} more files`] : [];
  const { facts } = await session.observe();
  const known = facts.filter((f) => !f.startsWith('(file ')).slice(0, MOST.outputs);
  return [...given, ...values, ...shown, ...more, ...known.map((f) => `fact ${f}`)];
}

const valueLines = (what: string, entries: readonly (readonly [string, Output])[]): readonly string[] =>
  entries
    .slice(-MOST.outputs)
    .map(([name, { value }]) => `${what} ${name}: ${previewText(JSON.stringify(value), MOST.characters)}`);
