import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures, Load } from './load.js';
import type { Meter } from './meter.js';

/**
 * Somebody else's durable steps, in a process of their own, which stands still while others are measured: some poll all
 * the time.
 */
export interface Peer {
  readonly name: string;
  measure(meter: Meter, load: Load): Promise<Figures>;
  stop(): void;
}

/** What a peer's process answers. */
type Answer =
  | { readonly ready: string }
  | { readonly seconds: number; readonly gapP50: number; readonly gapP99: number; readonly cpuMs: number }
  | { readonly error: string };

/** How to get the packages of the peers. */
export const INSTALL = 'npm install --prefix bench/peers';

/** Longest that a peer may take for one answer. */
const PATIENCE_MS = 120_000;

/** What was due while it stood still is over by then. */
const WAKING_MS = 500;

/** Starts the peers that are installed, each on a database of its own; says of the others why not. */
export async function startPeers(url: string, meter: Meter, say: (line: string) => void): Promise<readonly Peer[]> {
  const folder = join(process.cwd(), 'bench/peers');
  if (!existsSync(join(folder, 'node_modules'))) {
    say(`peers are not installed and are left out; \`${INSTALL}\` brings them`);
    return [];
  }
  const peers: Peer[] = [];
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.peer.mjs'))) {
    const database = `peer_${file.split('.')[0]!.replaceAll('-', '_')}`;
    await meter.ask(`create database ${database}`);
    const own = new URL(url);
    own.pathname = `/${database}`;
    const peer = await startPeer(join(folder, file), own.toString()).catch((error: unknown) => String(error));
    if (typeof peer === 'string') say(`${file} is left out: ${peer}`);
    else peers.push(peer);
  }
  return peers;
}

async function startPeer(file: string, url: string): Promise<Peer> {
  const child = fork(file, [url], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], cwd: join(file, '..'), execArgv: [] });
  let complaint = '';
  child.stderr!.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-400)));
  const first = await answerOf(child).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${String(error)} ${complaint}`.trim());
  });
  if (!('ready' in first)) throw new Error('error' in first ? first.error : 'it did not begin');
  child.kill('SIGSTOP');
  return {
    name: first.ready,
    async measure(meter, load) {
      child.kill('SIGCONT');
      await sleep(WAKING_MS);
      const [answer, cost] = await meter.around(() => {
        child.send(load);
        return answerOf(child);
      });
      child.kill('SIGSTOP');
      if (!('seconds' in answer))
        throw new Error(`The peer ${first.ready} failed: ${'error' in answer ? answer.error : 'no answer'}`);
      const steps = load.runs * load.length;
      return {
        perSecond: steps / answer.seconds,
        gapP50: answer.gapP50,
        gapP99: answer.gapP99,
        walBytes: cost.walBytes / steps,
        transactions: cost.transactions / steps,
        cpuUs: (answer.cpuMs * 1000) / steps,
        serverUs: cost.serverMs === null ? null : (cost.serverMs * 1000) / steps,
      };
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message as Answer))();
    const onExit = settle(() => reject(new Error('it ended.')));
    const timer = setTimeout(
      settle(() => reject(new Error('it took too long.'))),
      PATIENCE_MS,
    );
    child.on('message', onMessage).on('exit', onExit);
  });
}
