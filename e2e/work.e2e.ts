import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox, start } from './praxis.js';

const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500', PRAXIS_EXECUTOR_COUNT: '1' });
const services = start(['start'], box.env);
afterAll(async () => {
  await services.kill('SIGKILL');
  box.remove();
});

describe("a person's own work, without planning rules or a model", () => {
  beforeAll(() => services.until(/Ctrl-C stops everything/));

  it('goes from a file to a report that is saved, and replays', async () => {
    const table = join(box.dir, 'sales.csv');
    const saved = join(box.dir, 'out');
    writeFileSync(table, 'city,amount\nOslo,3\nRome,5\nOslo,4\n');
    const done = await praxis(['run', 'profile-csv', '--in', `file=${table}`, '--save', saved, '--json'], box.env);
    expect(done).toMatchObject({ code: 0 });
    const last = JSON.parse(done.stdout.trimEnd().split('\n').at(-1)!) as { readonly run: string };
    expect(readFileSync(join(saved, 'report.md'), 'utf8')).toMatch(/## Columns[^]*amount/);
    expect(readdirSync(saved).length).toBeGreaterThan(1);
    const replayed = await praxis(['replay', last.run], box.env);
    expect(replayed).toMatchObject({ code: 0 });
  });

  it('tries one skill by itself', async () => {
    const called = await praxis(['skills', 'call', 'calc', '--in', 'expression=6 * 7'], box.env);
    expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('42') as string });
  });

  it('refuses a file that is not there before a run begins', async () => {
    const refused = await praxis(['run', 'profile-csv', '--in', 'file=nowhere.csv'], box.env);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('nowhere.csv');
  });
});
