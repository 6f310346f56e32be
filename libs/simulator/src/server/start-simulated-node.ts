import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PraxisError, type Logger } from '@praxis/core';
import type { AnswerMaker } from '../answers/answer-maker.js';
import type { NodeSize } from '../model/node-rates.js';
import { RealClock } from '../model/real-clock.js';
import type { SimClock } from '../model/sim-clock.js';
import { SimulatedNode } from '../model/simulated-node.js';
import { faultOf } from './chat.js';
import { sendJson, type Exchange } from './exchange.js';
import { Faults, type FaultRule } from './faults.js';
import { routeFor, statsOf, type SimulatorStats } from './routes.js';
import type { ServedNode } from './served-node.js';
import { Tally } from './tally.js';
import type { ToolMode } from './tool-mode.js';

/** How a simulated node is started. */
export interface SimulatorOptions {
  readonly answers: AnswerMaker;
  readonly name?: string;
  /** The name by which requests ask for its model. */
  readonly model?: string;
  /** Loopback, unless told otherwise: it asks nobody for a key. */
  readonly host?: string;
  /** 0: a free one. */
  readonly port?: number;
  readonly size?: Partial<NodeSize>;
  /** At 10, a second of the model takes 100 ms. */
  readonly speed?: number;
  /** Instead of the machine's own time at that speed. */
  readonly clock?: SimClock;
  readonly seed?: string;
  /** Share by which the work of a request may be more or less than its tokens. */
  readonly jitter?: number;
  readonly contextTokens?: number;
  readonly faults?: readonly FaultRule[];
  /** What it makes of tools in requests; it calls them where nothing is said. */
  readonly tools?: ToolMode;
  /** How many times as long it takes as its size says. */
  readonly slowness?: number;
  readonly bodyBytes?: number;
  readonly log?: Logger;
}

/** A simulated node that listens. */
export interface StartedNode {
  /** Where its API begins, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  readonly node: SimulatedNode;
  stats(): SimulatorStats;
  /** Ends everything that is under way, at once. The answer maker stays open: it belongs to whoever made it. */
  stop(): Promise<void>;
}

/**
 * Starts an inference node that computes nothing: an OpenAI-compatible server whose answers come from an answer maker
 * and whose times come from a model of an engine. It says everywhere that it is one.
 */
export async function startSimulatedNode(options: SimulatorOptions): Promise<StartedNode> {
  const served = servedNode(options);
  const ending = new AbortController();
  const server = createServer((request, response) => void handle(request, response, { served, ending: ending.signal }));
  const host = options.host ?? '127.0.0.1';
  server.listen(options.port ?? 0, host);
  await once(server, 'listening').catch((thrown: unknown) => {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new PraxisError(
        'conflict',
        `Somebody listens on port ${options.port} already; choose another one, or 0 for a free one.`,
        { cause: thrown },
      );
    throw new PraxisError(
      'invalid',
      `The simulated node cannot listen on ${host}:${options.port ?? 0} (${String(code ?? thrown)}).`,
      { cause: thrown },
    );
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    node: served.node,
    stats: () => statsOf(served),
    stop: async () => {
      ending.abort();
      const closed = server.listening ? once(server, 'close') : null;
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function servedNode({
  name = 'simulated',
  model = 'simulated',
  seed = '1',
  jitter = 0.05,
  tools = 'native',
  contextTokens = 32_768,
  bodyBytes = 8 * 1_024 * 1_024,
  ...options
}: SimulatorOptions): ServedNode {
  const clock = options.clock ?? new RealClock(options.speed ?? 1);
  const faults = faultsOf(seed, options.faults);
  return {
    name,
    model,
    seed,
    clock,
    faults,
    contextTokens,
    bodyBytes,
    node: nodeOf({ ...options, clock, seed, jitter }),
    answers: options.answers,
    tools,
    tally: new Tally(),
    log: options.log ?? null,
  };
}

function faultsOf(seed: string, rules: readonly FaultRule[] = []): Faults {
  const faults = new Faults(seed);
  for (const rule of rules) faults.add(rule);
  return faults;
}

function nodeOf({
  size,
  clock,
  seed,
  jitter,
  slowness = 1,
}: Pick<SimulatorOptions, 'size' | 'slowness'> & {
  readonly clock: SimClock;
  readonly seed: string;
  readonly jitter: number;
}): SimulatedNode {
  const node = new SimulatedNode({ ...size, clock, seed, jitter });
  if (slowness > 1) node.slow(slowness);
  return node;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { served, ending }: { readonly served: ServedNode; readonly ending: AbortSignal },
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  response.setHeader('server', 'praxis-simulator');
  const exchange: Exchange = { request, response, signal: AbortSignal.any([gone.signal, ending]) };
  try {
    await routeFor(request.method ?? 'GET', request.url ?? '/')(exchange, served);
  } catch (thrown) {
    fail(exchange, served, thrown);
  }
}

/** Tells the client what went wrong, where it is still there and has not yet heard the beginning of an answer. */
function fail(exchange: Exchange, { tally, log }: ServedNode, thrown: unknown): void {
  const { response, signal } = exchange;
  // What a dying connection still has to send must not be lost, so it is left to end by itself.
  if (signal.aborted || response.socket?.writable !== true) {
    tally.aborted++;
    return;
  }
  const fault = faultOf(thrown);
  tally.failed++;
  if (fault.status === 500) log?.warn('a request failed', { message: fault.message });
  if (response.headersSent) response.destroy();
  else sendJson(exchange, fault.status, fault.body, fault.more.headers);
}
