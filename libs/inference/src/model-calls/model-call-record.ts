import {
  linkAnswer,
  linkTranscript,
  type BlobStore,
  type ChatMessage,
  type Json,
  type KeptText,
  type KeptThought,
  type ModelCallRecord,
} from '@praxis/core';

/** Blobs that are known to be there, so that they are not sent again; the oldest are forgotten first. */
const KNOWN = 4096;

/**
 * Keeps thoughts in a blob store.
 *
 * model-call-record.1 A conversation that begins like an earlier one adds only what is new (transcript.2).
 * model-call-record.2 What an event names is there before the event is written (blobs.2).
 */
export class ThoughtStore {
  readonly #known = new Set<string>();

  constructor(private readonly blobs: BlobStore) {}

  async keep(messages: readonly ChatMessage[], record: ModelCallRecord): Promise<KeptThought> {
    const all = [...messages] as unknown as readonly Json[];
    const { head, links } = linkTranscript(all, (sha256) => this.#known.has(sha256));
    const answer = linkAnswer(head, record as unknown as Json);
    try {
      await this.#send([...links, answer]);
    } catch {
      // What was there may have been cleared away meanwhile.
      this.#known.clear();
      await this.#send([...linkTranscript(all).links, answer]);
    }
    return { prompt: head!, answer: answer.sha256 };
  }

  async #send(texts: readonly KeptText[]): Promise<void> {
    await this.blobs.keep(texts);
    for (const { sha256 } of texts) this.#known.add(sha256);
    for (const oldest of this.#known) {
      if (this.#known.size <= KNOWN) break;
      this.#known.delete(oldest);
    }
  }
}
