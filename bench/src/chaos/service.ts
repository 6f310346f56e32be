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
 * chaos-service.1 Its faults are armed in the running process, and a new process begins without any.
 * chaos-service.2 It is started again at once, as a supervisor would, until it is stopped for good.
 * chaos-service.3 Plans of faults are put in place one after the other: two signals at once are one.
 */
export class Service {
  readonly name: ServiceName;
  readonly #options: ServiceOptions;
  readonly #file: string;
  #child: ChildProcess | null = null;
  #ready: Promise<void> = Promise.resolve();
  #arming: Promise<void> = Promise.resolve();
  #armed: (() => void) | null = null;
  #isStopped = false;
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
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', PRAXIS, 'serve', this.name.replace(/-\d$/, '')],
      {
        env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env, PRAXIS_FAULTS: this.#file },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    this.#isStopped = false;
    createInterface({ input: child.stderr }).on('line', (line) => this.#hear(line));
    this.#ready = new Promise((resolve) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => resolve());
    });
    child.stdout.resume();
    child.once('exit', (code, signal) => {
      this.#armed?.();
      if (this.#isOver || this.#child !== child) return;
      if (signal !== 'SIGKILL' && signal !== 'SIGTERM' && code !== 0)
        this.#options.onLine(JSON.stringify({ msg: `${this.name} ended by itself`, code, signal }));
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

  /**
   * Puts faults into the running process and waits until they are in place; one plan after the other (chaos-service.3).
   */
  arm(plan: FaultPlan): Promise<void> {
    return (this.#arming = this.#arming.then(() => this.#put(plan)));
  }

  async #put(plan: FaultPlan): Promise<void> {
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

  /**
   * Lets a process that stopped itself go on, until it says that it does: a stop is told of before it, so that a signal
   * may come too early.
   */
  async goOn(): Promise<void> {
    for (const child = this.#child; this.#isStopped && child === this.#child; await sleep(20)) child?.kill('SIGCONT');
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#isStopped = false;
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
    switch (said?.msg) {
      case 'fault points are armed anew':
        return this.#armed?.();
      case 'a fault happens here':
        this.#isStopped = said.fault!.action === 'stop';
        return this.#options.onFault(this, said.fault!, said.time!);
      case 'the process goes on after its stop':
        this.#isStopped = false;
        return;
      default:
        this.#options.onLine(line);
    }
  }
}

function parse(line: string): { readonly msg?: string; readonly time?: number; readonly fault?: Fault } | null {
  try {
    return JSON.parse(line) as { msg?: string };
  } catch {
    return null;
  }
}
