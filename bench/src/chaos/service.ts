import { spawn, type ChildProcess } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultPlan } from '@praxis/core';

/** The services of a chaos cluster, each a process. */
export const SERVICE_NAMES = ['planner', 'executor-1', 'executor-2', 'reflector'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The command, from the root of the repository. */
const PRAXIS = join(import.meta.dirname, '../../../apps/cli/bin/praxis.mjs');

export interface ServiceOptions {
  readonly name: ServiceName;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for the file of its faults. */
  readonly dir: string;
  /** Told of a fault when it happens. */
  readonly onFault: (service: Service, fault: Fault, at: number) => void;
  /** Told each line that is not about faults. */
  readonly onLine: (line: string) => void;
}

/**
 * One service as a process of its own that is started again whenever it ends.
 *
 * V1 Its faults are armed in the running process, and a new process begins without any.
 * V2 It is started again at once, as a supervisor would, until it is stopped for good.
 */
export class Service {
  readonly name: ServiceName;
  readonly #options: ServiceOptions;
  readonly #file: string;
  #child: ChildProcess | null = null;
  #ready: Promise<void> = Promise.resolve();
  #armed: (() => void) | null = null;
  #isOver = false;
  restarts = 0;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#file = join(options.dir, `${options.name}.faults.json`);
  }

  /** Resolves when the process listens. */
  async start(): Promise<void> {
    this.#write({ seed: '', faults: [] });
    const { env } = this.#options;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PRAXIS, 'serve', this.name.replace(/-\d$/, '')], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env, PRAXIS_FAULTS: this.#file },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => this.#hear(line));
    this.#ready = new Promise((resolve) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => resolve());
    });
    child.stdout.resume();
    child.once('exit', (code, signal) => {
      this.#armed?.();
      if (this.#isOver || this.#child !== child) return;
      if (signal !== 'SIGKILL' && signal !== 'SIGTERM' && code !== 0) this.#options.onLine(JSON.stringify({ msg: `${this.name} ended by itself`, code, signal }));
      this.restarts++;
      void this.start();
    });
    return this.ready();
  }

  /** Waits until the present process, or the one after it, listens. */
  async ready(): Promise<void> {
    for (;;) {
      const awaited = this.#ready;
      await awaited;
      if (awaited === this.#ready) return;
    }
  }

  /** Puts faults into the running process and waits until they are in place. */
  async arm(plan: FaultPlan): Promise<void> {
    await this.ready();
    this.#write(plan);
    const acknowledged = new Promise<void>((resolve) => (this.#armed = resolve));
    this.signal('SIGUSR2');
    await acknowledged;
    this.#armed = null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Lets a process go on that stops itself. It says so before it does, so that one signal may come too early. */
  async goOn(): Promise<void> {
    const child = this.#child;
    for (let i = 0; i < 5; i++) {
      child?.kill('SIGCONT');
      await sleep(20 * i);
    }
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isOver = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await gone;
  }

  /** The process reads a whole file or the one before it, never half of one. */
  #write(plan: FaultPlan): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(plan));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #hear(line: string): void {
    const said = parse(line);
    if (said?.msg === 'fault points are armed anew') this.#armed?.();
    else if (said?.msg === 'a fault happens here') this.#options.onFault(this, said.fault!, said.time!);
    else this.#options.onLine(line);
  }
}

function parse(line: string): { readonly msg?: string; readonly time?: number; readonly fault?: Fault } | null {
  try {
    return JSON.parse(line) as { msg?: string };
  } catch {
    return null;
  }
}
