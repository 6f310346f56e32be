import { createParser } from 'eventsource-parser';
import { BadAnswer } from './answer-builder.js';

/** One event of a stream may be so long; the parser keeps an unfinished one whole. */
const EVENT_CAP = 1024 * 1024;
/** How long the end of a stream is waited for after its last event, so that its connection can be used again. */
const END_GRACE_MS = 100;

/** The text of a body as it comes; fails with `BadAnswer` where it is longer than `cap` bytes. */
export async function* textPieces(
  body: ReadableStream<Uint8Array> | null,
  cap: number,
): AsyncGenerator<string, void, undefined> {
  if (body === null) return;
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > cap) throw new BadAnswer(`it sent more than ${cap} bytes`);
    yield decoder.decode(value, { stream: true });
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** The whole text of a body, or its first `cap` bytes. */
export async function textUpTo(body: ReadableStream<Uint8Array> | null, cap: number): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let left = cap;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.byteLength;
  }
  await reader.cancel();
  return text;
}

/** An event of a stream: its data, and whether the stream ended before the event did. */
export interface StreamEvent {
  readonly data: string;
  readonly isCut: boolean;
}

/** Reads server-sent events out of text; `[DONE]` ends it, even if the connection stays open. Gives whether it came. */
export async function readEvents(
  pieces: AsyncGenerator<string, void, undefined>,
  take: (event: StreamEvent) => void,
): Promise<boolean> {
  let isCut = false;
  let isDone = false;
  let unread = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      unread = 0;
      if (data.trim() === '[DONE]') isDone = true;
      else if (!isDone) take({ data, isCut });
    },
  });
  // Not `for await`: leaving that would end the pieces, whose end is still to be waited for.
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    unread += next.value.length;
    parser.feed(next.value);
    if (isDone) return true;
    if (unread > EVENT_CAP) throw new BadAnswer(`it sent an event of more than ${EVENT_CAP} characters`);
  }
  isCut = true;
  parser.feed('\n\n');
  return isDone;
}

/** Waits a moment for a stream to end by itself. */
export async function awaitEnd(pieces: AsyncGenerator<string, void, undefined>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, END_GRACE_MS)));
  const end = (async () => {
    for await (const _ of pieces) continue;
  })();
  // The answer is whole: how its connection ends changes nothing.
  end.catch(() => undefined);
  await Promise.race([end.catch(() => undefined), grace]);
  clearTimeout(timer);
}
