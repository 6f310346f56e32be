import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ERROR_TABLE } from '@praxis/core';

/** A whole process with a Life of its own: `body` is what it does after it has begun to listen. */
async function runProcess(
  body: string,
  poke: (say: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<{ code: number | null; out: string }> {
  const dist = new URL('../../dist/process/life.js', import.meta.url);
  const script = `import { Life } from ${JSON.stringify(dist.href)};
    const say = (m, f) => console.log(m, f?.part ?? '');
    const log = { error: say, warn: say, info: say, debug: say, child: () => log };
    const life = new Life({ deadlineMs: 5000, log }); life.listen();
    setInterval(() => {}, 1000); void life.stopped.then(() => { console.log('stopped', life.endedBy); process.exit(0); });
    ${body}; console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    poke(chunk.toString(), (signal) => child.kill(signal));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

describe('Life in a process of its own', () => {
  it('stops gracefully at the first signal', async () => {
    const { code, out } = await runProcess(
      `life.onStop('a', async () => console.log('bye'))`,
      (said, kill) => said.includes('ready') && kill('SIGTERM'),
    );
    expect(code).toBe(0);
    expect(out).toContain('bye\nstopped SIGTERM');
  });

  it('ends at once at the second signal (life.3)', async () => {
    const { code } = await runProcess(
      `life.onStop('stuck', () => { console.log('stopping'); return new Promise(() => {}); })`,
      (said, kill) => {
        if (said.includes('ready') || said.includes('stopping')) kill('SIGINT');
      },
    );
    expect(code).toBe(130);
  });

  it('stops its parts and ends with the exit code of what it could not go on without (life.5)', async () => {
    const { code, out } = await runProcess(
      `life.onStop('a', async () => console.log('bye'));
       life.fail(Object.assign(new Error('the database is gone'), { code: 'unavailable' }))`,
    );
    expect(code).toBe(ERROR_TABLE.unavailable.exit);
    expect(out).toContain('the database is gone');
    expect(out).toContain('bye');
  });

  it('ends with 70 after a failure that nobody awaited, but stops its parts first (life.4)', async () => {
    const { code, out } = await runProcess(
      `life.onStop('a', async () => console.log('bye')); void Promise.reject(new Error('oops'))`,
    );
    expect(code).toBe(70);
    expect(out).toContain('nobody was waiting for');
    expect(out).toContain('bye');
  });
});
