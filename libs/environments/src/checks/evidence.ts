import { previewText, type ArtifactStore, type Outputs, type WorldSession } from '@praxis/core';
import { readArtifact, textOf } from '../workspace/read-artifact.js';

/** Files and outputs that a judge is shown, and how much of each, in characters. */
const MOST = { files: 12, outputs: 24, characters: 2_000 } as const;

/** What there is to judge finished work by: its outputs and its files, one line each. */
export async function evidenceLines(
  session: Pick<WorldSession, 'files' | 'observe'>,
  artifacts: ArtifactStore,
  outputs: Outputs,
): Promise<readonly string[]> {
  const values = Object.entries(outputs)
    .slice(-MOST.outputs)
    .map(([name, { value }]) => `output ${name}: ${previewText(JSON.stringify(value), MOST.characters)}`);
  const files = (await session.files?.list()) ?? [];
  const shown = await Promise.all(
    files.slice(0, MOST.files).map(async ({ name, $artifact, mediaType, size }) => {
      const { bytes, isWhole } = await readArtifact(artifacts, $artifact, MOST.characters);
      const text = textOf(bytes, isWhole);
      const content = text === null ? 'no text' : JSON.stringify(text);
      return `file ${name} (${mediaType}, ${size} bytes): ${content}${isWhole ? '' : ' …'}`;
    }),
  );
  const more = files.length > MOST.files ? [`and ${files.length - MOST.files} more files`] : [];
  const { facts } = await session.observe();
  const known = facts.filter((f) => !f.startsWith('(file ')).slice(0, MOST.outputs);
  return [...values, ...shown, ...more, ...known.map((f) => `fact ${f}`)];
}
