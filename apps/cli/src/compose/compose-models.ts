import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  nodeSpecSchema,
  systemClock,
  type Logger,
  type ModelRole,
  type Models,
  type NodeSpec,
  type NodeView,
} from '@praxis/core';
import {
  ClientByEngine,
  DEFAULT_PATIENCE,
  EmbeddedClient,
  PromptRunner,
  NodeClient,
  createNodePool,
  fileSink,
  followRegistry,
  httpGetOver,
  loadPrompts,
  openModels,
  openNodeNetwork,
  parseNodes,
  recordedModels,
  recordingModels,
  refuseUnsafeUrl,
  watchNodes,
  type ModelAccess,
  type NodePool,
} from '@praxis/inference';
import { isLoopback, observeModels, readNamedFile, type Settings } from '@praxis/platform';
import type { Runtime } from './compose.js';
import { readChain } from '../input/model-choice.js';
import { apiOf } from '../input/node-input.js';
import { OWN_KEY, keyOf } from './node-keys.js';
import { hold } from './process-life.js';

/** What the services of a process need to ask models, and how the nodes stand. */
export interface ModelRuntime {
  readonly access: ModelAccess;
  views(): Promise<readonly NodeView[]>;
}

/** Hosts at which the settings name nodes. */
const hostsOf = (nodes: readonly NodeSpec[]): ReadonlySet<string> =>
  new Set(nodes.map(({ url }) => new URL(url).hostname));

/**
 * The node that stands for a model inside this process, and how many calls it works on at a time: each has its own
 * context in memory.
 */
const EMBEDDED = 'embedded';
const EMBEDDED_SLOTS = 2;

/** What a probe found longer ago than this says nothing any more; nodes are looked at every second. */
const STALE_MS = 5_000;

/** How long the first call waits for the nodes to say what they serve. */
const PROBED_MS = 10_000;

/** Opens the pool of nodes, those of the settings and those that registered, and the models on it. */
export async function openModelRuntime({
  settings,
  store,
  life,
  logger,
}: Pick<Runtime, 'settings' | 'store' | 'life' | 'logger'>): Promise<ModelRuntime> {
  const log = logger('models');
  const { model } = settings;
  const prompts = loadPrompts(model.prompts);
  const own = ownNodes(settings);
  const key = keyOf(settings, own, log);
  const embedded = await openEmbedded(settings, log);
  if (embedded !== null) await hold(life, 'embedded model', () => embedded.client.close());
  const pool = createNodePool({ log, staleMs: STALE_MS });
  await hold(life, 'node pool', () => pool.close());
  const nodes = followRegistry(store.nodes, pool, { settings: own, log });
  await hold(life, 'list of nodes', () => nodes.stop());
  const network = openNodeNetwork({ trusted: hostsOf(own), loopback: isLoopback(settings.planner.address) });
  await hold(life, 'network of nodes', () => network.close());
  const probes = watchNodes(pool, {
    get: httpGetOver(network.ask),
    keyOf: ({ keyVariable, url }) => (keyVariable === null ? null : (key(keyVariable, url) ?? null)),
  });
  await hold(life, 'probes of nodes', () => probes.stop());
  // Nobody probes it: it is there as long as this process is.
  if (embedded !== null)
    void nodes.ready.then(() =>
      pool.noteLoad(EMBEDDED, {
        at: systemClock.now(),
        isUp: true,
        note: '',
        running: null,
        waiting: null,
        kvUse: null,
        models: null,
      }),
    );
  const client = new ClientByEngine(new NodeClient(DEFAULT_PATIENCE, systemClock, network.ask), embedded);
  const pooled = openModels({
    pool,
    client,
    chains: chainsOf(settings),
    embedding: model.embedding,
    keyOf: key,
    probed: () => nodes.ready.then(() => probed(pool)),
  });
  const promptRunner = new PromptRunner(observeModels(taped(pooled, settings)), store.blobs, {
    contextTokens: model.contextTokens,
    answerTokens: model.answerTokens,
  });
  const views = (): Promise<readonly NodeView[]> => nodes.ready.then(() => pool.views());
  return {
    access: { promptRunner, prompts, isThere: async () => model.replay !== null || (await views()).length > 0 },
    views,
  };
}

/** Nodes that the settings name; fails with `invalid` where an address holds a secret. */
export function ownNodes({ model, nodes }: Pick<Settings, 'model' | 'nodes'>): readonly NodeSpec[] {
  const serves = model.name === null ? [] : [{ name: model.name }];
  const keyVariable = model.key === null ? null : OWN_KEY;
  const one =
    model.url === null
      ? []
      : [nodeSpecSchema.parse({ name: 'model', url: apiOf(model.url), keyVariable, serves, tools: model.tools })];
  const named = Object.entries(nodes.urls).map(([name, url]) =>
    nodeSpecSchema.parse({ name, url: apiOf(url), keyVariable }),
  );
  // Its address is a form: nothing ever goes there.
  const inside =
    model.gguf === null
      ? []
      : [
          nodeSpecSchema.parse({
            name: EMBEDDED,
            url: 'http://embedded.invalid',
            engine: 'embedded',
            slots: EMBEDDED_SLOTS,
            serves: [{ name: model.name ?? basename(model.gguf, '.gguf'), contextTokens: model.contextTokens }],
          }),
        ];
  const listed =
    nodes.file === null
      ? []
      : parseNodes(readNamedFile('PRAXIS_NODES_FILE', resolve(nodes.file)).toString('utf8'), nodes.file);
  const all = [...one, ...inside, ...named, ...listed];
  all.forEach(refuseUnsafeUrl);
  return all;
}

/** The model inside this process; null where the settings name none. What is wrong with it is told at the start. */
async function openEmbedded(
  { model }: Pick<Settings, 'model'>,
  log: Logger,
): Promise<{ readonly node: string; readonly client: EmbeddedClient } | null> {
  if (model.gguf === null || model.replay !== null) return null;
  const options = {
    node: EMBEDDED,
    file: resolve(model.gguf),
    slots: EMBEDDED_SLOTS,
    contextTokens: model.contextTokens,
    cwd: process.cwd(),
    log,
  };
  return { node: EMBEDDED, client: await EmbeddedClient.open(options) };
}

function chainsOf({ model }: Pick<Settings, 'model'>) {
  const byRole = Object.fromEntries(
    Object.entries(model.roles).map(([role, chain]) => [role, readChain(chain)]),
  ) as Partial<Record<ModelRole, readonly string[]>>;
  return { byRole, fallback: model.name === null ? [] : [model.name] };
}

/** Resolves when every node was looked at once, or is taken too long over. */
async function probed(pool: Pick<NodePool, 'views'>): Promise<void> {
  const until = performance.now() + PROBED_MS;
  while (pool.views().some((v) => v.load === null) && performance.now() < until) await sleep(50);
}

/** Models whose answers are recorded, or were. */
function taped(models: Models, { model }: Pick<Settings, 'model'>): Models {
  if (model.replay !== null)
    return recordedModels(readNamedFile('PRAXIS_MODEL_REPLAY', resolve(model.replay)).toString('utf8'));
  return model.record === null ? models : recordingModels(models, fileSink(resolve(model.record)));
}
