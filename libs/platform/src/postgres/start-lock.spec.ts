import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, readPid, withStartLock } from './start-lock.js';

/** Above the largest process id of any system. */
const NOBODY = 2 ** 31 - 2;

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(dir, 'deep', 'starting');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('withStartLock', () => {
  it('lets one in at a time, also within one process', async () => {
    let inside = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all([withStartLock(path, work), withStartLock(path, work), withStartLock(path, work)]);
  });

  it('lets go of it when the work fails', async () => {
    await expect(withStartLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
    expect(await withStartLock(path, async () => readPid(path))).toBe(process.pid);
  });

  it.each([NOBODY, process.pid])(
    'does not wait for a holder that died, even one that had our own number (%d)',
    async (pid) => {
      await withStartLock(path, async () => undefined);
      writeFileSync(path, String(pid));
      expect(await withStartLock(path, async () => 'in')).toBe('in');
    },
  );
});

describe('readPid', () => {
  it('reads what is a process id and nothing else', () => {
    const file = join(dir, 'pid');
    expect(readPid(file)).toBeNull();
    for (const [text, pid] of [
      ['', null],
      ['x', null],
      ['-4', null],
      ['17\nrest', 17],
    ] as const) {
      writeFileSync(file, text);
      expect(readPid(file)).toBe(pid);
    }
  });
});

describe('isAlive', () => {
  it('tells the living from the dead', () => {
    expect([isAlive(process.pid), isAlive(NOBODY)]).toEqual([true, false]);
  });
});
