import { hostname } from 'node:os';
import { nodeSpecSchema, PraxisError, type NodeSpec } from '@praxis/core';
import type { Life } from '@praxis/platform';
import {
  DEFAULT_NODE_SIZE,
  FAULT_KINDS,
  openAnswers,
  parseFault,
  parseWeakness,
  startSimulatedNode,
  TOOL_MODES,
  WEAKNESS_NAMES,
  weaknessesOf,
  type FaultRule,
  type ToolMode,
  type Weakness,
} from '@praxis/simulator';
import { connectNodes } from '@praxis/wire';
import { InvalidArgumentError, Option } from 'commander';
import type { Context } from '../../context.js';
import { holdRegistration } from '../../compose/hold-registration.js';
import { hold, withLife } from '../../compose/process-life.js';
import { callOptions } from '../../compose/security.js';
import { defineVerb, positiveNumber, reading, readingEach, wholeNumber } from '../../verb.js';

interface SimulateOptions {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly model: string;
  readonly answers: string;
  readonly slots: number;
  readonly prefill: number;
  readonly decode: number;
  readonly cacheTokens: number;
  readonly contextTokens: number;
  readonly speed: number;
  readonly seed: string;
  readonly noise: number;
  readonly fault?: readonly FaultRule[];
  readonly script?: string;
  readonly tools: ToolMode;
  readonly weak?: boolean;
  readonly weakness?: readonly (readonly [Weakness, number])[];
  /** Planner that is told of it. */
  readonly register?: string;
}

const SIZE = DEFAULT_NODE_SIZE;

/** `praxis simulate-node`: an inference node that needs no accelerator, for demonstrations and load tests. */
export const simulateNodeVerb = defineVerb<SimulateOptions>({
  usage: 'simulate-node',
  summary:
    'run a simulated inference node: an OpenAI-compatible server with answers by rules and times by a model of an engine',
  examples: [
    'simulate-node --port 8000',
    'simulate-node --name slow-one --decode 15 --slots 4 --fault 429=0.1 --fault dies=0.02',
    'simulate-node --answers lorem:300 --speed 10',
    'simulate-node --answers answers.yaml',
    'simulate-node --script calls.yaml --tools refused',
    'simulate-node --weak --weakness wrong-skill=0.5 --weakness slow=2',
    'simulate-node --name b --register 127.0.0.1:50051',
  ],
  options: (command) =>
    command
      .option('--host <address>', 'where to listen; it asks nobody for a key', '127.0.0.1')
      .option('--port <n>', 'port to listen on; 0 takes a free one', port, 0)
      .option('--name <name>', 'name of the node', nodeName, 'simulated')
      .option('--model <name>', 'name of the model that it serves', 'simulated')
      .option(
        '--answers <maker>',
        'rules (plans and acts by search), echo, lorem, lorem:WORDS, or a file with a script of answers',
        'rules',
      )
      .option('--slots <n>', 'requests that it works on at a time', wholeNumber(1), SIZE.slots)
      .option('--prefill <tokens>', 'tokens of a prompt that it reads per second', positiveNumber, SIZE.prefillRate)
      .option(
        '--decode <tokens>',
        'tokens of an answer that it says per second, when it is alone',
        positiveNumber,
        SIZE.decodeRate,
      )
      .option(
        '--cache-tokens <n>',
        'tokens of prompts and answers that its memory holds',
        wholeNumber(SIZE.blockTokens),
        SIZE.cacheTokens,
      )
      .option('--context-tokens <n>', 'longest prompt and answer together', wholeNumber(1), 32_768)
      .option('--speed <x>', 'how many times faster than the engine it stands for', positiveNumber, 1)
      .option('--seed <text>', 'seed of what is random', '1')
      .option('--noise <share>', 'share of the next actions that are wrong, though legal, from 0 to 1', share, 0)
      .option(
        '--fault <kind=share>',
        `share of the requests that meet a fault, as often as you like; kinds are ${FAULT_KINDS.join(', ')}`,
        readingEach(parseFault),
      )
      .option(
        '--script <file>',
        'a script of rules, of calls of skills and answers, that come before the other answers',
      )
      .addOption(
        new Option('--tools <mode>', 'what it makes of tools in requests: calls them, refuses or ignores them')
          .choices(TOOL_MODES)
          .default('native'),
      )
      .option('--weak', 'answer as a small model does: slow, wordy, with wrong names, arguments and half plans')
      .option(
        '--weakness <kind=share>',
        `share of the answers that have one weakness, as often as you like; kinds are ${WEAKNESS_NAMES.join(', ')}; slow is a factor`,
        readingEach(parseWeakness),
      )
      .option(
        '--register <address>',
        'keep it registered with the planner at this HOST:PORT until Ctrl-C',
        reading(parseAddress),
      ),
  run: async ({ options, context }) =>
    withLife(context, async (life) => {
      const { host, port, name, model, seed, speed, contextTokens, fault = [] } = options;
      const weaknesses = weaknessesOf(options.weak === true, options.weakness ?? []);
      const answers = openAnswers({
        from: options.answers,
        seed,
        noise: options.noise,
        weaknesses,
        ...(options.script !== undefined && { script: options.script }),
      });
      await hold(life, 'answers', () => answers.close());
      const size = {
        slots: options.slots,
        prefillRate: options.prefill,
        decodeRate: options.decode,
        cacheTokens: options.cacheTokens,
      };
      const node = await startSimulatedNode({
        answers,
        host,
        port,
        name,
        model,
        seed,
        speed,
        contextTokens,
        size,
        faults: fault,
        tools: options.tools,
        slowness: weaknesses.slow,
        log: context.logger('simulator'),
      });
      await hold(life, 'node', () => node.stop());
      tell(options, node.url, context);
      if (options.register !== undefined)
        await register(options.register, specOf(options, node.url), { life, context, isJson: options.json === true });
      await life.stopped;
      // Nothing was cut off that somebody waits for: Ctrl-C is how a simulation ends.
      return 0;
    }),
});

function tell(
  { name, model, json }: SimulateOptions & { readonly json?: boolean },
  url: string,
  { print }: Context,
): void {
  if (json === true) return print.json({ url, name, model, pid: process.pid });
  print.lines([
    `${name} serves the model ${model} at ${url}; it is simulated.`,
    `Try it: PRAXIS_MODEL_URL=${url} praxis demo --mode model`,
    `Let something go wrong: curl ${new URL('/simulator/faults', url).href} -H 'content-type: application/json' -d '{"kind": "dies", "next": 1}'`,
    `See what it did: curl ${new URL('/simulator/stats', url).href}`,
    'Ctrl-C stops it.',
  ]);
}

async function register(
  address: string,
  spec: NodeSpec,
  { life, context, isJson }: { readonly life: Life; readonly context: Context; readonly isJson: boolean },
): Promise<void> {
  const nodes = connectNodes(address, callOptions(context, address));
  try {
    await holdRegistration(life, { nodes, spec, context, isJson });
  } finally {
    nodes.close();
  }
}

/** The node as others should see it: one that listens everywhere is found by the name of its machine. */
function specOf({ host, name, model, slots, contextTokens }: SimulateOptions, url: string): NodeSpec {
  const seen = new URL(url);
  if (host === '0.0.0.0' || host === '::') seen.hostname = hostname();
  return nodeSpecSchema.parse({
    name,
    url: seen.href,
    engine: 'simulator',
    slots,
    serves: [{ name: model, contextTokens }],
  });
}

function parseAddress(text: string): string {
  if (/^\S+:\d{1,5}$/.test(text)) return text;
  throw new PraxisError('invalid', 'It must be the address of a planner, such as 127.0.0.1:50051.');
}

function port(text: string): number {
  const value = wholeNumber(0)(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be a port, from 0 to 65535.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value > 1) throw new InvalidArgumentError('It must be a share from 0 to 1.');
  return value;
}

function nodeName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(text)) return text;
  throw new InvalidArgumentError('It must be letters, digits, dots and dashes.');
}
