import { z } from 'zod';

/** What a setting says about itself, besides its type and default. */
export interface SettingMeta {
  readonly meaning: string;
  readonly secret?: boolean;
}

const setting = <T extends z.ZodType>(schema: T, meaning: string, secret = false): T => schema.meta({ meaning, secret });
const address = (port: number, who: string) =>
  setting(z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port').default(`127.0.0.1:${port}`), `Where the ${who} listens and is found, host:port; anything but loopback opens it to the network.`);

/**
 * Every setting of every service, with its default and one line of meaning. The variable of `group.someKey` is
 * `PRAXIS_GROUP_SOME_KEY`. What differs per goal (strategy, budget, world) stands in the goal, not here.
 */
export const settingsSchema = z.strictObject({
  data: z
    .strictObject({ dir: setting(z.string().min(1).default('.praxis'), 'Folder of the embedded database and of what the command line remembers.') })
    .prefault({}),
  database: z
    .strictObject({
      url: setting(z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://').nullable().default(null), 'Postgres 13 or newer; without it an embedded one is started.', true),
      poolSize: setting(z.number().int().min(2).max(200).default(10), 'Connections each process holds for the journal and its reads.'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: setting(z.string().regex(/^rediss?:\/\//, 'must begin with redis://').nullable().default(null), 'Redis for the queues; without it they live in Postgres.', true),
    })
    .prefault({}),
  log: z
    .strictObject({ level: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'), 'Least important log line that is written (JSON lines on stderr).') })
    .prefault({}),
  planner: z.strictObject({ address: address(50051, 'planner') }).prefault({}),
  executor: z
    .strictObject({
      address: address(50052, 'executor'),
      count: setting(z.number().int().min(1).max(64).default(2), 'Executors that `praxis start` runs in its one process.'),
      concurrency: setting(z.number().int().min(1).max(256).default(2), 'Subgoals one executor works on at a time, per lane.'),
      lanes: setting(z.array(z.string().regex(/^[a-z0-9-]+$/, 'lanes are lower-case words')).min(1).default(['default']), 'Lanes from which an executor takes subgoals, separated by commas.'),
    })
    .prefault({}),
  archive: z.strictObject({ address: address(50053, 'reflector, which keeps the archive,') }).prefault({}),
  search: z
    .strictObject({
      workers: setting(z.number().int().min(1).max(64).default(2), 'Threads for symbolic search, per process.'),
      memoryMb: setting(z.number().int().min(64).max(65_536).default(1024), 'Memory that one search may use, in megabytes.'),
    })
    .prefault({}),
  worlds: z
    .strictObject({ remotes: setting(z.record(z.string(), z.string()).default({}), 'Worlds served elsewhere, as name=host:port, separated by commas.') })
    .prefault({}),
  sweep: z
    .strictObject({ intervalMs: setting(z.number().int().min(100).max(3_600_000).default(5_000), 'How often the planner looks for work that should move but does not, in milliseconds.') })
    .prefault({}),
  queue: z
    .strictObject({ lockMs: setting(z.number().int().min(1_000).max(600_000).default(10_000), 'How long a job stays with a worker that no longer answers, in milliseconds.') })
    .prefault({}),
  stop: z
    .strictObject({ deadlineMs: setting(z.number().int().min(0).max(600_000).default(10_000), 'How long a graceful stop may take before what is left is cut off, in milliseconds.') })
    .prefault({}),
});

/** All settings, read once at start and frozen; parts receive only their slice. */
export type Settings = z.infer<typeof settingsSchema>;
