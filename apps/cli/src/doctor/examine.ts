import { PraxisError, parseApprovalRule } from '@praxis/core';
import { checkDatabase, openQueues } from '@praxis/platform';
import { connectArchive, connectEnvironment, connectExecutor, connectPlanner } from '@praxis/wire';
import type { Context } from '../context.js';
import { declaredSkills } from '../compose/declared-skills.js';
import { examineModels } from './examine-models.js';
import { chooseAddresses, readRunning } from '../compose/running-file.js';
import { callOptions, describeSecurity } from '../compose/security.js';
import { count } from '../view/words.js';

/** What came of trying one thing. `absent`: not there, and nothing is wrong with that. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'broken' | 'absent';
  /** What was found, or what to do. */
  readonly detail: string;
}

/** Shorter than for real work: whoever asks the doctor waits for the answer. */
const PATIENCE = { deadlineMs: 3_000 };

/** Tries everything that this machine's Praxis is made of, one finding after the other. */
export async function* examine(context: Context): AsyncIterable<Finding> {
  yield { what: 'node', state: 'ok', detail: `${process.versions.node} on ${process.platform}-${process.arch}` };
  yield await attempt('doors', async () => describeSecurity(context.settings));
  yield await database(context);
  yield await queues(context);
  yield* services(context);
  if (context.settings.approvals.rules.length > 0) yield await approvalRules(context);
  if (context.settings.skills.file !== null) yield await skillsFile(context);
  yield* await examineModels(context.settings);
  for (const [name, address] of Object.entries(context.settings.worlds.remotes)) yield await remoteWorld(name, address);
}

async function database({ settings, dataDir }: Context): Promise<Finding> {
  const { url } = settings.database;
  if (url === null)
    return {
      what: 'database',
      state: 'ok',
      detail: `embedded Postgres, data in ${dataDir}; it runs while \`praxis start\` or \`praxis demo\` runs`,
    };
  return attempt('database', async () => `Postgres ${(await checkDatabase(url)).version}`);
}

/** Planners and executors do not start where a rule is not understood. */
async function approvalRules({ settings }: Context): Promise<Finding> {
  return attempt('rules', async () => {
    const rules = settings.approvals.rules.map(parseApprovalRule);
    return `${count(rules.length, 'approval rule')} in force: ${settings.approvals.rules.join(', ')}`;
  });
}

/** Every executor reads this file when it starts, and does not start where it is wrong. */
async function skillsFile({ settings }: Context): Promise<Finding> {
  return attempt(
    'skills',
    async () => `${count(declaredSkills(settings).length, 'skill')} declared in ${settings.skills.file}`,
  );
}

async function queues({ settings, logger }: Context): Promise<Finding> {
  const { database, redis, queue } = settings;
  if (database.url === null && redis.url === null)
    return { what: 'queues', state: 'ok', detail: 'in the embedded Postgres' };
  if (database.url === null && redis.url !== null)
    return attempt('queues', () => pingQueues('postgresql://unused', redis.url));
  return attempt('queues', () => pingQueues(database.url!, redis.url));

  async function pingQueues(databaseUrl: string, redisUrl: string | null): Promise<string> {
    const opened = await openQueues({ databaseUrl, redisUrl, lockMs: queue.lockMs, log: logger('doctor') });
    try {
      await opened.ping();
      return opened.backend === 'redis' ? 'on Redis' : 'in Postgres';
    } finally {
      await opened.close();
    }
  }
}

async function* services(context: Context): AsyncIterable<Finding> {
  const { settings, isSet, dataDir } = context;
  const running = readRunning(dataDir);
  const { planner, executor, archive } = chooseAddresses(
    { planner: settings.planner.address, executor: settings.executor.address, archive: settings.archive.address },
    isSet,
    running,
  );
  const tries = [
    ['planner', planner, askPlanner],
    ['executor', executor, askExecutor],
    ['archive', archive, askArchive],
  ] as const;
  for (const [what, address, ask] of tries) {
    const finding = await attempt(what, () => ask(context, address));
    // Where nobody started anything and nobody said that something runs, nothing is wrong.
    const isExpected = running !== null || isSet(`${what}.address`) || isSet('database.url');
    yield finding.state === 'broken' && !isExpected
      ? { what, state: 'absent', detail: `nothing runs at ${address}; start it with \`praxis start\`` }
      : finding;
  }
}

async function askPlanner(context: Context, address: string): Promise<string> {
  const planner = connectPlanner(address, { ...callOptions(context, address), ...PATIENCE });
  try {
    const { runs } = await planner.list(
      { status: null, world: null, space: null, text: null },
      { size: 1, token: null },
    );
    return `answers at ${address}${runs[0] ? `; newest run ${runs[0].id}` : '; no runs yet'}`;
  } finally {
    planner.close();
  }
}

async function askExecutor(context: Context, address: string): Promise<string> {
  const executor = connectExecutor(address, { ...callOptions(context, address), ...PATIENCE });
  try {
    const { name, worlds, busy, lanes, draining } = await executor.describe();
    return `${name} answers at ${address}; lanes ${lanes.join(', ')}; worlds ${worlds.map((w) => w.name).join(', ')}; ${busy.length} busy${draining ? ', draining' : ''}`;
  } finally {
    executor.close();
  }
}

async function askArchive(context: Context, address: string): Promise<string> {
  const archive = connectArchive(address, { ...callOptions(context, address), ...PATIENCE });
  try {
    const tools = await archive.list(null);
    return `answers at ${address}; ${count(tools.length, 'tool')}, ${tools.filter((t) => t.trust === 'active').length} active`;
  } finally {
    archive.close();
  }
}

async function remoteWorld(name: string, address: string): Promise<Finding> {
  const world = connectEnvironment(address, PATIENCE);
  try {
    return await attempt(`world ${name}`, async () => `${(await world.describe()).summary} (at ${address})`);
  } finally {
    world.close();
  }
}

async function attempt(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, state: 'ok', detail: await work() };
  } catch (thrown) {
    return { what, state: 'broken', detail: PraxisError.from(thrown).message };
  }
}
