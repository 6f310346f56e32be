import { z } from 'zod';
import { completeChat } from './chat.js';
import { embeddingsFor } from './embeddings.js';
import { readJson, sendJson, sendText, type Exchange } from './exchange.js';
import { faultRuleSchema } from './faults.js';
import { HttpFault } from './http-fault.js';
import type { ServedNode } from './served-node.js';

type Route = (exchange: Exchange, served: ServedNode) => Promise<void> | void;

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/chat/completions': completeChat,
  'POST /v1/embeddings': async (exchange, served) => {
    const { answer, tokens } = embeddingsFor(await readJson(exchange, served.bodyBytes), served.model);
    served.tally.count({ input: tokens, cached: 0, output: 0 });
    sendJson(exchange, 200, answer);
  },
  'GET /v1/models': (exchange, { model, contextTokens }) => {
    sendJson(exchange, 200, {
      object: 'list',
      data: [
        {
          id: model,
          object: 'model',
          created: 0,
          owned_by: 'praxis-simulator',
          root: model,
          max_model_len: contextTokens,
        },
      ],
    });
  },
  'GET /health': health,
  'GET /ping': health,
  'GET /version': (exchange) => sendJson(exchange, 200, { version: 'praxis-simulator' }),
  'GET /load': (exchange, { node }) => {
    const { running, waiting } = node.load();
    sendJson(exchange, 200, { server_load: running + waiting });
  },
  'GET /metrics': (exchange, { tally, model, node }) =>
    sendText(exchange, tally.exposition(model, node.load(), node.size), 'text/plain; version=0.0.4; charset=utf-8'),
  'GET /simulator/stats': (exchange, served) => sendJson(exchange, 200, statsOf(served)),
  'GET /simulator/faults': (exchange, { faults }) => sendJson(exchange, 200, { faults: faults.list() }),
  'POST /simulator/faults': async (exchange, served) => {
    const parsed = faultRuleSchema.safeParse(await readJson(exchange, served.bodyBytes));
    if (!parsed.success) throw new HttpFault(400, `No such fault: ${z.prettifyError(parsed.error)}`);
    if (parsed.data.factor === undefined) served.faults.add(parsed.data);
    else served.node.slow(parsed.data.factor);
    sendJson(exchange, 200, { faults: served.faults.list() });
  },
  'DELETE /simulator/faults': (exchange, { faults, node }) => {
    faults.clear();
    node.recover();
    sendJson(exchange, 200, { faults: [] });
  },
};

const PATHS: ReadonlySet<string> = new Set(Object.keys(ROUTES).map((route) => route.split(' ')[1]!));

/** Finds who answers a request. */
export function routeFor(method: string, url: string): Route {
  const path = url.split('?')[0]!.replace(/(.)\/+$/, '$1');
  const route = ROUTES[`${method === 'HEAD' ? 'GET' : method} ${path}`];
  if (route) return route;
  throw PATHS.has(path)
    ? new HttpFault(405, `${path} cannot be asked with ${method}.`)
    : new HttpFault(404, `There is nothing at ${path} of this simulated node.`);
}

/** What a simulated node did so far. */
export interface SimulatorStats {
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  readonly aborted: number;
  readonly running: number;
  readonly waiting: number;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  readonly faults: Readonly<Record<string, number>>;
}

export function statsOf({ tally, node }: ServedNode): SimulatorStats {
  const { running, waiting } = node.load();
  const answered = Object.values(tally.finished).reduce((sum, n) => sum + n, 0);
  return {
    requests: tally.requests,
    answered,
    failed: tally.failed,
    aborted: tally.aborted,
    running,
    waiting,
    tokens: { ...tally.tokens },
    faults: { ...tally.faults },
  };
}

function health(exchange: Exchange, { node }: ServedNode): void {
  if (node.isDead) throw new HttpFault(503, 'The node is gone.');
  exchange.response.writeHead(200).end();
}
