import type { ArtifactRef, Json, Output } from '@praxis/core';
import { bytes, visible } from './words.js';

/** Lines of a value that are shown before it is cut. */
const MOST_LINES = 40;

/** What a run gave: its value as people read it, and its files. */
export function resultLines(result: Output | null): readonly string[] {
  if (result === null) return [];
  const files = result.artifacts.map((ref) => `  ${visible(ref.name)}  ${bytes(ref.size)}  ${ref.mediaType}`);
  const { value } = result;
  const shown = value === null ? [] : valueLines(value);
  return [
    ...(shown.length === 0 ? [] : ['', 'result', ...shown.map((line) => `  ${line}`)]),
    ...(files.length === 0 ? [] : ['', 'files', ...files]),
  ];
}

function valueLines(value: Json): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const lines = text.split('\n').map(visible);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… (${lines.length - MOST_LINES} more lines; --json gives all of it)`];
}

/** The files of a result in the words of the command that saves them. */
export const savingHint = (run: string, { artifacts }: { readonly artifacts: readonly ArtifactRef[] }): string | null =>
  artifacts.length === 0 ? null : `save the files with: praxis artifacts ${run} --save DIR`;
