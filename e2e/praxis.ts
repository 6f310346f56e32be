import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The `praxis` command as a user's shell would start it. */
export const PRAXIS = join(process.cwd(), 'apps/cli/bin/praxis.mjs');

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test's data, and the variables that point there and nowhere else. */
export function sandbox(extra: Readonly<Record<string, string>> = {}): {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'praxis-e2e-'));
  // As root the embedded database runs as another user, who must be able to get there.
  chmodSync(dir, 0o755);
  const env = { PATH: process.env['PATH'], HOME: dir, NO_COLOR: '1', PRAXIS_DATA_DIR: join(dir, '.praxis'), ...extra };
  return { dir, env, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A command that goes on; `text` is all it has printed so far. */
export class Running {
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout!.on('data', (d: Buffer) => (this.stdout += d.toString()));
    child.stderr!.on('data', (d: Buffer) => (this.stderr += d.toString()));
    this.exit = once(child, 'close').then(() => child.exitCode);
  }

  /** Waits until the output matches; fails with the output when the command ends first. */
  async until(pattern: RegExp): Promise<void> {
    for (;;) {
      if (pattern.test(this.stdout)) return;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`ended before ${String(pattern)}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((r) => setTimeout(r, 50));
    }
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exit;
  }
}

/** Starts a command. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv, cwd = process.cwd()): Running {
  return new Running(spawn(process.execPath, [PRAXIS, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Runs a command to its end. */
export async function praxis(args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<Finished> {
  const running = start(args, env, cwd);
  const code = await running.exit;
  return { code, stdout: running.stdout, stderr: running.stderr };
}
