import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox, start } from './praxis.js';

interface DemoReport {
  readonly goals: readonly { readonly outcome: string; readonly half: number; readonly steps: number; readonly failedSteps: number; readonly modelCalls: number }[];
  readonly tools: readonly { readonly trust: string }[];
}

const failedIn = (report: DemoReport, half: number): number => report.goals.filter((g) => g.half === half).reduce((n, g) => n + g.failedSteps, 0);

/** Postgres servers whose data lie below a folder. */
function serversBelow(dir: string): number {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('postgres') && line.includes(dir)).length;
}

describe('praxis demo', () => {
  it('finishes every goal on an empty machine, learns, and leaves no process behind', async () => {
    const box = sandbox();
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '7'], box.env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    expect(report.goals.length).toBeGreaterThanOrEqual(6);
    expect(report.goals.every((g) => g.outcome === 'done' && g.modelCalls === 0)).toBe(true);
    expect(report.tools.some((t) => t.trust === 'active')).toBe(true);
    expect(failedIn(report, 2)).toBeLessThan(failedIn(report, 1));
    expect(serversBelow(box.dir)).toBe(0);
    box.remove();
  });

  it('learns nothing with --no-archive', async () => {
    const box = sandbox();
    const { code, stdout } = await praxis(['demo', '--json', '--seed', '7', '--no-archive'], box.env);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as DemoReport;
    expect(report.tools).toEqual([]);
    expect(failedIn(report, 2)).toBeGreaterThan(0);
    box.remove();
  });

  it('finishes every goal after a kill -9 in the middle and a restart', async () => {
    const box = sandbox();
    const first = start(['demo', '--seed', '3'], box.env);
    await first.until(/subgoal .* done/);
    await first.kill('SIGKILL');
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '3'], box.env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    expect(report.goals.every((g) => g.outcome === 'done')).toBe(true);
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
