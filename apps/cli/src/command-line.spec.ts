import { runCommandLine } from './command-line.js';

async function type(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let out = '';
  let err = '';
  const code = await runCommandLine({ args, env, cwd: '/', stdout: { write: (t: string) => (out += t) }, stderr: { write: (t: string) => (err += t) } });
  return { code, out, err };
}

const VERBS = ['demo', 'start', 'serve', 'submit', 'watch', 'runs', 'show', 'cancel', 'worlds', 'skills', 'tools', 'plan', 'doctor', 'settings', 'serve-world', 'check-world'];

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

  it.each([[['fly']], [['runs', '--colour']], [['show']], [['runs', 'too', 'many']], [['runs', '--limit', 'x']], [['plan', 'a', 'b', '--engine', 'magic']]])('takes %p for a mistake in usage', async (args) => {
    const { code, out, err } = await type(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: /);
  });

  it('tells errors in words and never as a stack trace', async () => {
    const { code, err } = await type(['plan', 'none.pddl', 'none.pddl']);
    expect([code, err]).toEqual([3, 'praxis: Cannot read none.pddl: there is no such file.\n']);
  });

  it('tells errors as JSON to scripts', async () => {
    const { code, err } = await type(['plan', 'none.pddl', 'none.pddl', '--json']);
    expect([code, JSON.parse(err)]).toEqual([3, { error: { code: 'missing', message: 'Cannot read none.pddl: there is no such file.', details: {} } }]);
  });

  it('tells mistakes in usage as JSON to scripts, too', async () => {
    const { code, err } = await type(['runs', '--limit', 'x', '--json']);
    expect([code, JSON.parse(err)]).toMatchObject([2, { error: { code: 'invalid', message: expect.stringContaining('--limit') } }]);
  });

  it('shows the stack to whoever debugs', async () => {
    expect((await type(['plan', 'none.pddl', 'none.pddl'], { PRAXIS_LOG_LEVEL: 'debug' })).err).toContain('    at ');
  });

  it('refuses a setting that does not exist with exit code 2', async () => {
    expect(await type(['settings'], { PRAXIS_NONSENSE: '1' })).toMatchObject({ code: 2, err: expect.stringContaining('PRAXIS_NONSENSE') });
  });

  it('hides the password of a database', async () => {
    expect((await type(['settings'], { PRAXIS_DATABASE_URL: 'postgres://me:hunter2@db/x' })).out).not.toContain('hunter2');
  });
});
