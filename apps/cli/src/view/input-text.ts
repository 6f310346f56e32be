import { clipText, isArtifactRef, type Json } from '@praxis/core';
import { bytes, visible } from './words.js';

/** Longest value that is shown on a line, in characters. */
const LONGEST = 120;
/** Most files that are named. */
const MOST_NAMED = 5;

/** An input on one line: a file by its name and size, a value in short. */
export function inputText(value: Json): string {
  if (isArtifactRef(value)) return `${visible(value.name)} (${bytes(value.size)}, ${visible(value.mediaType)})`;
  if (Array.isArray(value) && value.length > 0 && value.every(isArtifactRef)) {
    const names = value.slice(0, MOST_NAMED).map(({ name }) => visible(name));
    const more = value.length > MOST_NAMED ? ` and ${value.length - MOST_NAMED} more` : '';
    return `${names.join(', ')}${more}`;
  }
  const text = visible(typeof value === 'string' ? value : JSON.stringify(value));
  const short = clipText(text, LONGEST);
  return short === text ? text : `${short}…`;
}
