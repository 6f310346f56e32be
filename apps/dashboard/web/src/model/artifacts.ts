import type { ArtifactRef, Json, Output } from '../../../src/api.js';

const HASH = /^[0-9a-f]{64}$/;

/** Whether a value refers to a file. */
export function isFile(value: Json | undefined): value is ArtifactRef & Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { $artifact, size, mediaType, name } = value as Readonly<Record<string, Json | undefined>>;
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  const isText = (text: unknown): boolean => typeof text === 'string' && text !== '';
  return typeof $artifact === 'string' && HASH.test($artifact) && isSize && isText(mediaType) && isText(name);
}

/** All files that a value refers to, at any depth, each once. */
export function filesIn(value: Json | undefined): readonly ArtifactRef[] {
  const found = new Map<string, ArtifactRef>();
  const visit = (part: Json | undefined): void => {
    if (typeof part !== 'object' || part === null) return;
    if (isFile(part)) return void found.set(`${part.$artifact} ${part.name}`, part);
    for (const inner of Object.values(part)) visit(inner as Json);
  };
  visit(value);
  return [...found.values()];
}

/** The files of an output: those it says it made, then those that only its value refers to. */
export function filesOf({ value, artifacts }: Pick<Output, 'value' | 'artifacts'>): readonly ArtifactRef[] {
  const all = [...artifacts, ...filesIn(value)].map((ref) => [`${ref.$artifact} ${ref.name}`, ref] as const);
  return [...new Map(all).values()];
}

/** Longer names are left out of an address: the server then takes the name that it knows. */
const LONGEST = 500;

/** Where a file of a run is found: to be saved, or to be looked at. */
export function fileAddress(run: string, { $artifact, name }: ArtifactRef, use: 'save' | 'view'): string {
  // Half a character has no place in an address.
  const isNamed = name.length <= LONGEST && !/\p{Surrogate}/u.test(name);
  const query = [...(use === 'view' ? ['view=1'] : []), ...(isNamed ? [`name=${encodeURIComponent(name)}`] : [])];
  return `/api/runs/${encodeURIComponent(run)}/artifacts/${$artifact}${query.length > 0 ? '?' : ''}${query.join('&')}`;
}
