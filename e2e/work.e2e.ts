import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox, start, type Finished, type Running } from './praxis.js';
import { REMIND } from './work/remind.js';
import { Shop } from './work/shop.js';

/** What `--json` prints last. */
interface End {
  readonly run: string;
  readonly outcome: string;
  readonly reason: string;
  readonly result: { readonly value: unknown } | null;
}

describe("a person's own work, without planning rules or a model", () => {
  const box = sandbox({ PRAXIS_SWEEP_INTERVAL_MS: '500', PRAXIS_EXECUTOR_COUNT: '1' });
  let shop: Shop;
  let services: Running;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    shop = await Shop.open(40);
    env = {
      ...box.env,
      PRAXIS_SKILLS_FILE: write('skills.json', shop.skills),
      PRAXIS_WEB_ALLOW: shop.host,
      PRAXIS_APPROVALS_RULES: 'allow skill=remind',
    };
    write('remind.yaml', REMIND);
    write('sales.csv', 'city,amount\nOslo,3\nRome,5\nOslo,4\n');
    services = start(['start'], env);
    await services.until(/Ctrl-C stops everything/);
  });
  beforeEach(() => shop.reset());
  afterAll(async () => {
    await services?.kill('SIGKILL');
    await shop?.close();
    box.remove();
  });

  const write = (name: string, text: string): string => {
    writeFileSync(join(box.dir, name), text);
    return join(box.dir, name);
  };
  const tell = (...args: readonly string[]): Promise<Finished> => praxis(args, env, box.dir);
  const ask = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await tell(...args, '--json');
    if (code !== 0) throw new Error(`praxis ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
    return JSON.parse(stdout);
  };
  /** Runs a playbook to its end. */
  const run = async (...args: readonly string[]): Promise<End> => endIn(await tell('run', ...args, '--json'));
  const endIn = ({ stdout, stderr }: Finished): End => {
    const last = stdout.trimEnd().split('\n').at(-1)!;
    if (last === '') throw new Error(stderr);
    return JSON.parse(last) as End;
  };
  const begin = async (...args: readonly string[]): Promise<string> =>
    ((await ask('run', ...args, '--no-wait')) as { readonly run: string }).run;
  const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const summary = async (id: string): Promise<{ readonly status: string; readonly reason: string }> =>
    ((await ask('show', id)) as { readonly summary: { readonly status: string; readonly reason: string } }).summary;
  const standsAt = (id: string, status: string): Promise<object> =>
    until(async () => {
      const now = await summary(id);
      return now.status === status ? now : undefined;
    });
  const question = (id: string): Promise<string> =>
    until(async () => {
      const open = (await ask('approvals', '--run', id)) as readonly { readonly question: { readonly id: string } }[];
      return open[0]?.question.id;
    });
  const replays = async (id: string): Promise<void> => {
    expect(await tell('replay', id, '--mode', 'verify')).toMatchObject({ code: 0 });
  };
  const everybodyOnce = (): void => expect([...shop.sent].sort()).toEqual([...shop.customers].sort());

  it('goes from a file to a report that is saved, and replays', async () => {
    const saved = join(box.dir, 'out');
    const end = await run('profile-csv', '--in', 'file=sales.csv', '--save', saved);
    const files = { report: 'report.md', chart: 'charts/top.svg' };
    expect(end).toMatchObject({ outcome: 'done', result: { value: { rows: 3, columns: 2, ...files } } });
    expect(readFileSync(join(saved, 'report.md'), 'utf8')).toMatch(/## Columns[^]*amount/);
    expect(readFileSync(join(saved, 'charts/top.svg'), 'utf8')).toContain('Oslo');
    await replays(end.run);
  });

  it('asks every link of a page once, and says which are dead', async () => {
    const saved = join(box.dir, 'links');
    const end = await run('check-links', '--in', `page=http://${shop.host}/page`, '--save', saved);
    expect(end).toMatchObject({ outcome: 'done', result: { value: { links: 6, report: 'links.md' } } });
    const report = readFileSync(join(saved, 'links.md'), 'utf8');
    expect(report).toContain('**6** links: **3** answer, **3** do not');
    expect(report).toMatch(/## Broken[^]*\/dead \| 404[^]*\/broken \| 500[^]*\/circle[^|]*\|[^|]*\|[^|]*redirects/);
    await replays(end.run);
  });

  it('moves files by rules after a person has seen the dry run, and leaves them where the person says no', async () => {
    const files = Array.from({ length: 24 }, (_, i) => write(`f${i}.${['txt', 'csv', 'md'][i % 3]!}`, `file ${i}`));
    write('rules.yaml', '- { match: "*.txt", to: texts/ }\n- { match: "*.csv", to: "tables/{name}-old{ext}" }\n');
    const args = ['migrate-folder', ...files.flatMap((file) => ['--in', `files=${file}`]), '--in', 'rules=rules.yaml'];
    const [yes, no] = [await begin(...args), await begin(...args)];
    await tell('answer', await question(yes), '--text', 'yes');
    await tell('answer', await question(no), '--text', 'no, not these');
    expect(await standsAt(yes, 'done')).toMatchObject({ status: 'done' });
    expect(await standsAt(no, 'failed')).toMatchObject({ reason: expect.stringContaining('said no') as string });
    const saved = join(box.dir, 'moved');
    await tell('artifacts', yes, '--save', saved);
    expect(readFileSync(join(saved, 'dry-run.md'), 'utf8')).toContain('**16** files would move');
    expect(readdirSync(join(saved, 'moved/texts'))).toHaveLength(8);
    expect(readFileSync(join(saved, 'moved/tables/f1-old.csv'), 'utf8')).toBe('file 1');
    await replays(yes);
    await replays(no);
  });

  it('says which files would get one place before anything moves', async () => {
    const files = ['a.txt', 'b.txt'].flatMap((name) => ['--in', `files=${write(name, name)}`]);
    const rules = write('one.yaml', '- { match: "*.txt", to: all.txt }');
    const end = await run('migrate-folder', ...files, '--in', `rules=${rules}`);
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('2 files would become moved/all.txt') as string,
    });
  });

  it('reminds every customer with an overdue invoice once, and says how many', async () => {
    const end = await run('./remind.yaml');
    expect(end).toMatchObject({ outcome: 'done', result: { value: { reminded: 40 } } });
    everybodyOnce();
    await replays(end.run);
  });

  it('goes on where it failed when a person says so: who was reminded is not reminded again', async () => {
    shop.refusals.set('customer-20', 1);
    const failed = await run('./remind.yaml');
    expect(failed).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/the step "remind" \(item 20\) failed.*not today/) as string,
    });
    expect(shop.sent.length).toBeLessThan(40);
    await tell('retry', failed.run);
    expect(await standsAt(failed.run, 'done')).toMatchObject({ status: 'done' });
    everybodyOnce();
    await replays(failed.run);
  });

  it('stops amid a list when it is cancelled, and reminds nobody any more', async () => {
    shop.holdsAfter = 10;
    const id = await begin('./remind.yaml');
    await until(async () => (shop.requests.length > 10 ? true : undefined));
    await tell('cancel', id);
    expect(await standsAt(id, 'cancelled')).toMatchObject({ status: 'cancelled' });
    const { length } = shop.requests;
    shop.holdsAfter = null;
    await replays(id);
    expect(shop.requests).toHaveLength(length);
  });

  it('is held back amid a list and goes on to the end', async () => {
    shop.holdsAfter = 10;
    const id = await begin('./remind.yaml');
    await until(async () => (shop.requests.length > 10 ? true : undefined));
    await tell('pause', id);
    shop.holdsAfter = null;
    await standsAt(id, 'paused');
    expect(shop.sent.length).toBeLessThan(40);
    await tell('resume', id);
    expect(await standsAt(id, 'done')).toMatchObject({ status: 'done' });
    everybodyOnce();
    await replays(id);
  });

  it('can be forked before any of its steps, with all files that its skills had made by then', async () => {
    const { run: parent } = await run('profile-csv', '--in', 'file=sales.csv');
    for (const at of ['1', '2', '3', '4']) {
      const { run: fork } = (await ask('fork', parent, '--at', at)) as { readonly run: string };
      expect(await until(async () => ((await summary(fork)).status === 'done' ? 'done' : failedOf(fork)))).toBe('done');
      await replays(fork);
    }
  });
  const failedOf = async (id: string): Promise<string | undefined> => {
    const { status, reason } = await summary(id);
    return status === 'failed' ? reason : undefined;
  };

  it.each([
    ['a skill that is not there', 'do: no.such', /calls no\.such, which no executor that runs offers/],
    ['a column that is not there', 'do: table.query, with: { sql: select nosuch from data }', /no such.*nosuch|nosuch/],
    [
      'a reference to what a step does not give',
      "do: note, with: { text: '{{ b.nothing }}', to: $b.nothing }",
      /nothing|to/,
    ],
  ])('says what is wrong with %s', async (_, step, reason) => {
    const file = write(
      'wrong.yaml',
      `playbook: wrong\ntitle: Wrong\ninputs: { file: { type: file } }\nsteps:\n` +
        `  - { id: b, do: table.load, with: { file: $file, as: data } }\n  - { id: c, ${step} }\n`,
    );
    const { code, stdout, stderr } = await tell('run', file, '--in', 'file=sales.csv', '--json');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(reason);
  });

  it('tries one skill by itself', async () => {
    const called = await tell('skills', 'call', 'calc', '--in', 'expression=6 * 7');
    expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('42') as string });
  });

  it('refuses a file that is not there before a run begins', async () => {
    const refused = await tell('run', 'profile-csv', '--in', 'file=nowhere.csv');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('nowhere.csv');
  });
});
