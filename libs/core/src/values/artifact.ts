import { z } from 'zod';
import type { Json } from './json.js';

/**
 * Bytes that are stored once, under their SHA-256. It is plain JSON, so that an argument, an output or an input of a
 * goal may hold one anywhere; `$artifact` marks it.
 */
export const artifactRefSchema = z.object({
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  $artifact: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  mediaType: z.string().min(1),
  /** A file name or a path in the workspace, such as `charts/top.svg`. */
  name: z.string().min(1),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** Whether a value refers to an artifact. */
export const isArtifactRef = (value: unknown): value is ArtifactRef =>
  hasMark(value) && artifactRefSchema.safeParse(value).success;

const hasMark = (value: unknown): value is { readonly $artifact: unknown } =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, '$artifact');

/** All artifacts that a value refers to, at any depth, each once. */
export function artifactsIn(value: Json | undefined): readonly ArtifactRef[] {
  const found = new Map<string, ArtifactRef>();
  const visit = (part: Json | undefined): void => {
    if (part === null || typeof part !== 'object') return;
    if (isArtifactRef(part)) return void found.set(`${part.$artifact} ${part.name}`, part);
    for (const inner of Object.values(part)) visit(inner as Json);
  };
  visit(value);
  return [...found.values()];
}

/** Whether a text can be the hash of an artifact. */
export const isArtifactHash = (text: string): boolean => artifactRefSchema.shape.$artifact.safeParse(text).success;

/**
 * The SHA-256 of all artifacts that a value marks, at any depth, each once. It asks for nothing but the mark, so that
 * what an event names is kept even where the rest of the reference is wrong.
 */
export function artifactHashesIn(value: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (part === null || typeof part !== 'object') return;
    if (Array.isArray(part)) return part.forEach(visit);
    if (hasMark(part) && typeof part.$artifact === 'string' && isArtifactHash(part.$artifact))
      found.add(part.$artifact);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return [...found];
}
