import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@praxis/core';
import { isRead, valueOf, type Args, type Call, type Task } from './published.js';

/** A request that came in. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly args: Args;
}

/** A document of the shop's database: an order, a user or a product. */
type Documents = ReadonlyMap<string, Json>;

/**
 * A server with the recorded answers of one task at a time. A look gets the answer of the state that the changes before
 * it made, so that whoever skips, repeats or reorders a change gets other answers, or none. A change is made once per
 * `Idempotency-Key`.
 */
export class RecordedApi {
  readonly requests: Received[] = [];
  readonly #documents = new Map<string, Json>();
  readonly #answered = new Map<string, Call>();
  /** Changes so far. */
  #state = 0;
  #calls: readonly Call[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<RecordedApi> {
    const server = createServer((request, response) => void api.#take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api: RecordedApi = new RecordedApi(server);
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The database as far as the calls so far have shown or changed it. */
  get documents(): Documents {
    return this.#documents;
  }

  begin({ calls }: Pick<Task, 'calls'>): void {
    this.requests.length = 0;
    this.#documents.clear();
    this.#answered.clear();
    this.#state = 0;
    this.#calls = calls;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url } = request;
    const args = JSON.parse(await text(request)) as Args;
    this.requests.push({ method, url, args });
    const name = new URL(url!, this.url).pathname.replace('/tools/', '');
    const key = String(request.headers['idempotency-key']);
    const call = this.#answered.get(key) ?? this.#find(name, args);
    if (call === undefined) return send(response, 404, { detail: `${name} was not recorded in this state` });
    if (!this.#answered.has(key) && !call.error) this.#follow(call);
    this.#answered.set(key, call);
    return call.error ? send(response, 400, { detail: call.response }) : send(response, 200, valueOf(call));
  }

  #find(name: string, args: Args): Call | undefined {
    let changes = 0;
    for (const call of this.#calls) {
      const isHere = changes === this.#state && call.name === name && isDeepStrictEqual(call.arguments, args);
      if (isHere) return call;
      if (!isRead(call.name) && !call.error) changes += 1;
    }
    return undefined;
  }

  #follow(call: Call): void {
    if (!isRead(call.name)) this.#state += 1;
    noteDocument(this.#documents, call);
  }
}

function noteDocument(documents: Map<string, Json>, call: Call): void {
  const value = valueOf(call);
  if (typeof value !== 'object' || value === null) return;
  const { order_id, user_id, product_id } = value as Readonly<Record<string, Json>>;
  documents.set(String(order_id ?? user_id ?? product_id), value);
}

/** The database as it must be in the end: of each document, what the last of the calls says. */
export function finalDocuments({ calls }: Pick<Task, 'calls'>): Documents {
  const documents = new Map<string, Json>();
  for (const call of calls) if (!call.error) noteDocument(documents, call);
  return documents;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
