import { DEFAULT_NODE_SIZE, FAULT_KINDS, openAnswers, parseFault, startSimulatedNode, type FaultRule } from '@praxis/simulator';
import { InvalidArgumentError } from 'commander';
import { hold, withLife } from '../process-life.js';
import { defineVerb, positiveNumber, readingEach, wholeNumber } from '../verb.js';

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
}

const SIZE = DEFAULT_NODE_SIZE;

/** `praxis simulate-node`: an inference node that needs no accelerator, for demonstrations and load tests. */
export const simulateNodeVerb = defineVerb<SimulateOptions>({
  usage: 'simulate-node',
  summary: 'run a simulated inference node: an OpenAI-compatible server with answers by rules and times by a model of an engine',
  examples: ['simulate-node --port 8000', 'simulate-node --name slow-one --decode 15 --slots 4 --fault 429=0.1 --fault dies=0.02', 'simulate-node --answers lorem:300 --speed 10', 'simulate-node --answers answers.yaml'],
  options: (command) =>
    command
      .option('--host <address>', 'where to listen; it asks nobody for a key', '127.0.0.1')
      .option('--port <n>', 'port to listen on; 0 takes a free one', port, 0)
      .option('--name <name>', 'name of the node', nodeName, 'simulated')
      .option('--model <name>', 'name of the model that it serves', 'simulated')
      .option('--answers <maker>', 'rules (plans and acts by search), echo, lorem, lorem:WORDS, or a file with a script of answers', 'rules')
      .option('--slots <n>', 'requests that it works on at a time', wholeNumber(1), SIZE.slots)
      .option('--prefill <tokens>', 'tokens of a prompt that it reads per second', positiveNumber, SIZE.prefillRate)
      .option('--decode <tokens>', 'tokens of an answer that it says per second, when it is alone', positiveNumber, SIZE.decodeRate)
      .option('--cache-tokens <n>', 'tokens of prompts and answers that its memory holds', wholeNumber(SIZE.blockTokens), SIZE.cacheTokens)
      .option('--context-tokens <n>', 'longest prompt and answer together', wholeNumber(1), 32_768)
      .option('--speed <x>', 'how many times faster than the engine it stands for', positiveNumber, 1)
      .option('--seed <text>', 'seed of what is random', '1')
      .option('--noise <share>', 'share of the next actions that are wrong, though legal, from 0 to 1', share, 0)
      .option('--fault <kind=share>', `share of the requests that meet a fault, as often as you like; kinds are ${FAULT_KINDS.join(', ')}`, readingEach(parseFault)),
  run: async ({ options, context }) =>
    withLife(context, async (life) => {
      const { host, port, name, model, seed, speed, contextTokens, fault = [] } = options;
      const answers = openAnswers({ from: options.answers, seed, noise: options.noise });
      await hold(life, 'answers', () => answers.close());
      const size = { slots: options.slots, prefillRate: options.prefill, decodeRate: options.decode, cacheTokens: options.cacheTokens };
      const node = await startSimulatedNode({ answers, host, port, name, model, seed, speed, contextTokens, size, faults: fault, log: context.logger('simulator') });
      await hold(life, 'node', () => node.stop());
      if (options.json) context.print.json({ url: node.url, name, model, pid: process.pid });
      else {
        context.print.lines([
          `${name} serves the model ${model} at ${node.url}; it is simulated.`,
          `Try it: PRAXIS_MODEL_URL=${node.url} praxis demo --mode model`,
          `Let something go wrong: curl ${new URL('/simulator/faults', node.url).href} -H 'content-type: application/json' -d '{"kind": "dies", "next": 1}'`,
          `See what it did: curl ${new URL('/simulator/stats', node.url).href}`,
          'Ctrl-C stops it.',
        ]);
      }
      await life.stopped;
      // Nothing was cut off that somebody waits for: Ctrl-C is how a simulation ends.
      return 0;
    }),
});

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
