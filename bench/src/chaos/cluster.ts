import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@praxis/platform';
import { connectPlanner, type Closable, type PlannerApi } from '@praxis/wire';
import type { Fault } from '@praxis/core';
import { Client } from 'pg';
import type { Link } from './draw-fault.js';
import { openProxy, type Proxy } from './proxy.js';
import { startRedis, type Redis } from '../redis.js';
import { SERVICE_NAMES, Service, type ServiceName } from './service.js';
import { skillsFile } from './workload.js';

export interface ClusterOptions {
  /** An empty folder of its own. */
  readonly dir: string;
  readonly recorderPort: number;
  readonly lockMs: number;
  readonly sweepMs: number;
  readonly onLine: (line: string) => void;
}

/**
 * Planner, two executors and reflector as processes, on a Postgres and a Redis of their own, every link to these
 * through a proxy that can break it.
 *
 * chaos-cluster.1 Whatever dies is started again: services by themselves, stores by `restart`.
 * chaos-cluster.2 A store keeps its data and gets a new port; the proxies lead there, so that services see an outage
 *                 and its end.
 */
export class Cluster {
  readonly services = new Map<ServiceName, Service>();
  readonly #links = new Map<ServiceName, ReadonlyMap<Link, Proxy>>();
  #listener: ((service: Service, fault: Fault, at: number) => void) | null = null;
  #postgres!: EmbeddedPostgres;
  #redis: Redis | null = null;
  planner!: PlannerApi & Closable;

  private constructor(private readonly options: ClusterOptions) {}

  static async open(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    mkdirSync(options.dir, { recursive: true });
    chmodSync(options.dir, 0o755);
    cluster.#postgres = await cluster.#startPostgres();
    cluster.#redis = await startRedis(join(options.dir, 'redis'));
    const address = Object.fromEntries(
      await Promise.all(SERVICE_NAMES.map(async (name) => [name, `127.0.0.1:${String(await freePort())}`] as const)),
    ) as Record<ServiceName, string>;
    for (const name of SERVICE_NAMES) await cluster.#add(name, address);
    // The first one brings the database to its schema.
    for (const service of cluster.services.values()) await service.start();
    cluster.planner = connectPlanner(address.planner, { deadlineMs: 5_000 });
    return cluster;
  }

  get backend(): 'redis' | 'postgres' {
    return this.#redis ? 'redis' : 'postgres';
  }

  get restarts(): number {
    return [...this.services.values()].reduce((sum, s) => sum + s.restarts, 0);
  }

  /** Who is told of faults from now on. */
  listen(listener: ((service: Service, fault: Fault, at: number) => void) | null): void {
    this.#listener = listener;
  }

  link(service: ServiceName, link: Link): Proxy {
    const links = this.#links.get(service)!;
    return links.get(link) ?? links.get('postgres')!;
  }

  /** Kills a store as a power cut would, and starts it again. */
  async restart(what: 'postgres' | 'redis'): Promise<void> {
    if (what === 'redis' && this.#redis) return this.#redis.restart();
    const pid = Number(readFileSync(join(this.options.dir, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    // The postmaster takes its children along and writes nothing more: what is not on disk is lost.
    process.kill(pid, 'SIGQUIT');
    while (isAlive(pid)) await new Promise((resume) => setTimeout(resume, 20));
    this.#postgres = await this.#startPostgres();
    for (const links of this.#links.values()) links.get('postgres')!.lead(this.#postgres.port);
  }

  /** Ends all trouble and waits until every service listens. */
  async heal(): Promise<void> {
    for (const links of this.#links.values()) for (const proxy of links.values()) proxy.heal();
    for (const service of this.services.values()) {
      await service.ready();
    }
  }

  /** Asks the database itself, past all proxies. */
  async query<T extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    const client = new Client({ connectionString: this.#postgres.url });
    await client.connect();
    try {
      return (await client.query<T>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    this.planner.close();
    await Promise.all([...this.services.values()].map((s) => s.stop()));
    await Promise.all([...this.#links.values()].flatMap((links) => [...links.values()].map((p) => p.stop())));
    await this.#redis?.stop();
    await this.#postgres.stop();
  }

  async #add(name: ServiceName, address: Readonly<Record<ServiceName, string>>): Promise<void> {
    const { dir, recorderPort, lockMs, sweepMs, onLine } = this.options;
    const links = new Map<Link, Proxy>([
      ['postgres', await openProxy(this.#postgres.port)],
      ['recorder', await openProxy(recorderPort)],
    ]);
    if (this.#redis) links.set('redis', await openProxy(this.#redis.port));
    this.#links.set(name, links);
    const skills = join(dir, `${name}.skills.yaml`);
    writeFileSync(skills, skillsFile(links.get('recorder')!.port));
    const database = new URL(this.#postgres.url);
    database.port = String(links.get('postgres')!.port);
    const env = {
      HOME: dir,
      PRAXIS_DATABASE_URL: database.toString(),
      ...(this.#redis && { PRAXIS_REDIS_URL: `redis://127.0.0.1:${String(links.get('redis')!.port)}` }),
      PRAXIS_DATABASE_POOL_SIZE: '4',
      PRAXIS_PLANNER_ADDRESS: address.planner,
      PRAXIS_EXECUTOR_ADDRESS: address[name === 'executor-2' ? 'executor-2' : 'executor-1'],
      PRAXIS_ARCHIVE_ADDRESS: address.reflector,
      PRAXIS_SEARCH_WORKERS: '1',
      PRAXIS_SWEEP_INTERVAL_MS: String(sweepMs),
      PRAXIS_QUEUE_LOCK_MS: String(lockMs),
      PRAXIS_SKILLS_FILE: skills,
      PRAXIS_LOG_LEVEL: 'error',
    };
    this.services.set(
      name,
      new Service({
        name,
        env,
        dir,
        onFault: (service, fault, at) => this.#listener?.(service, fault, at),
        onLine: (line) => onLine(`${name}: ${line}`),
      }),
    );
  }

  #startPostgres(): Promise<EmbeddedPostgres> {
    return startEmbeddedPostgres({
      dataDir: join(this.options.dir, 'data'),
      log: createLogger({ level: 'error', name: 'chaos' }),
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
