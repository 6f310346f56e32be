import { createHash } from 'node:crypto';
import {
  ARTIFACT_PART_BYTES,
  PraxisError,
  artifactRefSchema,
  type ArtifactLabel,
  type ArtifactRef,
} from '@praxis/core';

/**
 * Cuts a stream of bytes into parts of `ARTIFACT_PART_BYTES` and hashes them on the way; the last part may be smaller.
 * Holds one part.
 */
export class ArtifactBytes {
  readonly #hash = createHash('sha256');
  #size = 0;

  constructor(
    private readonly bytes: Uint8Array | AsyncIterable<Uint8Array>,
    private readonly label: ArtifactLabel,
    private readonly maxBytes: number,
  ) {
    if (label.name === '' || label.mediaType === '')
      throw new PraxisError('invalid', 'An artifact needs a name and a media type, such as text/csv.');
  }

  /** Fails with `exhausted` as soon as there are too many bytes. */
  async *parts(): AsyncGenerator<Buffer, void, undefined> {
    let part: Buffer[] = [];
    let room = ARTIFACT_PART_BYTES;
    for await (const chunk of chunksOf(this.bytes)) {
      this.#count(chunk);
      for (let from = 0; from < chunk.length;) {
        const piece = chunk.subarray(from, from + room);
        part.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
        from += piece.length;
        room -= piece.length;
        if (room > 0) continue;
        yield joined(part);
        [part, room] = [[], ARTIFACT_PART_BYTES];
      }
    }
    if (part.length > 0) yield joined(part);
  }

  /** The reference, once all parts are read. */
  ref(): ArtifactRef {
    const { name, mediaType } = this.label;
    return artifactRefSchema.parse({ $artifact: this.#hash.digest('hex'), size: this.#size, mediaType, name });
  }

  #count(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > this.maxBytes)
      throw new PraxisError(
        'exhausted',
        `The artifact ${this.label.name} is larger than ${megabytes(this.maxBytes)} MB, the most that this deployment ` +
          'stores; make it smaller, or set PRAXIS_LIMITS_ARTIFACT_MB higher.',
      );
    this.#hash.update(chunk);
  }
}

/**
 * Hands stored parts on and checks them: the last one is handed on only where the hash of all is right, so that no
 * reader takes damaged bytes for a whole artifact.
 */
export async function* checked(
  sha256: string,
  size: number,
  parts: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let read = 0;
  let last: Buffer | null = null;
  for await (const part of parts) {
    if (last) yield last;
    last = part;
    hash.update(part);
    read += part.length;
  }
  if (read !== size || hash.digest('hex') !== sha256)
    throw new PraxisError(
      'invalid',
      `The artifact ${sha256} is damaged: its bytes do not have this hash. Restore it from a backup, or run the step ` +
        'again that made it.',
      { details: { sha256 } },
    );
  if (last) yield last;
}

/** What to say of an artifact that is not there. */
export const missingArtifact = (sha256: string): PraxisError =>
  new PraxisError(
    'missing',
    `There is no artifact ${sha256}; it was never stored, or nothing referred to it any more.`,
    {
      details: { sha256 },
    },
  );

async function* chunksOf(bytes: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

const joined = (pieces: readonly Buffer[]): Buffer => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));

const megabytes = (bytes: number): string => `${Math.round((bytes / 1_048_576) * 100) / 100}`;
