import { PraxisError, type BlobStore, type Journal, type KeptText, type RunId, type StoredEvent } from '@praxis/core';
import { HistoryCheck, type ContentLine } from './check-history.js';
import { readLines } from './history-line.js';

/** A world as it was left. */
export interface KeptSession {
  readonly version: number;
  readonly body: string;
}

/** A run as a history file tells it. */
export interface HistoryFile {
  readonly run: RunId;
  readonly parent: RunId | null;
  /** Each stream's events, by the names of the streams. */
  readonly streams: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly blobs: ReadonlyMap<string, KeptText>;
  /** The parts of the artifacts that the file holds, by their SHA-256. */
  readonly artifacts: ReadonlyMap<string, readonly Buffer[]>;
  readonly sessions: ReadonlyMap<string, KeptSession>;
}

/** Reads a history file; fails with `invalid` where it does not say what was written (history-line.1–4). */
export async function readHistory(texts: AsyncIterable<string> | Iterable<string>): Promise<HistoryFile> {
  const reader = new Reader();
  for await (const line of readLines(texts)) reader.take(line);
  return reader.finish();
}

class Reader {
  readonly #check = new HistoryCheck();
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #blobs = new Map<string, KeptText>();
  readonly #artifacts = new Map<string, Buffer[]>();
  readonly #sessions = new Map<string, KeptSession>();

  take(line: ContentLine): void {
    this.#check.take(line);
    if (line.line === 'header') for (const { stream } of line.streams) this.#streams.set(stream, []);
    else if (line.line === 'session') this.#sessions.set(line.id, { version: line.version, body: line.body });
    else if (line.line === 'event') {
      const { line: _line, refs, ...event } = line;
      this.#streams.get(event.stream)!.push(refs ? { ...event, refs } : event);
    } else if (line.line === 'artifact') {
      this.#artifacts.set(line.sha256, [...(this.#artifacts.get(line.sha256) ?? []), Buffer.from(line.data, 'base64')]);
    } else if (line.line === 'blob') {
      const { line: _line, ...blob } = line;
      this.#blobs.set(blob.sha256, blob);
    }
  }

  finish(): HistoryFile {
    this.#check.finish();
    const { run, parent } = this.#check.header;
    return {
      run,
      parent,
      streams: this.#streams,
      blobs: this.#blobs,
      artifacts: this.#artifacts,
      sessions: this.#sessions,
    };
  }
}

/** A history file as a journal that can only be read, with the run's texts and worlds beside it. */
export interface HistoryJournal extends Journal {
  readonly run: RunId;
  readonly parent: RunId | null;
  readonly streams: readonly string[];
  readonly blobs: Pick<BlobStore, 'read' | 'readAll'>;
  readonly sessions: ReadonlyMap<string, KeptSession>;
}

/** Opens a history file without any database. */
export async function historyJournal(texts: AsyncIterable<string> | Iterable<string>): Promise<HistoryJournal> {
  const { run, parent, streams, blobs, sessions } = await readHistory(texts);
  const refuse = async (): Promise<never> => {
    throw new PraxisError(
      'denied',
      'A history file can only be read; import it with `praxis import` to go on from it.',
    );
  };
  const read = async (hashes: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Map(hashes.flatMap((h) => (blobs.has(h) ? [[h, blobs.get(h)!.body] as const] : [])));
  return {
    run,
    parent,
    streams: [...streams.keys()],
    sessions,
    read: async (stream, from = 0) => (streams.get(stream) ?? []).slice(from),
    append: refuse,
    fork: refuse,
    blobs: { read, readAll: (hashes) => read(reachable(hashes, blobs)) },
  };
}

/** Some texts and all that they refer to. */
function reachable(hashes: readonly string[], blobs: ReadonlyMap<string, KeptText>): readonly string[] {
  const found = new Set<string>();
  for (const open = [...hashes]; open.length > 0;) {
    const at = open.pop()!;
    if (found.has(at)) continue;
    found.add(at);
    open.push(...(blobs.get(at)?.refs ?? []));
  }
  return [...found];
}
