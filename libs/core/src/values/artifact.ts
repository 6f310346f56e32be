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
export const isArtifactRef = (value: unknown): value is ArtifactRef => artifactRefSchema.safeParse(value).success;

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
