import { PraxisError, type ArtifactRef } from '@praxis/core';

/** What a workspace knows of a file; its bytes are an artifact. */
export interface FileEntry {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** Sources outside Praxis that wrote parts of it. */
  readonly taint: readonly string[];
}

/** New entries by path; null removes one. */
export type FileChanges = ReadonlyMap<string, FileEntry | null>;

/** The most files of a workspace. */
export const MOST_FILES = 50_000;

type Bucket = ReadonlyMap<string, FileEntry>;
const BUCKETS = 64;
const EMPTY: Bucket = new Map();
const texts = new WeakMap<Bucket, string>();

/**
 * The files of a workspace by path. It never changes: a change makes a new one that shares all buckets but those of the
 * changed paths, and with them their texts, so that writing a session after an action costs little.
 */
export class Manifest {
  static readonly EMPTY = new Manifest(
    Array.from({ length: BUCKETS }, () => EMPTY),
    0,
  );

  private constructor(
    private readonly buckets: readonly Bucket[],
    /** Number of files. */
    readonly size: number,
  ) {}

  get(path: string): FileEntry | null {
    return this.buckets[bucketOf(path)]!.get(path) ?? null;
  }

  /** All paths, in no order. */
  *paths(): Iterable<string> {
    for (const bucket of this.buckets) yield* bucket.keys();
  }

  /** All files, sorted by path. */
  entries(): readonly (readonly [string, FileEntry])[] {
    return this.buckets.flatMap((bucket) => [...bucket]).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  with(changes: FileChanges): Manifest {
    const buckets = [...this.buckets];
    const mine = new Map<number, Map<string, FileEntry>>();
    for (const [path, entry] of changes) {
      const at = bucketOf(path);
      const bucket = mine.get(at) ?? new Map(buckets[at]);
      mine.set(at, bucket);
      if (entry === null) bucket.delete(path);
      else bucket.set(path, entry);
    }
    for (const [at, bucket] of mine) buckets[at] = bucket;
    return new Manifest(
      buckets,
      buckets.reduce((sum, bucket) => sum + bucket.size, 0),
    );
  }

  /** Texts by bucket; equal manifests give equal texts. */
  write(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [at, bucket] of this.buckets.entries()) if (bucket.size > 0) found[at] = textOf(bucket);
    return found;
  }

  static read(written: Readonly<Record<string, string>>): Manifest {
    const changes = new Map<string, FileEntry>();
    for (const text of Object.values(written))
      for (const line of text.split('\n')) {
        const [path, sha256, size, mediaType, taint] = line.split('\t');
        if (path === undefined || taint === undefined)
          throw new PraxisError('invalid', 'The list of the files of a workspace cannot be read.');
        const sources = taint === '' ? [] : (JSON.parse(taint) as string[]);
        changes.set(path, { sha256: sha256!, size: Number(size), mediaType: mediaType!, taint: sources });
      }
    return Manifest.EMPTY.with(changes);
  }
}

/** A file as a reference to its bytes, named by its path. */
export const artifactOf = (path: string, { sha256, size, mediaType }: FileEntry): ArtifactRef => ({
  $artifact: sha256,
  size,
  mediaType,
  name: path,
});

/** FNV-1a over the path, folded to the number of buckets. */
function bucketOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & (BUCKETS - 1);
}

function textOf(bucket: Bucket): string {
  let text = texts.get(bucket);
  if (text !== undefined) return text;
  // Neither paths nor media types hold control characters, so that tabs and line ends separate.
  text = [...bucket]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { sha256, size, mediaType, taint }]) =>
      [path, sha256, size, mediaType, taint.length === 0 ? '' : JSON.stringify(taint)].join('\t'),
    )
    .join('\n');
  texts.set(bucket, text);
  return text;
}
