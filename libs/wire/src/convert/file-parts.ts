import { PraxisError } from '@praxis/core';
import { invalidField } from './parse.js';

/** Small enough for any limit on requests, large enough that the cost of a message does not count. */
const PART_BYTES = 32 * 1024;
/** No event or blob comes near; whoever sends more in one line sends no history. */
const LINE_BYTES = 32 * 1024 * 1024;

/**
 * A file of lines, for the wire: parts of about one size, however long its lines are.
 *
 * The lines carry no line breaks; each is followed by one in the file.
 */
export async function* toParts(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    waiting.push(bytes);
    size += bytes.length;
    if (size < PART_BYTES) continue;
    const all = Buffer.concat(waiting);
    const whole = all.length - (all.length % PART_BYTES);
    for (let from = 0; from < whole; from += PART_BYTES) yield all.subarray(from, from + PART_BYTES);
    waiting = [all.subarray(whole)];
    size = all.length - whole;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** A file of lines, from the wire; a last line without a line break is one too. */
export async function* fromParts(parts: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const part of parts) {
    let from = 0;
    for (let end = part.indexOf(10); end !== -1; end = part.indexOf(10, from)) {
      yield decode(Buffer.concat([...waiting, part.subarray(from, end)]));
      waiting = [];
      size = 0;
      from = end + 1;
    }
    waiting.push(part.subarray(from));
    size += part.length - from;
    if (size > LINE_BYTES)
      throw new PraxisError(
        'invalid',
        'The file holds a line that is too long for any history; check that it is one that `praxis export` wrote.',
      );
  }
  if (size > 0) yield decode(Buffer.concat(waiting));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw invalidField('file', 'is not a text in UTF-8', cause);
  }
}
