import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../command-line.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'praxis-run-'));
  writeFileSync(join(cwd, 'sales.csv'), 'city,n\na,1\n');
  mkdirSync(join(cwd, 'playbooks'));
  writeFileSync(join(cwd, 'playbooks', 'mine.yaml'), MINE);
  writeFileSync(
    join(cwd, 'playbooks', 'broken.yaml'),
    'playbook: broken\ntitle: B\nsteps:\n  - { id: a, doo: note }\n',
  );
  writeFileSync(join(cwd, 'outside.yaml'), MINE.replace('playbook: mine', 'playbook: outside'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const MINE = `playbook: mine
title: 'Greet {{ who }}'
matches: ['greet *']
inputs:
  who: { type: string, summary: whom to greet }
  most: { type: integer, default: 2 }
steps:
  - { id: hello, do: note, with: { text: 'Hello {{ who }}' } }
  - { id: ask, do: ask.person, with: { question: 'Fine?', choices: ['yes', 'no'] } }
  - { id: post, do: billing.post, with: { text: $hello }, onFail: ask, check: [{ person: 'Is it posted?' }] }
done: [{ expr: 'hello != null' }]
`;

/** No service runs at this address: what needs one fails. */
const NOWHERE = { PRAXIS_PLANNER_ADDRESS: '127.0.0.1:1' };

async function type(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine({
    args,
    env: NOWHERE,
    cwd,
    stdout: { write: (t: string) => (out += t) },
    stderr: { write: (t: string) => (err += t) },
  });
  return { code, out, err };
}

describe('praxis run --dry-run', () => {
  it('needs no service, and says in which order the steps go and what each waits for', async () => {
    const { code, out, err } = await type('run', 'profile-csv', '--in', 'file=sales.csv', '--dry-run');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Profile sales.csv\n');
    expect(out).toContain('file (file): sales.csv (11 B, text/csv)');
    expect(out).toMatch(/load: table\.load \(pure\)[^]*profile: table\.profile \(pure\) {2}after load/);
    expect(out).toContain('skills table.*, chart.*, doc.*');
    expect(out).toContain('report.md is there and contains "## Columns"');
  });

  it('names what would ask a person: the step, a check, a failure and a rule', async () => {
    const { out } = await type('run', 'mine', '--in', 'who=Ann', '--dry-run', '--rule', 'ask skill=note');
    const asks = out.slice(out.indexOf('asks a person'), out.indexOf('done when')).trim().split('\n');
    expect(asks.map((line) => line.trim())).toEqual([
      'asks a person',
      'hello: note needs an approval',
      'ask: Fine?',
      'post: Is it posted?',
      'post: only where it fails for good',
    ]);
    expect(out).toContain('post: billing.post (a skill that is not known here)');
  });

  it('heeds the rules of the deployment', async () => {
    let out = '';
    await runCommandLine({
      args: ['run', 'mine', '--dry-run'],
      env: { ...NOWHERE, PRAXIS_APPROVALS_RULES: 'deny skill=note' },
      cwd,
      stdout: { write: (t: string) => (out += t) },
      stderr: { write: () => undefined },
    });
    expect(out).toContain('hello: note is forbidden by a rule');
  });

  it('shows what is not given as missing, and how to give it', async () => {
    const { code, out } = await type('run', 'mine', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('who (string): missing; give it with --in who=TEXT');
    expect(out).toContain('most (integer): 2');
  });

  it('gives scripts the same as JSON', async () => {
    const { out } = await type('run', 'mine', '--in', 'who=Ann', '--dry-run', '--json');
    expect(JSON.parse(out)).toMatchObject({
      playbook: 'mine',
      title: 'Greet Ann',
      inputs: [
        { name: 'who', value: 'Ann', isMissing: false },
        { name: 'most', value: 2, isMissing: false },
      ],
      steps: [{ id: 'hello' }, { id: 'ask', after: ['hello'] }, { id: 'post', effect: null }],
    });
  });

  it.each([
    [['mine', '--in', 'whom=Ann'], 2, /no input whom\. Did you mean who\?/],
    [['mine', '--in', 'most=many'], 2, /most .*must be a whole number/],
    [['mine', '--in', 'who=a', '--in', 'who=b'], 2, /who is given twice/],
    [['profile-csv', '--in', 'file=none.csv'], 3, /none\.csv: there is no such file/],
    [['profile-csv', '--in', 'file=playbooks'], 2, /it is a folder/],
    [['broken'], 2, /broken\.yaml:4: .*no field doo; did you mean do\?/],
    [['profil-csv'], 3, /Did you mean profile-csv\?/],
  ])('refuses %j with exit code %d, and says why', async (args, code, message) => {
    const found = await type('run', ...args, '--dry-run');
    expect(found).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
  });
});

describe('praxis run', () => {
  it('finds a file by its path, also a whole one, and a folder called playbooks by itself', async () => {
    for (const name of ['outside.yaml', './outside.yaml', join(cwd, 'outside.yaml'), 'mine'])
      expect(await type('run', name, '--dry-run')).toMatchObject({ code: 0 });
  });

  it('says what does not fit before it asks for a service', async () => {
    expect(await type('run', 'mine')).toMatchObject({ code: 2, err: expect.stringContaining('--in who=TEXT') });
    expect(await type('run', 'mine', '--in', 'who=Ann')).toMatchObject({ err: expect.stringContaining('127.0.0.1:1') });
  });

  it('cannot save the files of a run that it does not wait for', async () =>
    expect(await type('run', 'mine', '--in', 'who=Ann', '--no-wait', '--save', 'out')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--no-wait'),
    }));
});

describe('praxis playbooks', () => {
  it('lists those of the folder and the shipped ones, and says which files are none', async () => {
    const { code, out, err } = await type('playbooks');
    expect(code).toBe(0);
    for (const name of ['mine', 'profile-csv', 'check-links', 'migrate-folder']) expect(out).toContain(name);
    expect(out).toContain('who, [most]');
    expect(err).toMatch(/warning: .*broken\.yaml:4/);
  });

  it('shows one in full, with a line to type', async () => {
    const { out } = await type('playbooks', 'mine');
    expect(out).toContain('who (string): whom to greet');
    expect(out).toContain('most (integer) (default: 2)');
    expect(out.trimEnd().split('\n').at(-1)).toBe('praxis run mine --in who=TEXT');
  });
});

describe('praxis submit', () => {
  it('takes a request that means a playbook by its words for that playbook, and says so', async () => {
    expect(await type('submit', '--request', 'Greet everybody')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/this is the playbook mine[^]*--in who=TEXT/),
    });
    const asked = await type('submit', '--request', 'greet everybody', '--strategy', 'react');
    expect(asked.err).not.toContain('playbook mine');
  });

  it('says that it hands a file in, before it asks for a service', async () =>
    expect((await type('submit', '--request', 'sum it', '--in', 'table=sales.csv')).err).toMatch(
      /sales\.csv is handed in as a file[^]*127\.0\.0\.1:1/,
    ));
});
