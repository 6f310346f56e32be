import { runCommandLine } from '../../command-line.js';

async function type(...args: readonly string[]) {
  let out = '';
  let err = '';
  const code = await runCommandLine({
    args: ['simulate-node', ...args],
    env: {},
    cwd: '/',
    stdout: { write: (t: string) => (out += t) },
    stderr: { write: (t: string) => (err += t) },
  });
  return { code, out, err };
}

describe('praxis simulate-node', () => {
  it('says what can be chosen, and with which defaults', async () => {
    const { code, out } = await type('--help');
    expect(code).toBe(0);
    for (const option of [
      '--register <address>',
      '--fault <kind=share>',
      '--answers <maker>',
      '--speed <x>',
      '--noise <share>',
      '--script <file>',
      '--tools <mode>',
      '--weak ',
      '--weakness <kind=share>',
    ])
      expect(out).toContain(option);
    expect(out).toMatch(/--host <address> .*127\.0\.0\.1/s);
    expect(out).toContain('invalid-sse');
  });

  it.each([
    [['--port', '70000'], 'port, from 0 to 65535'],
    [['--port', 'x'], 'whole number'],
    [['--name', 'a b'], 'letters, digits, dots and dashes'],
    [['--slots', '0'], 'whole number from 1 on'],
    [['--speed', '0'], 'number above 0'],
    [['--noise', '1.5'], 'share from 0 to 1'],
    [['--fault', 'sleeps=0.1'], 'KIND=SHARE'],
    [['--fault', 'dies=7'], 'KIND=SHARE'],
    [['--weakness', 'lazy=0.1'], 'is no weakness'],
    [['--weakness', 'prose=2'], 'KIND=SHARE'],
    [['--tools', 'sometimes'], 'native, refused, ignored'],
    [['--register', 'localhost'], 'address of a planner'],
    [['--register', 'local host:1'], 'address of a planner'],
  ])('takes %j for a mistake, and begins nothing', async (args, hint) => {
    const { code, out, err } = await type(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(hint);
  });

  it('says what is wrong with its answers before it listens', async () => {
    expect(await type('--answers', 'nowhere.yaml')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^praxis: The answers cannot be read from "nowhere\.yaml": there is no such file\./),
    });
    expect(await type('--script', 'nowhere.yaml')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^praxis: The script cannot be read from "nowhere\.yaml": there is no such file\./),
    });
    expect(await type('--answers', 'echo', '--noise', '0.1')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Noise makes rule-made answers wrong'),
    });
  });
});
