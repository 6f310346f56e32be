import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderTrouble, openDataFolder, writeAnew } from './data-folder.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'praxis-folder-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('openDataFolder', () => {
  it('makes a folder, however deep, and takes one that is there', () => {
    const deep = join(dir, 'a', 'b');
    openDataFolder(deep);
    openDataFolder(deep);
    writeAnew(join(deep, 'file'), 'x');
  });

  it.each<[string, () => string]>([
    ['is a file', () => (writeFileSync(join(dir, 'file'), ''), join(dir, 'file'))],
    ['lies below a file', () => (writeFileSync(join(dir, 'file'), ''), join(dir, 'file', 'below'))],
    ['is a broken link', () => (symlinkSync(join(dir, 'gone'), join(dir, 'link')), join(dir, 'link'))],
    ['is a link to itself', () => (symlinkSync(join(dir, 'round'), join(dir, 'round')), join(dir, 'round'))],
    ['has a name that is too long', () => join(dir, 'x'.repeat(300))],
    ['has a line break in its name', () => join(dir, 'a\nb')],
  ])('refuses a folder that %s as `invalid`, with what to do', (_what, make) => {
    const path = make();
    expect(() => openDataFolder(path)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('with PRAXIS_DATA_DIR') }),
    );
  });

  // Root may write everywhere, so the question is put as somebody else.
  it('refuses a folder that this user may not write as `denied`, with what to do', () => {
    const closed = join(dir, 'closed');
    mkdirSync(closed);
    chmodSync(dir, 0o755);
    chmodSync(closed, 0o555);
    const script = `const { openDataFolder } = await import(${JSON.stringify(new URL('../../dist/postgres/data-folder.js', import.meta.url).href)});
      if (process.getuid() === 0) process.setuid(65534);
      for (const path of ${JSON.stringify([closed, join(closed, 'below')])}) try { openDataFolder(path); } catch (e) { console.log(e.code, e.message); }`;
    const said = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(said.stdout.match(/^denied .*may not read or write it.*PRAXIS_DATA_DIR/gm)).toHaveLength(2);
  });
});

describe('folderTrouble', () => {
  it('leaves alone what is no trouble of a folder', () => {
    const other = new Error('x');
    expect(folderTrouble(dir, other)).toBe(other);
    const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect(folderTrouble(dir, full)).toBe(full);
  });
});

describe('writeAnew', () => {
  it('replaces a link instead of following it', () => {
    writeFileSync(join(dir, 'target'), 'untouched');
    symlinkSync(join(dir, 'target'), join(dir, 'link'));
    writeAnew(join(dir, 'link'), 'new');
    expect([readFileSync(join(dir, 'target'), 'utf8'), readFileSync(join(dir, 'link'), 'utf8')]).toEqual([
      'untouched',
      'new',
    ]);
  });
});
