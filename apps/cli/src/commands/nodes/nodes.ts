import { setTimeout as sleep } from 'node:timers/promises';
import { engineSchema, PraxisError, toolUseSchema, type NodeSpec } from '@praxis/core';
import { Option, type Command } from 'commander';
import { connectNodes, type NodesApi } from '@praxis/wire';
import { findAddresses } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { holdRegistration } from '../../compose/hold-registration.js';
import { keepNodeToken, readNodeToken } from '../../compose/node-tokens.js';
import { readLabel, readNode, type NodeOptions } from '../../input/node-input.js';
import { exitOf, hold, withLife } from '../../compose/process-life.js';
import { callOptions } from '../../compose/security.js';
import { defineVerb, readingEach, wholeNumber, type Verb } from '../../verb.js';
import { cut } from '../../view/line.js';
import { NO_NODES, nodeLines } from '../../view/node-lines.js';

/** How often a live picture is drawn anew. */
const FRAME_MS = 1_000;

async function withNodes<T>(context: Context, use: (nodes: NodesApi) => Promise<T>): Promise<T> {
  const { planner } = findAddresses(context);
  const nodes = connectNodes(planner, callOptions(context, planner));
  try {
    return await use(nodes);
  } finally {
    nodes.close();
  }
}

const listVerb = defineVerb<{ readonly watch?: boolean }>({
  usage: 'nodes',
  summary: 'list the inference nodes and how they stand; nodes register, drain, remove',
  examples: [
    'nodes',
    'nodes --watch',
    'nodes --json',
    'nodes register --name gpu1 --url http://gpu1:8000/v1 --engine vllm',
    'nodes drain gpu1',
    'nodes remove gpu1',
  ],
  options: (command) => command.option('--watch', 'go on showing them until Ctrl-C; with --json one line a second'),
  run: ({ options, context, context: { print } }) =>
    withNodes(context, async (nodes) => {
      if (options.watch === true) return watchNodes(nodes, context, options.json === true);
      const found = await nodes.list();
      if (options.json) print.json(found);
      else if (found.length === 0) print.note(NO_NODES);
      else print.lines(nodeLines(found, print.columns));
      return 0;
    }),
});

function watchNodes(nodes: NodesApi, context: Context, isJson: boolean): Promise<number> {
  const { print } = context;
  const show = print.isTerminal ? picture(context) : pages(context);
  return withLife(context, async (life) => {
    const stop = new AbortController();
    await hold(life, 'picture', async () => stop.abort());
    while (!stop.signal.aborted) {
      // Whoever watches wants to see it come back, too.
      const found = await nodes.list(stop.signal).catch((thrown: unknown) => PraxisError.from(thrown));
      if (stop.signal.aborted) break;
      if (found instanceof PraxisError && found.code !== 'unavailable' && found.code !== 'timeout') throw found;
      if (isJson)
        print.json(found instanceof PraxisError ? { error: { code: found.code, message: found.message } } : found);
      else
        show(
          found instanceof PraxisError
            ? [found.message]
            : found.length === 0
              ? [NO_NODES]
              : nodeLines(found, print.columns),
        );
      await sleep(FRAME_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await life.stopped;
    return exitOf(life);
  });
}

/** Draws each picture over the one before; a line never takes two rows, nor the picture more than the window has. */
function picture({ print }: Context): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const shown = lines.slice(0, Math.max(1, print.rows - 1)).map((line) => cut(line, Math.max(20, print.columns - 1)));
    print.raw(`${drawn > 0 ? `\u001b[${drawn}A` : ''}\r${shown.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    drawn = shown.length;
  };
}

/** Writes what changed, for files and pipes. */
function pages({ print }: Context): (lines: readonly string[]) => void {
  let before = '';
  return (lines) => {
    const text = lines.join('\n');
    if (text !== before) print.lines(before === '' ? lines : ['', ...lines]);
    before = text;
  };
}

const registerVerb = defineVerb<NodeOptions & { readonly once?: boolean }>({
  usage: 'register',
  summary: 'tell the cluster of a node that serves models, and keep it registered until Ctrl-C',
  examples: [
    'nodes register --name gpu1 --url http://gpu1:8000/v1 --engine vllm --slots 16',
    'nodes register --name box --url http://127.0.0.1:8080/v1 --engine llamacpp --model qwen3 --label zone=a',
    'nodes register --name paid --url https://api.example.org/v1 --model big --key-variable NODE_KEY_PAID --once',
  ],
  options: (command) =>
    command
      .requiredOption('--name <name>', 'its name, unique in the cluster')
      .requiredOption('--url <url>', 'where its API begins, such as http://gpu1:8000/v1')
      .option('--engine <engine>', `what runs there, so that its load can be read: ${engineSchema.options.join(', ')}`)
      .option(
        '--model <name>',
        'a model that it serves, may be given several times (default: what it lists itself)',
        readingEach((text) => text),
      )
      .option('--slots <n>', 'calls that it works on at a time', wholeNumber(1))
      .addOption(
        new Option(
          '--tools <use>',
          'whether its models take tools in requests; without it, the first such request finds out',
        ).choices(toolUseSchema.options),
      )
      .option('--label <name=value>', 'for people and rules, may be given several times', readingEach(readLabel))
      .option(
        '--key-variable <name>',
        'variable in which planner and executors find its API key; begins with NODE_KEY_',
      )
      .option('--once', 'register it and leave it to others to say that it is still there'),
  run: ({ options, context }) => {
    const spec = readNode(options);
    return withNodes(context, (nodes) =>
      options.once === true
        ? registerOnce(nodes, spec, context, options.json === true)
        : keepRegistered(nodes, spec, context, options.json === true),
    );
  },
});

const withToken = (command: Command): Command =>
  command.option('--token <token>', 'token of its registration, where it was not registered from this folder');

async function registerOnce(
  nodes: NodesApi,
  spec: NodeSpec,
  { print, dataDir }: Context,
  isJson: boolean,
): Promise<number> {
  const { heartbeatMs, token } = await nodes.register(spec, undefined, readNodeToken(dataDir, spec.name));
  keepNodeToken(dataDir, spec.name, token);
  if (isJson) print.json({ name: spec.name, state: 'registered', heartbeatMs, token });
  else
    print.line(
      `${spec.name} is registered; without a heartbeat every ${heartbeatMs / 1000} s (praxis.v1.NodeService/Heartbeat, with the token ${token}) it is soon taken for silent`,
    );
  return 0;
}

function keepRegistered(nodes: NodesApi, spec: NodeSpec, context: Context, isJson: boolean): Promise<number> {
  return withLife(context, async (life) => {
    await holdRegistration(life, { nodes, spec, context, isJson });
    await life.stopped;
    return exitOf(life);
  });
}

/** How somebody speaks for a node that was registered elsewhere. */
interface TokenOption {
  readonly token?: string;
}

const drainVerb = defineVerb<TokenOption>({
  usage: 'drain <name>',
  summary: 'let a registered node finish what it has, and give it no new calls until it has left',
  examples: ['nodes drain gpu1', 'nodes drain gpu1 --json'],
  options: withToken,
  run: async ({ args, options, context: { print }, context }) => {
    await withNodes(context, (nodes) =>
      nodes.drain(args[0]!, undefined, options.token ?? readNodeToken(context.dataDir, args[0]!)),
    );
    if (options.json) print.json({ name: args[0], draining: true });
    else print.line(`${args[0]} gets no new calls; \`praxis nodes\` shows what it still works on`);
    return 0;
  },
});

const removeVerb = defineVerb<TokenOption>({
  usage: 'remove <name>',
  summary: 'take out a registered node; one whose owner keeps it registered comes back, so drain that one',
  examples: ['nodes remove gpu1', 'nodes remove gpu1 --json'],
  options: withToken,
  run: async ({ args, options, context: { print }, context }) => {
    await withNodes(context, (nodes) =>
      nodes.leave(args[0]!, undefined, options.token ?? readNodeToken(context.dataDir, args[0]!)),
    );
    if (options.json) print.json({ name: args[0], removed: true });
    else print.line(`${args[0]} is removed`);
    return 0;
  },
});

/** `praxis nodes`: who serves models. By itself it lists them; what follows it does something with one of them. */
export const nodesVerb: Verb = (program, host) => {
  // What stands behind one of the verbs is that verb's, `--json` too. (Where this is typed, no other verb is loaded.)
  program.enablePositionalOptions();
  listVerb(program, host);
  const nodes = program.commands.find((command) => command.name() === 'nodes')!;
  for (const verb of [registerVerb, drainVerb, removeVerb]) verb(nodes, host);
};
