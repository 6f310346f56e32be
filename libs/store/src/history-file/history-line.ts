import { createHash, type Hash } from 'node:crypto';
import { PraxisError, type Json } from '@praxis/core';
import { z } from 'zod';

/**
 * A history file is one run as JSON lines: a header; then the events of its streams, the texts that they refer to and
 * artifacts and its world, in any order but each stream's own; then a line that seals what came before. A fork's file is whole: it
 * holds the events that it shares, too.
 *
 * history-line.1 A file that reads says what was written: the seal is the SHA-256 of all lines before it, each with its
 *                line end.
 * history-line.2 Every stream has the events that the header promises, in order of position and of time.
 * history-line.3 Every text and artifact has the hash that names it, and everything that is referred to is there; an
 *                artifact that is too large for a file is named as left out.
 * history-line.4 A reader of this release reads every version up to its own.
 */
export const HISTORY_FORMAT = 'praxis-history';
/** Version 2 may hold artifacts. */
const VERSION = 2;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

const headerSchema = z.object({
  line: z.literal('header'),
  format: z.literal(HISTORY_FORMAT),
  version: z.number().int().positive(),
  run: z.string().min(1),
  streams: z.array(z.object({ stream: z.string(), length: count })),
  /** The run that it was forked from; null for a run of its own. */
  parent: z.string().nullable(),
});
export type HistoryHeader = z.infer<typeof headerSchema>;

const lineSchema = z.discriminatedUnion('line', [
  headerSchema,
  z.object({
    line: z.literal('event'),
    stream: z.string(),
    position: count,
    type: z.string(),
    version: z.number().int().positive(),
    at: z.number().nonnegative(),
    data: z.custom<Json>((value) => value !== undefined),
    refs: z.array(hash).optional(),
  }),
  z.object({ line: z.literal('blob'), sha256: hash, body: z.string(), refs: z.array(hash) }),
  /** A part of an artifact, in Base64; the parts of one follow each other, and an empty artifact has one. */
  z.object({ line: z.literal('artifact'), sha256: hash, size: count, data: z.base64() }),
  /** An artifact that the run refers to and the file does not hold; null: it was not there. */
  z.object({ line: z.literal('left-out'), sha256: hash, size: count.nullable() }),
  /** The world as it was left. */
  z.object({ line: z.literal('session'), id: z.string(), version: z.number().int().positive(), body: z.string() }),
  z.object({ line: z.literal('seal'), lines: count, sha256: hash }),
]);
/** One line of a history file. */
export type HistoryLine = z.infer<typeof lineSchema>;

/** A header of this release. */
export const historyHeader = (header: Pick<HistoryHeader, 'run' | 'streams' | 'parent'>): HistoryHeader => ({
  line: 'header',
  format: HISTORY_FORMAT,
  version: VERSION,
  ...header,
});

/** Writes lines and seals them; gives texts without line ends. */
export async function* writeLines(
  lines: AsyncIterable<HistoryLine> | Iterable<HistoryLine>,
): AsyncGenerator<string, void, undefined> {
  const chain = createHash('sha256');
  let written = 0;
  for await (const line of lines) {
    const text = JSON.stringify(line);
    chain.update(`${text}\n`);
    written++;
    yield text;
  }
  yield JSON.stringify({ line: 'seal', lines: written, sha256: chain.digest('hex') } satisfies HistoryLine);
}

/** Reads lines and checks the seal (history-line.1); line ends may be there or not. */
export async function* readLines(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Exclude<HistoryLine, { line: 'seal' }>, void, undefined> {
  const chain = createHash('sha256');
  let read = 0;
  let isSealed = false;
  for await (const raw of texts) {
    const text = raw.replace(/\r?\n$/, '');
    if (isSealed && text === '') continue;
    if (isSealed) throw damaged('something stands after its last line');
    const line = parseLine(text, read + 1);
    if (line.line === 'seal') {
      checkSeal(line, read, chain);
      isSealed = true;
      continue;
    }
    chain.update(`${text}\n`);
    read++;
    yield line;
  }
  if (!isSealed) throw damaged('its end is missing');
}

function parseLine(text: string, number: number): HistoryLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(`line ${number} is not JSON`, cause);
  }
  const line = lineSchema.safeParse(value);
  if (number === 1 && (!line.success || line.data.line !== 'header')) {
    throw new PraxisError('invalid', 'This is not a history file; write one with `praxis export`.', {
      cause: line.error,
    });
  }
  if (!line.success) throw damaged(`line ${number} is not understood`, line.error);
  if (line.data.line === 'header' && line.data.version > VERSION) {
    throw new PraxisError(
      'invalid',
      `The history file has format version ${line.data.version}; this release reads up to ${VERSION}. Run a newer release.`,
    );
  }
  return line.data;
}

function checkSeal(seal: Extract<HistoryLine, { line: 'seal' }>, lines: number, chain: Hash): void {
  if (seal.lines !== lines) throw damaged(`it has ${lines} lines where ${seal.lines} were written`);
  if (seal.sha256 !== chain.digest('hex')) throw damaged('something in it was changed');
}

/** What is wrong with a file, and what to do. */
export const damaged = (what: string, cause?: unknown): PraxisError =>
  new PraxisError('invalid', `The history file is damaged: ${what}. Export the run again, or take another copy.`, {
    cause,
  });
