import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { plain } from './plain-text.js';

/** An answer is read up to here, in bytes; the rest is left on the line. */
const BODY_CAP = 32 * 1024 * 1024;

/** So much of an answer is told as a message, in bytes; an output has all of it. */
const TEXT_CAP = 4 * 1024;

/** A request that is ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

/** What a server answered. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** Lower-case names; of those that are sent more than once, the values joined by commas. Cookies are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case, without parameters; empty where it is not said. */
  readonly mediaType: string;
  readonly charset: string;
  readonly bytes: Uint8Array;
  /** The beginning of the answer, for people. */
  readonly text: string;
  /** It did not break off. */
  readonly isWhole: boolean;
  /** There is more than is read. */
  readonly isCut: boolean;
  readonly retryAfterMs: number | null;
}

/** What came of sending a request once. */
export type Outcome =
  | Answered
  /** Nobody was there: nothing was sent. */
  | { readonly kind: 'unreached'; readonly isLate: boolean; readonly why: string }
  /** It may have arrived, and no answer came. */
  | { readonly kind: 'lost'; readonly isLate: boolean; readonly why: string }
  | { readonly kind: 'cancelled'; readonly wasSent: boolean };

/**
 * Sends a request once, over a connection of its own: one that is kept may just be closing at the other end, which
 * would leave what cannot be sent twice in doubt. Redirects are answers like others.
 */
export async function exchange(
  { method, url, headers, body, timeoutMs }: HttpRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  if (signal.aborted) return { kind: 'cancelled', wasSent: false };
  const isSafe = url.protocol === 'https:';
  const late = AbortSignal.timeout(timeoutMs);
  let wasSent = false;
  return new Promise((resolve) => {
    const request = (isSafe ? httpsRequest : httpRequest)(url, {
      method,
      // Without its length, the body of a DELETE would be read as the next request.
      headers: { ...headers, ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }) },
      agent: false,
      signal: AbortSignal.any([signal, late]),
    });
    request.on('socket', (socket) => {
      wasSent = !socket.connecting;
      socket.once(isSafe ? 'secureConnect' : 'connect', () => (wasSent = true));
    });
    request.on('error', ({ code = 'no reason given' }: NodeJS.ErrnoException) => {
      if (signal.aborted) return resolve({ kind: 'cancelled', wasSent });
      // Only the code: messages of the network may quote what was sent.
      const why = late.aborted ? `no answer within ${timeoutMs} ms` : `the connection broke (${code})`;
      resolve(
        wasSent
          ? { kind: 'lost', isLate: late.aborted, why }
          : {
              kind: 'unreached',
              isLate: late.aborted,
              why: late.aborted ? `no connection within ${timeoutMs} ms` : code,
            },
      );
    });
    // No declared skill speaks another protocol: the answer ends here.
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(answered(response, { bytes: new Uint8Array(), isWhole: true, isCut: false }));
    });
    request.on('response', (response) => void readAnswer(response).then(resolve));
    request.end(body ?? undefined);
  });
}

interface Body {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
  readonly isCut: boolean;
}

async function readAnswer(response: IncomingMessage): Promise<Outcome> {
  return answered(response, await readBody(response));
}

function answered({ statusCode, headers }: IncomingMessage, body: Body): Answered {
  const { 'set-cookie': _cookies, ...others } = headers;
  const told = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value].flat().join(', ')]));
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  return {
    ...{ kind: 'answered', status: statusCode!, headers: told, mediaType: mediaType.trim(), ...body },
    charset: /charset="?([\w.:-]+)/.exec(parameters.join(';'))?.[1] ?? '',
    text: beginning(body),
    retryAfterMs: retryAfter(headers['retry-after'], headers.date),
  };
}

/** An answer's bytes; what breaks off is kept as far as it came. */
async function readBody(answer: IncomingMessage): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = true;
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > BODY_CAP) break;
    }
  } catch {
    // Who sent it is known to have answered; that the text ends early is told with it.
    isWhole = false;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, BODY_CAP), isWhole, isCut: size > BODY_CAP };
}

/** The beginning of an answer as a text, without what a terminal or a database stumbles over. */
function beginning({ bytes, isWhole }: Body): string {
  const isLong = bytes.length > TEXT_CAP;
  const note = !isWhole ? ' … (the answer broke off)' : isLong ? ` … (cut at ${TEXT_CAP / 1024} kB)` : '';
  return `${plain(new TextDecoder().decode(bytes.subarray(0, TEXT_CAP))).trim()}${note}`.trim();
}

/** `Retry-After` in milliseconds: seconds, or a date, which is compared with the server's own clock. */
function retryAfter(value: string | undefined, date: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const now = Date.parse(date ?? '');
  const ms = Date.parse(value) - (Number.isFinite(now) ? now : Date.now());
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
