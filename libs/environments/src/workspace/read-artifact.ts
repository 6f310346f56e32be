import type { ArtifactStore } from '@praxis/core';

/** The first bytes of an artifact, at most `limit`; `isWhole` where there are no more. */
export async function readArtifact(
  artifacts: ArtifactStore,
  sha256: string,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of artifacts.get(sha256)) {
    parts.push(part);
    size += part.length;
    if (size > limit) break;
  }
  const bytes = Buffer.concat(parts);
  return { bytes: bytes.subarray(0, limit), isWhole: size <= limit };
}

/** Bytes as text without a byte order mark; null where they are not UTF-8. */
export function textOf(bytes: Uint8Array, isWhole = true): string | null {
  try {
    // Where there are more bytes than were read, the last character may be cut.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return null;
  }
}
