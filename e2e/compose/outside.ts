import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PRAXIS, type Finished } from '../praxis.js';
import type { Service } from './compose-file.js';
import type { Network } from './network.js';

/**
 * The machine on which somebody typed `docker compose up`: a network namespace of its own, in which nothing of the
 * cluster can be reached by name, and what the file publishes answers on the file's own addresses and ports.
 */
export class Outside {
  readonly #namespace: string;
  #forwarder: ChildProcess | null = null;

  constructor(network: Network) {
    this.#namespace = network.host('outside').namespace;
  }

  /** Publishes the ports of services as an engine does; `addressOf` tells where a service's container is. */
  async publish(services: readonly Service[], addressOf: (service: string) => string): Promise<void> {
    const ports = services.flatMap((s) =>
      s.ports.map(({ host, hostPort, port }) => ({ host, hostPort, to: addressOf(s.name), port })),
    );
    this.#forwarder = this.spawn(
      [
        'setpriv',
        '--pdeathsig',
        'KILL',
        process.execPath,
        join(import.meta.dirname, 'forward.mjs'),
        JSON.stringify(ports),
      ],
      {},
    );
    await Promise.race([
      once(this.#forwarder.stdout!, 'data'),
      once(this.#forwarder, 'close').then(() => Promise.reject(new Error('the published ports could not be opened'))),
    ]);
  }

  /** Runs the `praxis` command as a newcomer would: from this repository, on this machine. */
  praxis(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
    return this.run([process.execPath, PRAXIS, ...args], env);
  }

  /** The status and the text of a page. */
  async get(url: string): Promise<{ readonly status: number; readonly text: string }> {
    const script = `const r = await fetch(process.argv[1]); process.stdout.write(JSON.stringify({ status: r.status, text: await r.text() }))`;
    const { stdout, stderr } = await this.run([process.execPath, '--input-type=module', '-e', script, url], {});
    if (stdout === '') throw new Error(`${url}: ${stderr}`);
    return JSON.parse(stdout) as { status: number; text: string };
  }

  close(): void {
    this.#forwarder?.kill('SIGKILL');
  }

  private async run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
    const child = this.spawn(argv, env);
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]!.on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
    await once(child, 'close');
    return { code: child.exitCode, ...said };
  }

  private spawn(argv: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#namespace, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
