import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  readonly work: {
    readonly files: { readonly report: string; readonly chart: string } | null;
    readonly problem: string | null;
  };
  readonly halves: readonly [Half, Half];
  readonly tools: readonly { readonly trust: string }[];
}

/** Postgres servers whose data lie below a folder. */
function serversBelow(dir: string): number {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('postgres') && line.includes(dir)).length;
}

/** What the demo prints of its playbook, without the time it took; the README shows the same. */
function playbookPart(text: string): string {
  const part = /^Real work: [^]*?\n {2}chart .*$/m.exec(text)?.[0] ?? `no playbook in:\n${text}`;
  return part.replace(/ in [\d.]+ s,/, ' in TIME,');
}

describe('praxis demo', () => {
  it('shows in the README what it prints of its playbook, and leaves the files in ./praxis-demo', async () => {
    const box = sandbox();
    const demo = start(['demo'], box.env, box.dir);
    await demo.until(/First half/);
    await demo.kill('SIGINT');
    const readme = readFileSync('README.md', 'utf8').split(/<!-- demo: (?:begin|end) -->/)[1]!;
    expect(playbookPart(demo.stdout)).toBe(playbookPart(readme));
    expect(readdirSync(join(box.dir, 'praxis-demo')).sort()).toEqual(['charts', 'report.md']);
    box.remove();
  });

  it('finishes every goal on an empty machine, learns, and leaves no process behind', async () => {
    const box = sandbox();
    const out = join(box.dir, 'out');
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '7', '--out', 'out'], box.env, box.dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    const saved = { report: join(out, 'report.md'), chart: join(out, 'charts/top.svg') };
    expect(report).toMatchObject({
      ok: true,
      work: { playbook: 'profile-csv', result: { rows: 144, columns: 7 }, files: saved, problem: null },
    });
    expect(readFileSync(saved.report, 'utf8')).toMatch(
      /^# sales\.csv[^]*\*\*144\*\* rows[^]*\| city \| text[^]*top\.svg/,
    );
    expect(readFileSync(saved.chart, 'utf8')).toMatch(/^<svg [^]*Oslo[^]*<\/svg>\s*$/);
    for (const half of report.halves) expect(half).toMatchObject({ goals: 8, done: 8, modelCalls: 0 });
    expect(report.tools.some((t) => t.trust === 'active')).toBe(true);
    expect(report.halves[1].failedSteps).toBeLessThan(report.halves[0].failedSteps);
    expect(serversBelow(box.dir)).toBe(0);
    box.remove();
  });

  it('learns nothing with --no-archive; fails where a file of somebody else is in the way, and leaves it', async () => {
    const box = sandbox();
    const own = join(box.dir, 'praxis-demo', 'report.md');
    mkdirSync(join(box.dir, 'praxis-demo'));
    writeFileSync(own, 'my own report');
    const { code, stdout } = await praxis(['demo', '--json', '--seed', '7', '--no-archive'], box.env, box.dir);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as DemoReport;
    expect(report).toMatchObject({ ok: false, work: { files: null, problem: expect.stringContaining(own) as string } });
    expect(readFileSync(own, 'utf8')).toBe('my own report');
    for (const half of report.halves) expect(half.done).toBe(half.goals);
    expect(report.tools).toEqual([]);
    expect(report.halves[1].failedSteps).toBeGreaterThan(0);
    box.remove();
  });

  it('finishes every goal after a kill -9 in the middle and a restart (run-demo.1)', async () => {
    const box = sandbox();
    const first = start(['demo', '--seed', '3'], box.env, box.dir);
    await first.until(/subgoal .* done/);
    await first.kill('SIGKILL');
    const { code, stdout, stderr } = await praxis(['demo', '--json', '--seed', '3'], box.env, box.dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as DemoReport;
    for (const half of report.halves) expect(half.done).toBe(half.goals);
    expect(report.work.files?.report).toBe(join(box.dir, 'praxis-demo', 'report.md'));
    expect(serversBelow(box.dir)).toBe(0);
    box.remove();
  });

  it('stops everything on Ctrl-C', async () => {
    const box = sandbox();
    const demo = start(['demo', '--keep'], box.env, box.dir);
    await demo.until(/subgoal|planner/);
    expect(await demo.kill('SIGINT')).toBe(130);
    expect(serversBelow(box.dir)).toBe(0);
    expect(existsSync(join(box.dir, '.praxis', 'running.json'))).toBe(false);
    box.remove();
  });
});
