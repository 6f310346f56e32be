import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@praxis/platform';

/** A Redis for the time of a measurement, keeping its data as a cluster would. */
export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a Redis in a folder; null where none is installed. */
export async function startRedis(dir: string): Promise<Redis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await freePort();
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
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
