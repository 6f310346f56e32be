import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpFault } from './http-fault.js';

/** A request and the answer to it; `signal` fires when the client has gone. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

/** Answers with JSON. */
export function sendJson(
  { response }: Exchange,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers with text. */
export function sendText({ response }: Exchange, text: string, type: string): void {
  response.writeHead(200, { 'content-type': type }).end(text);
}

/** Reads a body of JSON, which must say that it is one and must not be larger than the limit. */
export async function readJson({ request }: Exchange, limitBytes: number): Promise<unknown> {
  // Other sites' pages can make a browser send text, but not this type.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new HttpFault(415, 'The body must be JSON, with the content type application/json.');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes)
      throw new HttpFault(413, `The body is larger than ${limitBytes} bytes.`, { headers: { connection: 'close' } });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpFault(400, 'The body is no JSON.');
  }
}
