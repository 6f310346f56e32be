import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(process.cwd(), 'bench/dist/chaos/main.js');

/** Runs the chaos harness as `npm run chaos` does. */
async function chaos(...args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [MAIN, '--clusters', '2', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}

describe('chaos', () => {
  // chaos-service.1–2
  it('loses nothing and does nothing twice when a process is killed at each fault point once', async () => {
    const { code, output } = await chaos('--matrix');
    // What went wrong, and how to see it again, stands in the output.
    expect(output).toContain('0 lost, 0 doubled');
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }, 900_000);

  // chaos-cluster.1–2
  it('loses nothing and does nothing twice under seeded kills, stops, partitions, restarts and lost replies', async () => {
    const { code, output } = await chaos('--runs', '10', '--seed', 'ci');
    expect(output).toContain('10 runs, 0 lost, 0 doubled');
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }, 900_000);
});
