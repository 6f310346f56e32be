import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepNodeToken, readNodeToken } from './node-tokens.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'praxis-tokens-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('tokens of registered nodes', () => {
  it('are remembered by the data folder, for its owner only', () => {
    expect(readNodeToken(dir, 'a')).toBeUndefined();
    for (const [name, token] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const)
      keepNodeToken(dir, name, token);
    expect([readNodeToken(dir, 'a'), readNodeToken(dir, 'b'), readNodeToken(dir, '__proto__')]).toEqual([
      '3',
      '2',
      undefined,
    ]);
    expect(statSync(join(dir, 'node-tokens.json')).mode & 0o077).toBe(0);
  });

  it('are no obstacle where their file is damaged', () => {
    writeFileSync(join(dir, 'node-tokens.json'), '{');
    expect(readNodeToken(dir, 'a')).toBeUndefined();
    keepNodeToken(dir, 'a', '1');
    expect(readNodeToken(dir, 'a')).toBe('1');
  });
});
