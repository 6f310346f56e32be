import { createNodePool, NodeTrouble, type NodePool, seededPoolRandom } from '@praxis/inference';
import { type NodeSize, SimulatedNode, VirtualClock } from '@praxis/simulator';
import { type CallRecord, type Figures, figuresOf } from './measure.js';
import { type AgentCall, BLOCK_TOKENS, playRun } from './play-run.js';
import type { Policy } from './policies.js';
import { drawArrivals } from './workload.js';

/** Every node of the cluster. */
export const NODE: NodeSize = {
  slots: 16,
  prefillRate: 8_000,
  decodeRate: 50,
  crowding: 0.03,
  chunkTokens: 512,
  cacheTokens: 200_000,
  blockTokens: BLOCK_TOKENS,
};
export const NODES = 8;
/** A call that has not ended by then is given up. */
export const TIMEOUT_MS = 30_000;
/** Made once: an error of its own for each call would be what the simulation does most. */
const [LATE, ANSWERED] = [new Error('The call was late.'), new Error('The call was answered.')];

/** What is simulated. */
export interface Setting {
  readonly policy: Policy;
  readonly seed: string;
  readonly runsPerSecond: number;
  readonly seconds: number;
  /** Not measured: caches are cold and the runs that are under way few. */
  readonly warmUpSeconds: number;
  /** Processes that choose nodes, each by itself. */
  readonly routers?: number;
  readonly probeMs?: number;
  /** What happens to the first node after a third of the time. */
  readonly trouble?: 'dies' | 'slow';
  /** Whether nodes tell how many requests they work on at a time. */
  readonly saysSlots?: boolean;
}

/** One simulation, from its first run to the end of the last; the same setting gives the same figures. */
export async function simulate(setting: Setting): Promise<Figures> {
  const clock = new VirtualClock();
  const nodes = new Map(
    Array.from({ length: NODES }, (_, i) => [
      `node${i}`,
      new SimulatedNode({ clock, ...NODE, seed: `${setting.seed}/node${i}`, jitter: 0.05 }),
    ]),
  );
  const pools = Array.from({ length: setting.routers ?? 1 }, (_, i) =>
    openPool(setting, clock, { nodes: [...nodes.keys()], seed: `${setting.seed}/${i}` }),
  );
  const records: CallRecord[] = [];
  const end = new AbortController();
  const watch = probe(clock, { nodes, pools, everyMs: setting.probeMs ?? 500, signal: end.signal });
  void strike(setting, clock, nodes.get('node0')!);
  let n = 0;
  const ask = async (call: AgentCall): Promise<void> => {
    records.push(await askOnce(call, pools[n++ % pools.length]!, { clock, nodes }));
  };
  const runs = drawArrivals(setting.seed, setting.runsPerSecond, setting.seconds * 1_000);
  await Promise.all(runs.map(async (run) => playRun(run, clock, ask)));
  end.abort();
  await watch;
  await Promise.all(pools.map(async (pool) => pool.close()));
  return figuresOf(records, {
    fromMs: setting.warmUpSeconds * 1_000,
    untilMs: setting.seconds * 1_000,
    timeoutMs: TIMEOUT_MS,
  });
}

function openPool(
  setting: Setting,
  clock: VirtualClock,
  { nodes, seed }: { readonly nodes: readonly string[]; readonly seed: string },
): NodePool {
  const chooser = setting.policy.make?.();
  const pool = createNodePool({
    clock,
    random: seededPoolRandom(seed),
    blockTokens: BLOCK_TOKENS,
    ...(chooser && { chooser }),
  });
  pool.setNodes(
    nodes.map((name) => ({
      origin: 'settings',
      spec: {
        name,
        url: `http://${name}:8000/v1`,
        engine: 'simulator',
        serves: [],
        slots: setting.saysSlots === false ? null : NODE.slots,
        labels: {},
        keyVariable: null,
        tools: 'unknown',
      },
    })),
  );
  return pool;
}

/** Looks at every node from time to time: what pools know of others' calls is as old as the last look. */
async function probe(
  clock: VirtualClock,
  {
    nodes,
    pools,
    everyMs,
    signal,
  }: {
    readonly nodes: ReadonlyMap<string, SimulatedNode>;
    readonly pools: readonly NodePool[];
    readonly everyMs: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  while (!signal.aborted) {
    for (const [name, node] of nodes) {
      const { running, waiting, kvUse } = node.load();
      const report = {
        at: clock.now(),
        isUp: !node.isDead,
        note: node.isDead ? 'no connection' : '',
        running,
        waiting,
        kvUse,
        models: ['m'],
        kvTokens: NODE.cacheTokens,
      };
      for (const pool of pools) pool.noteLoad(name, report);
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

async function strike({ trouble, seconds }: Setting, clock: VirtualClock, node: SimulatedNode): Promise<void> {
  if (trouble === undefined) return;
  await clock.sleep((seconds * 1_000) / 3);
  if (trouble === 'dies') node.die();
  else node.slow(4);
}

async function askOnce(
  call: AgentCall,
  pool: NodePool,
  { clock, nodes }: { readonly clock: VirtualClock; readonly nodes: ReadonlyMap<string, SimulatedNode> },
): Promise<CallRecord> {
  const at = clock.now();
  const timeout = new AbortController();
  const answered = new AbortController();
  clock.sleep(TIMEOUT_MS, answered.signal).then(
    () => timeout.abort(LATE),
    () => undefined,
  );
  let firstMs: number | null = null;
  let cachedTokens = 0;
  let outcome: CallRecord['outcome'] = 'ok';
  const { run, stream, blocks, inputTokens, outputTokens } = call;
  const job = {
    model: 'm',
    place: { run, stream, urgency: 0.5, deadline: null },
    prefix: blocks,
    inputTokens,
    maxTokens: 1_000,
    mayHedge: true,
    signal: timeout.signal,
  };
  try {
    await pool.run(job, async (lease) => {
      const onFirstToken = (): void => {
        firstMs ??= clock.now() - at;
        lease.began();
      };
      const serving = nodes
        .get(lease.node.name)!
        .serve({ blocks, inputTokens, outputTokens, signal: lease.signal, onFirstToken });
      const answer = await serving.catch((thrown: unknown) => {
        throw lease.signal.aborted
          ? lease.signal.reason
          : new NodeTrouble('unreachable', 'The node is gone.', { cause: thrown });
      });
      cachedTokens = answer.cachedTokens;
      lease.used({ input: inputTokens, cached: cachedTokens, output: outputTokens, reasoning: 0 });
    });
  } catch {
    outcome = timeout.signal.aborted ? 'late' : 'lost';
  }
  answered.abort(ANSWERED);
  return { at, firstMs, endMs: clock.now() - at, inputTokens, cachedTokens, outcome };
}
