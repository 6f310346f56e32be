import { createHash, type Hash } from 'node:crypto';
import { runOfStream, textHash, type RunId } from '@praxis/core';
import { damaged, type HistoryHeader, type HistoryLine } from './history-line.js';

/** Any line but the seal, which the reader of lines has checked. */
export type ContentLine = Exclude<HistoryLine, { line: 'seal' }>;

/** More texts than this no run refers to. */
const MOST_REFS = 500_000;

/**
 * Checks the lines of a history file one by one (history-line.2, history-line.3), and holds no more of them than their
 * counts and hashes.
 */
export class HistoryCheck {
  #header: HistoryHeader | null = null;
  readonly #streams = new Map<string, { events: number; at: number }>();
  readonly #named = new Set<string>();
  readonly #kept = new Set<string>();
  /** The artifact whose parts are being read. */
  #artifact: { readonly sha256: string; readonly size: number; read: number; readonly hash: Hash } | null = null;

  /** The run that the header names; the first line is the header. */
  get header(): HistoryHeader {
    return this.#header!;
  }

  get run(): RunId {
    return this.header.run;
  }

  take(line: ContentLine): void {
    if (this.#artifact && line.line !== 'artifact') throw damaged(`the artifact ${this.#artifact.sha256} is cut off`);
    if (line.line === 'header') this.#begin(line);
    else if (line.line === 'event') this.#event(line);
    else if (line.line === 'blob') this.#blob(line);
    else if (line.line === 'artifact') this.#part(line);
    else if (line.line === 'left-out') this.#kept.add(line.sha256);
  }

  /** To be called after the last line. */
  finish(): void {
    if (this.#artifact) throw damaged(`the artifact ${this.#artifact.sha256} is cut off`);
    for (const { stream, length } of this.header.streams) {
      const has = this.#streams.get(stream)!.events;
      if (has !== length) throw damaged(`${stream} has ${has} events instead of ${length}`);
    }
    for (const sha256 of this.#named)
      if (!this.#kept.has(sha256)) throw damaged(`the text or artifact ${sha256} is referred to and missing`);
  }

  #begin(header: HistoryHeader): void {
    if (this.#header) throw damaged('it begins twice');
    this.#header = header;
    for (const { stream } of header.streams) {
      if (runOfStream(stream) !== header.run) throw damaged(`the stream ${stream} belongs to another run`);
      this.#streams.set(stream, { events: 0, at: 0 });
    }
  }

  #event({ stream, position, at, refs = [] }: Extract<HistoryLine, { line: 'event' }>): void {
    const known = this.#streams.get(stream);
    if (!known) throw damaged(`its header does not name the stream ${stream}`);
    if (known.events !== position)
      throw damaged(`${stream} goes on with event ${position} where ${known.events} comes next`);
    if (at < known.at) throw damaged(`time goes back at event ${position} of ${stream}`);
    known.events++;
    known.at = at;
    this.#name(refs);
  }

  #blob({ sha256, body, refs }: Extract<HistoryLine, { line: 'blob' }>): void {
    if (textHash(body) !== sha256) throw damaged(`a text does not have its hash ${sha256}`);
    this.#kept.add(sha256);
    this.#name(refs);
  }

  #part({ sha256, size, data }: Extract<HistoryLine, { line: 'artifact' }>): void {
    const at = (this.#artifact ??= { sha256, size, read: 0, hash: createHash('sha256') });
    if (at.sha256 !== sha256 || at.size !== size) throw damaged(`the artifact ${at.sha256} is cut off`);
    const bytes = Buffer.from(data, 'base64');
    at.hash.update(bytes);
    at.read += bytes.length;
    if (at.read < size) return;
    if (at.read > size || at.hash.digest('hex') !== sha256)
      throw damaged(`an artifact does not have its hash ${sha256}`);
    this.#kept.add(sha256);
    this.#artifact = null;
  }

  #name(refs: readonly string[]): void {
    for (const sha256 of refs) this.#named.add(sha256);
    if (this.#named.size + this.#kept.size > 2 * MOST_REFS) throw damaged(`it refers to more than ${MOST_REFS} texts`);
  }
}
