import type { Ask, AskedResponse } from '../client/node-network.js';

/** The longest page that a probe reads. */
const LONGEST_PAGE_BYTES = 4 * 1024 * 1024;

/** What a server said. */
export interface Page {
  readonly status: number;
  readonly body: string;
}

/** How a probe asks: a GET with its time limit; rejects where there is no answer. */
export type HttpGet = (
  url: string,
  ask: { readonly key: string | null; readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<Page>;

/** Asks over a network. Goes nowhere but where it was sent: the key is for that server alone. */
export const httpGetOver =
  (network: Ask): HttpGet =>
  async (url, { key, timeoutMs, signal }) => {
    // A signal of `AbortSignal.timeout` that only `AbortSignal.any` refers to may be collected before its time comes.
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')),
      timeoutMs,
    );
    try {
      const response = await network(url, {
        headers: key === null ? {} : { authorization: `Bearer ${key}` },
        redirect: 'error',
        signal: AbortSignal.any([signal, late.signal]),
      });
      return { status: response.status, body: await bodyOf(response) };
    } finally {
      clearTimeout(timer);
    }
  };

async function bodyOf(response: Pick<AskedResponse, 'body'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > LONGEST_PAGE_BYTES) throw new Error(`The page is longer than ${LONGEST_PAGE_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Asks whatever address it is given. */
export const httpGet: HttpGet = httpGetOver(fetch);
