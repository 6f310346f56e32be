import { keptText, textHash, type KeptText } from '../journal/blobs.js';
import { PraxisError } from '../values/errors.js';
import type { Json } from '../values/json.js';

/**
 * A conversation is kept as a chain of links `{before, message}`, each under its hash; the hash of the last link names
 * the whole conversation.
 *
 * transcript.1 Equal conversations have equal names; conversations that begin alike share the links of their beginning.
 * transcript.2 A call that goes on with a conversation adds only the links of its new messages, so that a conversation
 *              of n messages takes room for n messages, however many calls it is made of.
 * transcript.3 A message that was linked before in the same place is not hashed again.
 */
export interface LinkedTranscript {
  /** The name of the conversation; null for an empty one. */
  readonly head: string | null;
  /** The links that are not known to be kept, first ones first. */
  readonly links: readonly KeptText[];
}

interface Link {
  readonly before: string | null;
  readonly sha256: string;
}

/** Where a message was linked last. Messages are never changed once they are part of a conversation. */
const seen = new WeakMap<object, Link>();

const isObject = (message: Json): message is readonly Json[] | { readonly [key: string]: Json } =>
  typeof message === 'object' && message !== null;

const linkText = (before: string | null, message: Json): string => JSON.stringify({ before, message });

/** Links a conversation; `isKept` says which links need not be kept again. */
export function linkTranscript(
  messages: readonly Json[],
  isKept: (sha256: string) => boolean = () => false,
): LinkedTranscript {
  const links: KeptText[] = [];
  let head: string | null = null;
  for (const message of messages) {
    const sha256 = linkHash(head, message);
    if (!isKept(sha256)) links.push({ sha256, body: linkText(head, message), refs: head === null ? [] : [head] });
    head = sha256;
  }
  return { head, links };
}

function linkHash(before: string | null, message: Json): string {
  if (!isObject(message)) return textHash(linkText(before, message));
  const known = seen.get(message);
  if (known?.before === before) return known.sha256;
  const sha256 = textHash(linkText(before, message));
  seen.set(message, { before, sha256 });
  return sha256;
}

/**
 * Reads a conversation back by its name. `read` gives bodies by hash; the more of the chain it gives at a time, the
 * less often it is asked (`BlobStore.readAll` gives all of it). Fails with `missing` where a link is gone.
 */
export async function readTranscript(
  head: string | null,
  read: (hashes: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<readonly Json[]> {
  const messages: Json[] = [];
  let at = head;
  let bodies: ReadonlyMap<string, string> = new Map();
  while (at !== null) {
    if (!bodies.has(at)) bodies = await read([at]);
    const body = bodies.get(at);
    if (body === undefined)
      throw new PraxisError(
        'missing',
        `A part of a conversation (${at}) is not kept any more; restore it from a backup or a history file.`,
      );
    const { before, message } = JSON.parse(body) as { readonly before: string | null; readonly message: Json };
    messages.push(message);
    at = before;
  }
  return messages.reverse();
}

/** The text of a model's answer, ready to be kept beside the conversation that it answers. */
export const linkAnswer = (prompt: string | null, answer: Json): KeptText =>
  keptText(linkText(prompt, answer), prompt === null ? [] : [prompt]);
