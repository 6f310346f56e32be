import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer is read up to here; the rest is left on the line. */
const BODY_CAP = 64 * 1024;

/** A request that is ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

/** What came of sending a request once. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly text: string;
      readonly isWhole: boolean;
      readonly retryAfterMs: number | null;
    }
  /** Nobody was there: nothing was sent. */
  | { readonly kind: 'unreached'; readonly why: string }
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
      headers,
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
          : { kind: 'unreached', why: late.aborted ? `no connection within ${timeoutMs} ms` : code },
      );
    });
    // No declared skill speaks another protocol: the answer ends here.
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ kind: 'answered', status: response.statusCode!, text: '', isWhole: true, retryAfterMs: null });
    });
    request.on('response', (response) => void readAnswer(response).then(resolve));
    request.end(body ?? undefined);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Outcome> {
  const { text, isWhole } = await readText(response);
  return {
    kind: 'answered',
    status: response.statusCode!,
    text,
    isWhole,
    retryAfterMs: retryAfter(response.headers['retry-after']),
  };
}

/** The beginning of an answer as text; what breaks off is kept as far as it came. */
async function readText(answer: IncomingMessage): Promise<{ readonly text: string; readonly isWhole: boolean }> {
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
  const note = !isWhole ? ' … (the answer broke off)' : size > BODY_CAP ? ` … (cut at ${BODY_CAP / 1024} kB)` : '';
  return { text: `${plainText(Buffer.concat(chunks).subarray(0, BODY_CAP))}${note}`.trim(), isWhole };
}

/** Text without what a terminal or a database stumbles over. */
function plainText(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
}

/** `Retry-After` in milliseconds: seconds or a date. */
function retryAfter(value: string | undefined): number | null {
  if (value === undefined) return null;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
