import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { freePort } from '@praxis/platform';

/** A real Redis with an append-only file, on loopback and a port of its own. */
export interface Redis {
  readonly port: number;
  readonly url: string;
  /** Ends it as a power cut would, and starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Redis with its data in a folder; null where the machine has none. */
export async function startRedis(dir: string): Promise<Redis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  let child = await launch(port, dir);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    restart: async () => {
      await end('SIGKILL');
      child = await launch(port, dir);
    },
    stop: () => end('SIGTERM'),
  };
}

async function launch(port: number, dir: string): Promise<ChildProcess> {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  return child;
}
