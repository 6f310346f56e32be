import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './compose-file.js';
import { Container, removeRoot } from './container.js';
import type { BuiltImage } from './image.js';
import { Network } from './network.js';
import { officialImage } from './official-images.js';

/** What a cluster is made of. */
export interface ClusterParts {
  readonly services: readonly Service[];
  readonly scale: Readonly<Record<string, number>>;
  readonly image: BuiltImage;
  /** Folder of Postgres' programs. */
  readonly postgresBin: string;
  /** An empty folder for roots and volumes. */
  readonly dir: string;
  readonly id: number;
}

/** One container of a service, over its restarts. */
interface Replica {
  readonly service: Service;
  readonly name: string;
  container: Container;
  starts: number;
  isHealthy: boolean;
  /** What the last health check complained of. */
  complaint: string;
  isWanted: boolean;
}

/**
 * Runs a compose file as an engine would: containers in the order of `depends_on`, health checks, restarts, volumes, a
 * network on which services are found by name.
 */
export class Cluster {
  /** Hosts that are added to it reach the cluster's containers. */
  readonly network: Network;
  readonly #replicas: Replica[] = [];
  readonly #addresses = new Map<string, string[]>();
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>[] = [];

  constructor(private readonly parts: ClusterParts) {
    this.network = new Network(parts.id);
    for (const service of parts.services) {
      const names = Array.from({ length: parts.scale[service.name] ?? 1 }, (_, n) => `${service.name}-${n + 1}`);
      this.#addresses.set(
        service.name,
        names.map((name) => this.network.host(name).address),
      );
    }
  }

  /** Starts everything; resolves when every service is up, and healthy where it can tell. */
  async up(): Promise<void> {
    await Promise.all(this.parts.services.map((service) => this.start(service)));
    await this.until('every service is healthy', () =>
      this.#replicas.every((r) => r.service.healthcheck === null || r.isHealthy),
    );
  }

  /** Addresses of a service's containers. */
  addresses(service: string): readonly string[] {
    return this.#addresses.get(service)!;
  }

  /** In the order in which they were started. */
  get started(): readonly string[] {
    return this.#replicas.map((r) => r.name);
  }

  /** How often a container was started. */
  starts(name: string): number {
    return this.replica(name).starts;
  }

  output(name: string): string {
    return this.replica(name).container.output;
  }

  /** Runs a shell's line in a container, as its user; null where it ends with 0, otherwise what it said. */
  inside(name: string, line: string): Promise<string | null> {
    return this.replica(name).container.check(['sh', '-c', line], 10_000);
  }

  /** Ends a container as a crash would; its restart policy brings it back. */
  async crash(name: string): Promise<void> {
    const replica = this.replica(name);
    const { starts } = replica;
    replica.container.kill('SIGKILL');
    await this.until(
      `${name} comes back`,
      () => replica.starts > starts && (replica.service.healthcheck === null || replica.isHealthy),
    );
  }

  /** Stops everything gracefully; gives the exit code of each container, null where it had to be killed. */
  async down(): Promise<Readonly<Record<string, number | null>>> {
    this.#stopping.abort();
    const codes: Record<string, number | null> = {};
    // What others depend on goes last.
    for (const wave of [...this.waves()].reverse()) {
      await Promise.all(
        this.#replicas
          .filter((r) => wave.has(r.service.name))
          .map(async (replica) => {
            replica.isWanted = false;
            codes[replica.name] = replica.container.isRunning
              ? await replica.container.stop(replica.service.stopGraceMs)
              : await replica.container.exit;
          }),
      );
    }
    await Promise.all(this.#watching);
    return codes;
  }

  /** Leaves nothing behind, whatever state it is in. */
  async remove(): Promise<void> {
    this.#stopping.abort();
    for (const replica of this.#replicas) {
      replica.isWanted = false;
      replica.container.kill('SIGKILL');
      await replica.container.exit;
      removeRoot(this.root(replica.name));
    }
    await Promise.all(this.#watching);
    this.network.remove();
  }

  private async start(service: Service): Promise<void> {
    await Promise.all(
      Object.entries(service.dependsOn).map(([on, condition]) =>
        this.until(`${on} for ${service.name}`, () => this.holds(on, condition)),
      ),
    );
    if (this.#stopping.signal.aborted) return;
    for (let n = 1; n <= (this.parts.scale[service.name] ?? 1); n++) {
      const name = `${service.name}-${n}`;
      const replica: Replica = {
        service,
        name,
        container: this.run(service, name),
        starts: 1,
        isHealthy: false,
        complaint: '',
        isWanted: true,
      };
      this.#replicas.push(replica);
      this.#watching.push(this.watch(replica), this.checkHealth(replica));
    }
  }

  private holds(name: string, condition: string): boolean {
    const replicas = this.#replicas.filter((r) => r.service.name === name);
    if (replicas.length === 0) return false;
    if (condition === 'service_healthy') return replicas.every((r) => r.isHealthy);
    return condition === 'service_started' || replicas.every((r) => !r.container.isRunning);
  }

  private run(service: Service, name: string): Container {
    const { image, postgresBin } = this.parts;
    const program = service.isOurs
      ? {
          argv: [...image.entrypoint, ...service.command],
          env: image.env,
          mounts: [{ from: image.tree, at: image.workdir, readOnly: true }],
          owns: ['/run/praxis'],
          stopSignal: 'SIGTERM' as const,
        }
      : officialImage(service, postgresBin);
    const user = service.user ?? image.user;
    const volumes = service.volumes
      .filter((v) => !v.source.startsWith('.'))
      .map((v) => ({
        from: this.volume(v.source, user, program.owns.includes(v.target)),
        at: v.target,
        readOnly: v.readOnly,
      }));
    return new Container({
      name,
      namespace: this.network.host(name).namespace,
      root: this.root(name),
      argv: program.argv,
      env: { ...program.env, HOSTNAME: name, ...service.environment },
      workdir: service.isOurs ? image.workdir : '/',
      user,
      readOnly: service.readOnly,
      mounts: [...program.mounts, ...volumes],
      tmpfs: service.tmpfs,
      stopSignal: program.stopSignal,
      hosts: [
        '127.0.0.1 localhost',
        ...[...this.#addresses].flatMap(([host, at]) => at.map((address) => `${address} ${host}`)),
        '',
      ].join('\n'),
    });
  }

  /** A fresh volume takes the owner of the folder on which the first container mounts it. */
  private volume(source: string, user: string, isOwned: boolean): string {
    const path = join(this.parts.dir, 'volumes', source);
    if (!existsSync(path)) {
      mkdirSync(path, { recursive: true });
      const [uid, gid] = user.split(':').map(Number) as [number, number];
      if (isOwned) chownSync(path, uid, gid);
    }
    return path;
  }

  /** The restart policy. */
  private async watch(replica: Replica): Promise<void> {
    while (replica.isWanted) {
      const code = await replica.container.exit;
      replica.isHealthy = false;
      if (
        !replica.isWanted ||
        replica.service.restart === 'no' ||
        (replica.service.restart === 'on-failure' && code === 0)
      )
        return;
      await sleep(200);
      if (!replica.isWanted) return;
      replica.container = this.run(replica.service, replica.name);
      replica.starts++;
    }
  }

  private async checkHealth(replica: Replica): Promise<void> {
    const { healthcheck } = replica.service;
    if (!healthcheck) return;
    const [form, ...rest] = healthcheck.test;
    const argv = form === 'CMD-SHELL' ? ['sh', '-c', ...rest] : rest;
    let failures = 0;
    while (replica.isWanted && !this.#stopping.signal.aborted) {
      const complaint = replica.container.isRunning
        ? await replica.container.check(argv, healthcheck.timeoutMs)
        : 'it does not run';
      const ok = complaint === null;
      replica.complaint = complaint ?? '';
      failures = ok ? 0 : failures + 1;
      if (ok || failures >= healthcheck.retries) replica.isHealthy = ok;
      // Until it was healthy once it is asked more often, as engines do with `start_interval`.
      await sleep(replica.isHealthy ? healthcheck.intervalMs : 500, undefined, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
    }
  }

  /** Services in the order in which they can start. */
  private waves(): readonly ReadonlySet<string>[] {
    const waves: Set<string>[] = [];
    const placed = new Set<string>();
    while (placed.size < this.parts.services.length) {
      const wave = this.parts.services
        .filter((s) => !placed.has(s.name) && Object.keys(s.dependsOn).every((on) => placed.has(on)))
        .map((s) => s.name);
      if (wave.length === 0) throw new Error('the services of the file wait for each other in a circle');
      for (const name of wave) placed.add(name);
      waves.push(new Set(wave));
    }
    return waves;
  }

  private async until(what: string, holds: () => boolean): Promise<void> {
    const late = Date.now() + 120_000;
    while (!holds() && !this.#stopping.signal.aborted) {
      if (Date.now() > late) throw new Error(`in vain: ${what}\n${this.#replicas.map(report).join('\n')}`);
      await sleep(100);
    }
  }

  private replica(name: string): Replica {
    const found = this.#replicas.find((r) => r.name === name);
    if (!found) throw new Error(`there is no container ${name}`);
    return found;
  }

  private root(name: string): string {
    const root = join(this.parts.dir, 'roots', name);
    mkdirSync(root, { recursive: true });
    return root;
  }
}

/** How a container stands, for whoever reads that something did not happen. */
function report({ name, container, isHealthy, complaint }: Replica): string {
  return `--- ${name} ${container.isRunning ? 'runs' : 'ended'}, ${isHealthy ? 'healthy' : `not healthy: ${complaint}`}\n${container.output.slice(-1_500)}`;
}
