import { nodeSpecSchema, systemClock, type Models } from '@praxis/core';
import {
  DEFAULT_PATIENCE,
  PromptRunner,
  NodeClient,
  createNodePool,
  loadPrompts,
  openModels,
  type JobRunner,
  type NodePool,
  type Prompt,
} from '@praxis/inference';
import { createLogger } from '@praxis/platform';
import { migrate, openStore } from '@praxis/store';
import type { Asking } from './ask-run.js';
import { Laps } from './laps.js';

/** Everything that a call goes through, on a real database and a node that answers at once. */
export interface OpenCalls extends Asking {
  close(): Promise<void>;
}

/** As many as ever are in flight: what is measured is our work, not the waiting for a slot. */
const SLOTS = 256;

/** Puts the pieces together as the services do, with laps between them. */
export async function openCalls(databaseUrl: string, nodeUrl: string): Promise<OpenCalls> {
  await migrate(databaseUrl);
  const store = await openStore({
    url: databaseUrl,
    log: createLogger({ level: 'error', name: 'bench' }),
    clock: systemClock,
  });
  const laps = new Laps();
  const pool = instantPool(nodeUrl);
  const models = timedModels(pool, laps);
  const { blobs, journal } = store;
  const promptRunner = new PromptRunner(
    models,
    {
      keep: (texts) => laps.around(() => blobs.keep(texts), 'hash', 'keep'),
      read: (h) => blobs.read(h),
      readAll: (h) => blobs.readAll(h),
    },
    { contextTokens: 16_384, answerTokens: 2_048 },
  );
  const prompt = loadPrompts(null).get('next-action');
  const timed: Prompt<'next-action'> = {
    ...prompt,
    render: (values, budget) => timedRender(laps, () => prompt.render(values, budget)),
  };
  return {
    journal: {
      append: (...asked) => laps.around(() => journal.append(...asked), 'interpreter', 'journal'),
      read: (...asked) => journal.read(...asked),
      fork: (...asked) => journal.fork(...asked),
    },
    promptRunner,
    prompt: timed,
    laps,
    close: async () => {
      await pool.close();
      await store.close();
    },
  };
}

/** A pool with the one node that answers at once. */
function instantPool(url: string): NodePool {
  const pool = createNodePool();
  pool.setNodes([
    {
      spec: nodeSpecSchema.parse({
        name: 'instant',
        url,
        engine: 'vllm',
        slots: SLOTS,
        serves: [{ name: 'instant' }],
      }),
      origin: 'settings',
    },
  ]);
  return pool;
}

/** Models of that pool, with laps before and after each call's way through it. */
function timedModels(pool: NodePool, laps: Laps): Models {
  const runner: JobRunner = {
    run: (job, work) => pool.run(job, (lease) => work(lease).finally(() => laps.lap('validate'))),
  };
  const client = new NodeClient(DEFAULT_PATIENCE, systemClock);
  const pooled = openModels({
    pool: { ...runner, views: () => pool.views() },
    client: {
      chat: (...asked) => laps.around(() => client.chat(...asked), 'route', 'http'),
      embed: (...asked) => client.embed(...asked),
    },
    chains: { byRole: {}, fallback: ['instant'] },
    embedding: null,
    keyOf: () => undefined,
  });
  return {
    call: (call) => laps.around(() => pooled.call(call), 'request', 'route'),
    embed: (...asked) => pooled.embed(...asked),
    estimate: (call) => pooled.estimate(call),
  };
}

function timedRender<T>(laps: Laps, render: () => T): T {
  laps.lap('order');
  const rendered = render();
  laps.lap('render');
  return rendered;
}
