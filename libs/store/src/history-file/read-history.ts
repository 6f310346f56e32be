import { PraxisError, runOfStream, textHash, type BlobStore, type Journal, type KeptText, type RunId, type StoredEvent } from '@praxis/core';
import { damaged, readLines, type HistoryHeader, type HistoryLine } from './history-line.js';

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
  readonly sessions: ReadonlyMap<string, KeptSession>;
}

/** Reads a history file; fails with `invalid` where it does not say what was written (V1 to V4). */
export async function readHistory(texts: AsyncIterable<string> | Iterable<string>): Promise<HistoryFile> {
  const reader = new Reader();
  for await (const line of readLines(texts)) reader.take(line);
  return reader.finish();
}

class Reader {
  #header: HistoryHeader | null = null;
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #blobs = new Map<string, KeptText>();
  readonly #sessions = new Map<string, KeptSession>();

  take(line: Exclude<HistoryLine, { line: 'seal' }>): void {
    if (line.line === 'header') this.#begin(line);
    else if (line.line === 'event') this.#event(line);
    else if (line.line === 'session') this.#sessions.set(line.id, { version: line.version, body: line.body });
    else {
      const { line: _line, ...blob } = line;
      if (textHash(blob.body) !== blob.sha256) throw damaged(`a text does not have its hash ${blob.sha256}`);
      this.#blobs.set(blob.sha256, blob);
    }
  }

  #begin(header: HistoryHeader): void {
    if (this.#header) throw damaged('it begins twice');
    this.#header = header;
    for (const { stream } of header.streams) {
      if (runOfStream(stream) !== header.run) throw damaged(`the stream ${stream} belongs to another run`);
      this.#streams.set(stream, []);
    }
  }

  #event({ line: _line, refs, ...event }: Extract<HistoryLine, { line: 'event' }>): void {
    const { stream, position, at } = event;
    const events = this.#streams.get(stream);
    if (!events) throw damaged(`its header does not name the stream ${stream}`);
    if (events.length !== position) throw damaged(`${stream} goes on with event ${position} where ${events.length} comes next`);
    if (at < (events.at(-1)?.at ?? 0)) throw damaged(`time goes back at event ${position} of ${stream}`);
    events.push(refs ? { ...event, refs } : event);
  }

  finish(): HistoryFile {
    const { run, parent, streams } = this.#header!;
    for (const { stream, length } of streams) {
      const has = this.#streams.get(stream)!.length;
      if (has !== length) throw damaged(`${stream} has ${has} events instead of ${length}`);
    }
    const named = [...[...this.#streams.values()].flat().flatMap((e) => e.refs ?? []), ...[...this.#blobs.values()].flatMap((b) => b.refs)];
    const lost = named.find((sha256) => !this.#blobs.has(sha256));
    if (lost !== undefined) throw damaged(`the text ${lost} is referred to and missing`);
    return { run, parent, streams: this.#streams, blobs: this.#blobs, sessions: this.#sessions };
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
    throw new PraxisError('denied', 'A history file can only be read; import it with `praxis import` to go on from it.');
  };
  const read = async (hashes: readonly string[]): Promise<ReadonlyMap<string, string>> => new Map(hashes.flatMap((h) => (blobs.has(h) ? [[h, blobs.get(h)!.body] as const] : [])));
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
  for (const open = [...hashes]; open.length > 0; ) {
    const at = open.pop()!;
    if (found.has(at)) continue;
    found.add(at);
    open.push(...(blobs.get(at)?.refs ?? []));
  }
  return [...found];
}
