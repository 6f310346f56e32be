import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A node that thinks for no time at all. */
export interface InstantNode {
  /** Where its API begins. */
  readonly url: string;
  stop(): void;
}

/** Starts the node as a process of its own. */
export async function startInstantNode(): Promise<InstantNode> {
  const child = fork(fileURLToPath(new URL('./instant-server.js', import.meta.url)), { execArgv: [] });
  const port = await Promise.race([
    once(child, 'message').then(([said]) => Number(said)),
    once(child, 'exit').then(() => Promise.reject(new Error('The instant node did not start.'))),
  ]);
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => void child.kill('SIGKILL') };
}
