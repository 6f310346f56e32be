import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox, start } from './praxis.js';

interface Half {
  readonly goals: number;
  readonly done: number;
  readonly steps: number;
  readonly failedSteps: number;
  readonly modelCalls: number;
}

interface DemoReport {
  readonly ok: boolean;
  readonly halves: readonly [Half, Half];
  readonly tools: readonly { readonly trust: string }[];
}

/** Postgres servers whose data lie below a folder. */
function serversBelow(dir: string): number {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('postgres') && line.includes(dir)).length;
}

describe('praxis demo', () => {
  it('finishes every goal on an empty machine, learns, and leaves no process behind', async () => {
    const box = sandbox();
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '7'], box.env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    for (const half of report.halves) expect(half).toMatchObject({ goals: 8, done: 8, modelCalls: 0 });
    expect(report.tools.some((t) => t.trust === 'active')).toBe(true);
    expect(report.halves[1].failedSteps).toBeLessThan(report.halves[0].failedSteps);
    expect(serversBelow(box.dir)).toBe(0);
    box.remove();
  });

  it('learns nothing with --no-archive', async () => {
    const box = sandbox();
    const { code, stdout } = await praxis(['demo', '--json', '--seed', '7', '--no-archive'], box.env);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as DemoReport;
    expect(report.tools).toEqual([]);
    expect(report.halves[1].failedSteps).toBeGreaterThan(0);
    box.remove();
  });

  it('finishes every goal after a kill -9 in the middle and a restart (run-demo.1)', async () => {
    const box = sandbox();
    const first = start(['demo', '--seed', '3'], box.env);
    await first.until(/subgoal .* done/);
    await first.kill('SIGKILL');
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '3'], box.env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    for (const half of report.halves) expect(half.done).toBe(half.goals);
    expect(serversBelow(box.dir)).toBe(0);
    box.remove();
  });

  it('stops everything on Ctrl-C', async () => {
    const box = sandbox();
    const demo = start(['demo', '--keep'], box.env);
    await demo.until(/subgoal|planner/);
    expect(await demo.kill('SIGINT')).toBe(130);
    expect(serversBelow(box.dir)).toBe(0);
    expect(existsSync(join(box.dir, '.praxis', 'running.json'))).toBe(false);
    box.remove();
  });
});
