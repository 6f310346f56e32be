import { createHash } from 'node:crypto';
import { runCommandLine } from './command-line.js';

async function type(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let out = '';
  let err = '';
  const code = await runCommandLine({
    args,
    env,
    cwd: '/',
    stdout: { write: (t: string) => (out += t) },
    stderr: { write: (t: string) => (err += t) },
  });
  return { code, out, err };
}

const VERBS = [
  'demo',
  'start',
  'serve',
  'run',
  'playbooks',
  'submit',
  'watch',
  'runs',
  'show',
  'why',
  'approvals',
  'answer',
  'pause',
  'resume',
  'retry',
  'cancel',
  'rollback',
  'fork',
  'schedule',
  'cluster',
  'nodes',
  'worlds',
  'skills',
  'tools',
  'plan',
  'export',
  'import',
  'gc',
  'doctor',
  'health',
  'settings',
  'key',
  'secrets',
  'migrate',
  'serve-world',
  'check-world',
  'simulate-node',
];

describe('runCommandLine', () => {
  it('lists every verb where nothing is typed', async () => {
    const { code, out } = await type([]);
    expect(code).toBe(0);
    for (const verb of VERBS) expect(out).toContain(`\n  ${verb} `);
  });

  it.each(VERBS)('explains %s with examples, and knows --json for it', async (verb) => {
    const { code, out } = await type([verb, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Examples:\n  praxis ${verb}`);
    expect(out).toContain('--json');
  });

  it.each([
    [['fly']],
    [['runs', '--colour']],
    [['show']],
    [['runs', 'too', 'many']],
    [['runs', '--limit', 'x']],
    [['plan', 'a', 'b', '--engine', 'magic']],
    [['schedule', 'fly']],
    [['schedule', 'add']],
    [['fork', 'r-1']],
    [['fork', 'r-1', '--at', 'last']],
    [['gc', '--keep', 'little']],
    [['submit', '--deadline', 'soon']],
    [['submit', '--rule', 'forbid all']],
    [['answer', 'q-1', '--grant', 'much']],
  ])('takes %p for a mistake in usage', async (args) => {
    const { code, out, err } = await type(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: /);
  });

  it('explains a word that needs another one behind it', async () => {
    const { code, out, err } = await type(['schedule']);
    expect([code, out]).toEqual([2, '']);
    for (const verb of ['add', 'list', 'remove']) expect(err).toContain(`\n  ${verb} `);
  });

  it('tells errors in words and never as a stack trace', async () => {
    const { code, err } = await type(['plan', 'none.pddl', 'none.pddl']);
    expect([code, err]).toEqual([3, 'praxis: Cannot read none.pddl: there is no such file.\n']);
  });

  it('tells errors as JSON to scripts', async () => {
    const { code, err } = await type(['plan', 'none.pddl', 'none.pddl', '--json']);
    expect([code, JSON.parse(err)]).toEqual([
      3,
      { error: { code: 'missing', message: 'Cannot read none.pddl: there is no such file.', details: {} } },
    ]);
  });

  it('tells mistakes in usage as JSON to scripts, too', async () => {
    const { code, err } = await type(['runs', '--limit', 'x', '--json']);
    expect([code, JSON.parse(err)]).toMatchObject([
      2,
      { error: { code: 'invalid', message: expect.stringContaining('--limit') } },
    ]);
  });

  it('shows the stack to whoever debugs', async () => {
    expect((await type(['plan', 'none.pddl', 'none.pddl'], { PRAXIS_LOG_LEVEL: 'debug' })).err).toContain('    at ');
  });

  it('refuses a setting that does not exist with exit code 2', async () => {
    expect(await type(['settings'], { PRAXIS_NONSENSE: '1' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('PRAXIS_NONSENSE'),
    });
  });

  it('hides the password of a database', async () => {
    expect((await type(['settings'], { PRAXIS_DATABASE_URL: 'postgres://me:hunter2@db/x' })).out).not.toContain(
      'hunter2',
    );
  });

  it('makes keys that no two calls share, with the hash by which services know them', async () => {
    const [first, second] = (await Promise.all([type(['key', '--json']), type(['key', '--json'])])).map(
      ({ out }) => JSON.parse(out) as { readonly key: string; readonly hash: string },
    );
    expect(first!.key).toMatch(/^praxis_[\w-]{43}$/);
    expect(first!.hash).toBe(createHash('sha256').update(first!.key).digest('hex'));
    expect(second!.key).not.toBe(first!.key);
    const inWords = await type(['key']);
    expect(inWords.out).toMatch(/praxis_[\w-]{43}\n.*[0-9a-f]{64}\n/);
  });

  it('does not show a key among the settings, whoever made it', async () => {
    const { out } = await type(['settings', '--json'], { PRAXIS_API_KEY: 'hunter2-hunter2-hunter2' });
    expect(out).not.toContain('hunter2');
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ key: 'api.key', value: '***', source: 'environment' }),
    );
  });

  it('has nothing to migrate where the database is the embedded one', async () => {
    expect(await type(['migrate'])).toMatchObject({ code: 2, err: expect.stringContaining('PRAXIS_DATABASE_URL') });
  });

  it.each([['nobody'], ['http://'], ['127.0.0.1'], ['https://127.0.0.1:1/path']])(
    'asks %s nothing about its health, for it is neither service nor address',
    async (name) => {
      expect(await type(['health', name])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('is neither a service'),
      });
    },
  );
});
