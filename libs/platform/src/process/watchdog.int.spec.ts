import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const platform = new URL('../../dist/process/watchdog.js', import.meta.url).href;

/** A process that watches itself and does this. */
function start(stalledMs: number, work: string): ChildProcess {
  const code = `import { startWatchdog } from ${JSON.stringify(platform)}; const stop = startWatchdog(${stalledMs}); const block = (ms) => { const until = performance.now() + ms; while (performance.now() < until); }; ${work}`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'inherit', 'pipe'] });
}

async function endOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly signal: string | null; readonly said: string }> {
  let said = '';
  child.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, said };
}

describe('a process that watches its event loop', () => {
  it('ends itself when it stands still, and says why', async () => {
    const { signal, said } = await endOf(start(600, 'setTimeout(() => block(1e9), 100);'));
    expect([signal, said]).toEqual(['SIGKILL', expect.stringContaining('the event loop stood still')]);
  });

  it('goes on while the loop turns now and then, and ends by itself when it has nothing to do', async () => {
    const { code, said } = await endOf(
      start(5_000, 'let n = 0; const t = setInterval(() => { block(150); if (++n === 5) clearInterval(t); }, 10);'),
    );
    expect([code, said]).toEqual([0, '']);
  });

  it('is not taken for one that stands still because it was stopped and goes on', async () => {
    const child = start(
      1_000,
      "setInterval(() => process.send?.('x'), 50); setTimeout(() => stop().then(() => process.exit(7)), 3_000);",
    );
    const ended = endOf(child);
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    child.kill('SIGCONT');
    expect((await ended).code).toBe(7);
  });
});
