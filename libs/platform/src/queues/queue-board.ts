import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSubgoalId, type Logger } from '@praxis/core';
import type { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import type { QueueBackend } from './queue-backend.js';
import { queueId } from './queue-catalog.js';

/** Answers a request; Express and Node's own server understand it. */
export type HttpHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (thrown?: unknown) => void,
) => void;

/** Where the queues are and below which path their board is shown. */
export interface QueueBoardOptions {
  /** Null where it is not known; then the queues must be on Redis. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** Such as `/queues`; a link to a job's run leads to `/runs/…` beside it. */
  readonly basePath: string;
  readonly log: Logger;
}

/**
 * Bull Board over the queues, to look and not to touch.
 *
 * queue-board.1 It changes nothing: every method but GET and HEAD is refused, and every queue is in read-only mode.
 * queue-board.2 Where the store of the queues is away, it says so within seconds; it comes back by itself.
 * queue-board.3 A lane that was shown once stays, since its jobs may outlive its executors.
 */
export interface QueueBoard {
  /** Answers what comes below the base path, which the caller has cut off. */
  readonly router: HttpHandler;
  /** Shows the queues of these lanes too. */
  show(lanes: readonly string[]): void;
  close(): Promise<void>;
}

/** A store that has not answered within this is away, for whoever looks. */
const PING_MS = 3_000;

/** Makes the board; the store of the queues is looked for only when somebody looks. */
export async function openQueueBoard(options: QueueBoardOptions): Promise<QueueBoard> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter: Adapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
  ]);
  const express = new Adapter();
  express.setBasePath(options.basePath);
  const uiConfig = { boardTitle: 'Praxis queues', miscLinks: [{ text: 'Praxis', url: '/' }], hideRedisDetails: true };
  const { addQueue } = createBullBoard({ queues: [], serverAdapter: express, options: { uiConfig } });
  const externalJobUrl = ({ data }: { readonly data?: unknown }): { displayText: string; href: string } => ({
    displayText: 'Run',
    href: runPage(data),
  });
  const add = (queue: Queue): void => addQueue(new BullMQAdapter(queue, { readOnlyMode: true, externalJobUrl }));
  return new Board(options, harden(express), add);
}

class Board implements QueueBoard {
  readonly #wanted = new Set([queueId('advance'), queueId('execute'), queueId('reflect')]);
  readonly #shown = new Map<string, Queue>();
  #opening: Promise<QueueBackend> | null = null;
  #looking: Promise<boolean> | null = null;
  #isClosed = false;

  constructor(
    private readonly options: QueueBoardOptions,
    private readonly pages: HttpHandler,
    private readonly add: (queue: Queue) => void,
  ) {}

  readonly router: HttpHandler = (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return say(response, 405, 'The board of the queues only looks.');
    }
    if (request.url?.startsWith('/static/') === true) return this.pages(request, response, next);
    this.isHere().then((isHere) => {
      if (isHere) this.pages(request, response, () => say(response, 404, 'There is no such page of the queues.'));
      else say(response, 503, AWAY);
    }, next);
  };

  show(lanes: readonly string[]): void {
    for (const lane of lanes) if (/^[a-z0-9-]+$/.test(lane)) this.#wanted.add(queueId('execute', lane));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const backend = await this.#opening?.catch(() => null);
    if (!backend) return;
    // A queue would wait for a store that is away; its connections end with the store anyway.
    await Promise.race([
      Promise.all([...this.#shown.values()].map((q) => q.close())),
      backend.gone(),
      sleep(PING_MS, null, { ref: false }),
    ]);
    await backend.close();
  }

  /** Whether the store answers; whoever asks meanwhile shares the answer. */
  private isHere(): Promise<boolean> {
    this.#looking ??= Promise.race([this.look(), sleep(PING_MS, false, { ref: false })])
      .catch((err: unknown) => {
        this.options.log.debug('the board cannot reach the store of the queues', { err });
        return false;
      })
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  private async look(): Promise<boolean> {
    if (this.#isClosed) return false;
    const backend = await this.open();
    if (!backend.isHere()) return false;
    await backend.ping();
    if (this.#isClosed) return false;
    for (const id of this.#wanted) {
      if (this.#shown.has(id)) continue;
      // The backend's queue is BullMQ's own, of which we use little elsewhere.
      const queue = backend.queue(id) as unknown as Queue;
      queue.on('error', () => undefined);
      this.#shown.set(id, queue);
      this.add(queue);
    }
    return true;
  }

  private open(): Promise<QueueBackend> {
    const opening = (this.#opening ??= import('./queue-backend.js').then(({ openBackend }) =>
      openBackend(this.options.databaseUrl ?? '', this.options.redisUrl),
    ));
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening;
  }
}

const AWAY =
  'The store of the queues cannot be reached at the moment. Goals lose nothing by that; the board is back as soon as the store is. `praxis doctor` says what it is looking for.';

/**
 * Bull Board's pages without what a page of ours must not do: tell what it is made of, or ask other hosts for fonts.
 */
function harden(express: ExpressAdapter): HttpHandler {
  type Render = (path: string, values: object, done: (thrown: unknown, html?: string) => void) => void;
  const app = express.getRouter() as HttpHandler & {
    readonly engines: Record<string, Render>;
    engine(name: string, render: Render): void;
    disable(setting: string): void;
  };
  app.disable('x-powered-by');
  const render = app.engines['.ejs'];
  if (render)
    app.engine('ejs', (path, values, done) =>
      render(path, values, (thrown, html) => done(thrown, html?.replace(/<link href="https:\/\/fonts\.[^>]*>/g, ''))),
    );
  // What the store says of its troubles names hosts and users. Bull Board's types know no 503.
  express.setErrorHandler(() => ({
    status: 503 as 500,
    body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: AWAY },
  }));
  return app;
}

function runPage(data: unknown): string {
  const { run, subgoal } = (data ?? {}) as { readonly run?: unknown; readonly subgoal?: unknown };
  const id = typeof run === 'string' ? run : typeof subgoal === 'string' ? parseSubgoalId(subgoal)?.run : undefined;
  return id === undefined ? '/' : `/runs/${encodeURIComponent(id)}`;
}

function say(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) return void response.end();
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${words}\n`);
}
