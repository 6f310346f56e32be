import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { praxis, sandbox } from './praxis.js';

const HISTORY = join(process.cwd(), 'e2e/histories/v2-own-problem.jsonl');
const OTHER = join(process.cwd(), 'e2e/histories/v2-approvals.jsonl');
const box = sandbox();
afterAll(() => box.remove());

describe('praxis regress', () => {
  it('checks recorded runs with nothing running, in a folder that holds nothing', async () => {
    const { code, stdout } = await praxis(['regress', '--check', HISTORY, OTHER], box.env, box.dir);
    expect(stdout).toBe(`✓ ${HISTORY}\n✓ ${OTHER}\n`);
    expect(code).toBe(0);
  });

  it('makes of a test the same test, and of a plain history one that passes', async () => {
    const plain = join(box.dir, 'plain.jsonl');
    writeFileSync(plain, readFileSync(HISTORY, 'utf8').split('\n').slice(1).join('\n'));
    expect((await praxis(['regress', plain, '--out', 'again.jsonl'], box.env, box.dir)).code).toBe(0);
    expect(readFileSync(join(box.dir, 'again.jsonl'), 'utf8')).toBe(readFileSync(HISTORY, 'utf8'));
  });

  it('refuses a file in which something was changed, in words', async () => {
    const file = join(box.dir, 'changed.jsonl');
    writeFileSync(
      file,
      readFileSync(HISTORY, 'utf8').replace('(move', '(muve').replace('"skill":"move"', '"skill":"muve"'),
    );
    const { code, stderr } = await praxis(['regress', '--check', file], box.env, box.dir);
    expect(stderr).toMatch(/^praxis: The history file is damaged: something in it was changed/);
    expect(code).toBe(2);
  });

  it('says what there is to do where a name is neither a file nor a run', async () => {
    const { code, stderr } = await praxis(['regress', '--check', 'nowhere.jsonl'], box.env, box.dir);
    expect(stderr).toMatch(/There is no file nowhere\.jsonl; write one with/);
    expect(code).toBe(3);
  });
});

describe('praxis replay and praxis diff', () => {
  it('replay a file, and tell two apart with exit code 1', async () => {
    const replayed = await praxis(['replay', HISTORY, '--mode', 'verify', '--json'], box.env, box.dir);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ mode: 'verify', divergence: null, left: [] });
    const same = await praxis(['diff', HISTORY, HISTORY], box.env, box.dir);
    expect(same.stdout).toMatch(/steps {4}all \d+ are the same/);
    const other = await praxis(['diff', HISTORY, OTHER, '--json'], box.env, box.dir);
    expect(JSON.parse(other.stdout)).toMatchObject({ isSame: false });
    expect([replayed.code, same.code, other.code]).toEqual([0, 0, 1]);
  });
});
