import { hash } from 'node:crypto';

/** A text that is kept once, under its hash; `refs` are the blobs that it names. */
export interface KeptText {
  readonly sha256: string;
  readonly body: string;
  readonly refs: readonly string[];
}

/** How long a blob is kept that nothing refers to yet: whoever keeps one refers to it in an event before that. */
export const BLOB_GRACE_MS = 3_600_000;

/**
 * Socket: texts by their hash, each stored once.
 *
 * blobs.1 What `keep` has acknowledged can be read for as long as an event refers to it, directly or through other
 *         blobs; until there is an event, for at least `BLOB_GRACE_MS`.
 * blobs.2 `keep` fails with `missing` where a blob names one that is neither kept nor among the new ones.
 */
export interface BlobStore {
  /** Harmless for what is kept already. */
  keep(blobs: readonly KeptText[]): Promise<void>;
  /** The bodies of those that there are. */
  read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The bodies of those that there are, and of all that they refer to, in one go. */
  readAll(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** The name under which a text is kept: its SHA-256 as 64 hexadecimal digits. */
export const textHash = (body: string): string => hash('sha256', body);

/** A text with its name, ready to be kept. */
export const keptText = (body: string, refs: readonly string[] = []): KeptText => ({
  sha256: textHash(body),
  body,
  refs,
});
