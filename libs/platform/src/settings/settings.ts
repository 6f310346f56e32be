import { modelRoleSchema, toolUseSchema } from '@praxis/core';
import { z } from 'zod';
import { asDriverReads, hostPort, httpUrl, path, storeUrl } from './setting-types.js';

/** What a setting says about itself, besides its type and default. */
export interface SettingMeta {
  readonly meaning: string;
  readonly secret?: boolean;
}

const setting = <T extends z.ZodType>(schema: T, meaning: string, secret = false): T =>
  schema.meta({ meaning, secret });
const address = (port: number, who: string) =>
  setting(
    hostPort.default(`127.0.0.1:${port}`),
    `Where the ${who} listens and is found, host:port; anything but loopback opens it to the network.`,
  );
const file = (meaning: string) => setting(path.nullable().default(null), meaning);

/**
 * Every setting of every service, with its default and one line of meaning. The variable of `group.someKey` is
 * `PRAXIS_GROUP_SOME_KEY`. What differs per goal (strategy, budget, world) stands in the goal, not here.
 */
export const settingsSchema = z.strictObject({
  data: z
    .strictObject({
      dir: setting(path.default('.praxis'), 'Folder of the embedded database and of what the command line remembers.'),
    })
    .prefault({}),
  database: z
    .strictObject({
      url: setting(
        storeUrl(/^postgres(ql)?:\/\//, 'postgres://')
          .overwrite(asDriverReads)
          .nullable()
          .default(null),
        'Postgres 13 or newer; without it an embedded one is started.',
        true,
      ),
      poolSize: setting(
        z.number().int().min(2).max(200).default(10),
        'Connections each process holds for the journal and its reads.',
      ),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: setting(
        storeUrl(/^rediss?:\/\//, 'redis://')
          .nullable()
          .default(null),
        'Redis for the queues; without it they live in Postgres.',
        true,
      ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: setting(
        z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
        'Least important log line that is written (JSON lines on stderr).',
      ),
    })
    .prefault({}),
  planner: z.strictObject({ address: address(50051, 'planner') }).prefault({}),
  executor: z
    .strictObject({
      address: address(50052, 'executor'),
      announce: setting(
        hostPort.nullable().default(null),
        'Where the planner finds this executor, host:port; without it, where it listens (for 0.0.0.0, the first address of its machine).',
      ),
      count: setting(
        z.number().int().min(1).max(64).default(2),
        'Executors that `praxis start` runs in its one process.',
      ),
      concurrency: setting(
        z.number().int().min(1).max(256).default(2),
        'Subgoals one executor works on at a time, per lane.',
      ),
      lanes: setting(
        z
          .array(z.string().regex(/^[a-z0-9-]+$/, 'lanes are lower-case words'))
          .min(1)
          .default(['default']),
        'Lanes from which an executor takes subgoals, separated by commas.',
      ),
      resources: setting(
        z
          .array(
            z
              .string()
              .regex(
                /^[a-z0-9]+(-[a-z0-9]+)*(:[a-z0-9]+(-[a-z0-9]+)*)?$/,
                'resources are words such as gpu or mount:photos',
              ),
          )
          .max(5)
          .default([]),
        'What this executor has besides a processor, such as gpu,browser,mount:photos, separated by commas; it takes the lanes of all skills that need some of it.',
      ),
    })
    .prefault({}),
  archive: z.strictObject({ address: address(50053, 'reflector, which keeps the archive,') }).prefault({}),
  dashboard: z
    .strictObject({
      address: address(50080, 'dashboard'),
      hosts: setting(
        z.array(z.string().regex(/^[a-z0-9.:[\]-]+$/i, 'must be host names')).default([]),
        'Names under which browsers find the dashboard besides those of this machine, separated by commas; without a key, it answers to no other.',
      ),
    })
    .prefault({}),
  tls: z
    .strictObject({
      certFile: file(
        'Certificate (PEM) that this process shows; with its key, everything it serves is served over TLS.',
      ),
      keyFile: file('Private key (PEM) of the certificate.'),
      caFile: file(
        'Authority (PEM) that signed the certificates of the others; with it, services are called over TLS.',
      ),
      clients: setting(
        z.enum(['any', 'certified']).default('any'),
        'Whether gRPC callers must show a certificate of the same authority (`certified`: mutual TLS).',
      ),
    })
    .prefault({}),
  api: z
    .strictObject({
      key: setting(
        z.string().min(16).nullable().default(null),
        'Key that this process shows to the services it calls; `praxis key` makes one.',
        true,
      ),
      keyHashes: setting(
        z.array(z.string().regex(/^[0-9a-f]{64}$/, 'must be SHA-256 hashes as `praxis key` prints them')).default([]),
        'SHA-256 hashes of the keys that callers must show, separated by commas; without any, no key is asked for.',
      ),
    })
    .prefault({}),
  playbooks: z
    .strictObject({
      folders: setting(
        z.array(path).default([]),
        'Folders in which `praxis run` looks for playbooks before ./playbooks and the shipped ones, separated by commas.',
      ),
    })
    .prefault({}),
  artifacts: z
    .strictObject({
      folder: file(
        'Folder that holds the files of runs, shared by all services of the deployment; without it, the database holds them.',
      ),
    })
    .prefault({}),
  limits: z
    .strictObject({
      requestKb: setting(
        z.number().int().min(64).max(16_384).default(4_096),
        'Largest request a service takes, in kilobytes.',
      ),
      artifactMb: setting(
        z.number().int().min(1).max(65_536).default(256),
        'Largest file that a run may take in or give, in megabytes.',
      ),
      importMb: setting(
        z.number().int().min(1).max(65_536).default(256),
        'Largest history file that `praxis import` may bring to the planner, in megabytes; it waits in the folder for temporary files.',
      ),
    })
    .prefault({}),
  caps: z
    .strictObject({
      evaluated: setting(
        z.number().int().min(1).default(5_000_000),
        'States that one search of a goal may evaluate at most; a goal that asks for more is refused.',
      ),
      steps: setting(
        z.number().int().min(1).default(50_000),
        'Actions that a goal may ask for at most; a goal that asks for more is refused.',
      ),
      wallMs: setting(
        z.coerce.number().int().min(1_000).nullable().default(null),
        'Longest time of work of a run, in milliseconds, also where its goal says none; without it, no bound.',
      ),
      searchMs: setting(
        z.number().int().min(100).max(86_400_000).default(600_000),
        'Longest time that one search may take, in milliseconds.',
      ),
      planNodes: setting(z.number().int().min(1).default(10_000), 'Subgoals that a plan may have at most.'),
      openRuns: setting(
        z.number().int().min(1).default(10_000),
        'Runs of one tenant that have not ended; more are refused until some have.',
      ),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      address: setting(
        hostPort.nullable().default(null),
        'Where this process answers Prometheus at `/metrics`, host:port; the dashboard answers at its own address too.',
      ),
    })
    .prefault({}),
  telemetry: z
    .strictObject({
      endpoint: setting(
        httpUrl.nullable().default(null),
        'OpenTelemetry collector for traces (OTLP over HTTP), such as http://127.0.0.1:4318; without it nothing is traced. OTEL_EXPORTER_OTLP_ENDPOINT means the same.',
      ),
      sampleRatio: setting(z.number().min(0).max(1).default(1), 'Share of the runs that are traced.'),
    })
    .prefault({}),
  search: z
    .strictObject({
      workers: setting(z.number().int().min(1).max(64).default(2), 'Threads for symbolic search, per process.'),
      memoryMb: setting(
        z.number().int().min(64).max(65_536).default(1024),
        'Memory that one search may use, in megabytes.',
      ),
      steps: setting(
        z.number().int().min(100_000).default(15_000_000),
        'Steps (rows of joins, parts of formulas) that one question about a problem may take: what is possible, what holds, whether a plan stands.',
      ),
    })
    .prefault({}),
  worlds: z
    .strictObject({
      remotes: setting(
        z.record(z.string(), z.string()).default({}),
        'Worlds served elsewhere, as name=host:port, separated by commas.',
      ),
    })
    .prefault({}),
  skills: z
    .strictObject({
      file: file('YAML or JSON file of skills that are done by HTTP (docs/skills.md).'),
      modules: setting(
        z.array(z.string().min(1)).default([]),
        'JavaScript or TypeScript modules whose exports are skills (docs/skills.md), separated by commas; loading one runs its code.',
      ),
    })
    .prefault({}),
  web: z
    .strictObject({
      allow: setting(
        z
          .array(
            z
              .string()
              .regex(/^(\*\.)?(\[[\da-f:.]+\]|[\p{L}\d._-]+)(:\d{1,5})?$/iu, 'must be hosts, with or without a port'),
          )
          .default([]),
        'Hosts of your own that web skills may ask besides public ones, separated by commas, such as 127.0.0.1:8080 or *.corp.example.',
      ),
    })
    .prefault({}),
  model: z
    .strictObject({
      url: setting(
        httpUrl.nullable().default(null),
        'OpenAI-compatible endpoint to ask for models, such as http://127.0.0.1:8000/v1; more than one: nodes.urls.',
      ),
      name: setting(
        z.string().min(1).nullable().default(null),
        'Model to ask for; without it, whatever chat model the nodes have.',
      ),
      key: setting(
        z.string().min(1).nullable().default(null),
        'API key of that endpoint, and of nodes that name PRAXIS_MODEL_KEY as theirs.',
        true,
      ),
      tools: setting(
        toolUseSchema.default('unknown'),
        'Whether that endpoint takes tools in requests: native, none, or unknown, where the first such request finds out.',
      ),
      roles: setting(
        z.partialRecord(modelRoleSchema, z.string().min(1)).default({}),
        'Models by role, best first, as role=model|fallback, separated by commas; roles are planner, actor, judge, reflector, grounder.',
      ),
      gguf: file(
        'GGUF file of a model that runs inside this process, where node-llama-cpp is installed (docs/embedded-model.md). PRAXIS_GGUF means the same.',
      ),
      embedding: setting(
        z.string().min(1).nullable().default(null),
        'Model that makes vectors; without it, the first one that a node has.',
      ),
      contextTokens: setting(
        z.number().int().min(1_024).max(2_097_152).default(16_384),
        'Longest prompt and answer together that models are sent, in tokens.',
      ),
      answerTokens: setting(
        z.number().int().min(64).max(131_072).default(2_048),
        'Longest answer that models are asked for, in tokens.',
      ),
      prompts: file('Folder of prompts that replace the shipped ones of the same name (docs/prompts.md).'),
      record: file('File to which every answer of a model is written, for `model.replay`.'),
      replay: file('File of recorded answers, given instead of asking any model; a request that is not in it fails.'),
    })
    .prefault({}),
  nodes: z
    .strictObject({
      urls: setting(
        z
          .record(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'names are letters, digits, dots and dashes'), httpUrl)
          .default({}),
        'Inference nodes, as name=url, separated by commas.',
      ),
      register: setting(
        z.enum(['protected', 'anybody']).default('protected'),
        'Who may register nodes where the planner can be reached from the network: callers that show a key or certificate, or anybody.',
      ),
      file: file('YAML or JSON file of inference nodes with what they serve, their slots and prices (docs/nodes.md).'),
    })
    .prefault({}),
  approvals: z
    .strictObject({
      rules: setting(
        z.array(z.string()).default([]),
        'Which actions need a person or are forbidden, separated by commas, such as `ask effect=irreversible`; of the rules the first that fits decides.',
      ),
      remindMs: setting(
        z.number().int().min(1_000).max(2_147_483_647).default(3_600_000),
        'How often people are reminded of a question that is open, in milliseconds.',
      ),
    })
    .prefault({}),
  retention: z
    .strictObject({
      maxAgeMs: setting(
        z.coerce.number().int().min(1_000).nullable().default(null),
        'How long ended runs are kept, in milliseconds; without it, for ever.',
      ),
      maxMb: setting(
        z.coerce.number().int().min(1).nullable().default(null),
        'Room for the events and texts of ended runs, in megabytes, before the oldest ones go; without it, as much as there is.',
      ),
    })
    .prefault({}),
  sweep: z
    .strictObject({
      intervalMs: setting(
        z.number().int().min(100).max(3_600_000).default(5_000),
        'How often the planner looks for work that should move but does not, in milliseconds.',
      ),
    })
    .prefault({}),
  queue: z
    .strictObject({
      lockMs: setting(
        z.number().int().min(1_000).max(600_000).default(3_000),
        'How long a job stays with a worker that no longer answers, in milliseconds; work goes on within a second after that.',
      ),
    })
    .prefault({}),
  stop: z
    .strictObject({
      deadlineMs: setting(
        z.number().int().min(0).max(600_000).default(10_000),
        'How long a graceful stop may take before what is left is cut off, in milliseconds.',
      ),
      stalledMs: setting(
        z.number().int().min(2_000).max(3_600_000).default(30_000),
        'How long the event loop of a service may stand still before the process ends itself, so that others take up its work, in milliseconds.',
      ),
    })
    .prefault({}),
});

/** All settings, read once at start and frozen; parts receive only their slice. */
export type Settings = z.infer<typeof settingsSchema>;
