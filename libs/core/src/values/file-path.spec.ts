import { posix, win32 } from 'node:path';
import * as fc from 'fast-check';
import { PraxisError } from './errors.js';
import { fileFact, filePath, PATH_LIMITS } from './file-path.js';

const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        'a',
        'A b',
        'ü',
        'u\u0308',
        '\\',
        'C:',
        '~',
        '\u0000',
        '\u202e',
        '%2e%2e',
        '-',
        ':x',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 6 },
  )
  .map((names) => names.join('/'));

const read = (text: string): string | null => {
  try {
    return filePath(text);
  } catch (thrown) {
    expect(PraxisError.from(thrown).code).toBe('invalid');
    return null;
  }
};

describe('filePath', () => {
  it('never gives a path that leads out of the folder, on any system', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const path = read(text);
        if (path === null) return;
        expect(posix.join('/root/folder', path)).toBe(`/root/folder/${path}`);
        expect(win32.resolve('D:\\root', path).startsWith('D:\\root\\')).toBe(true);
      }),
    );
  });

  it('gives the only spelling, which it leaves as it is', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const path = read(text);
        if (path !== null) expect(filePath(path)).toBe(path);
      }),
    );
    expect(filePath('./charts//./top.svg')).toBe('charts/top.svg');
    expect(filePath('u\u0308ber.txt')).toBe('\u00fcber.txt');
  });

  it.each([
    ['', 'names no file'],
    ['.', 'names no file'],
    ['/etc/passwd', 'is absolute'],
    ['//host/share', 'is absolute'],
    ['a/../../b', 'leads out'],
    ['..', 'leads out'],
    ['a\\..\\b', 'backslash'],
    ['C:/windows', 'drive'],
    ['folder/', 'names a folder'],
    ['a\u0000b', 'cannot be shown'],
    ['a\nb', 'cannot be shown'],
    ['gpj.\u202eexe', 'cannot be shown'],
    ['\ud800', 'cannot be shown'],
    ['x'.repeat(PATH_LIMITS.name + 1), '255 bytes'],
    [Array.from({ length: 65 }, () => 'a').join('/'), '64 names'],
    [Array.from({ length: 30 }, () => 'ü'.repeat(20)).join('/'), '1024 bytes'],
  ])('refuses %j', (text, reason) => {
    expect(() => filePath(text)).toThrow(reason);
  });
});

describe('fileFact', () => {
  it('is one atom with one argument, and differs where paths differ', () => {
    const path = tricky.map(read).filter((text) => text !== null);
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(fileFact(one)).toMatch(/^\(file [^\s()]+\)$/);
        expect(fileFact(one) === fileFact(other)).toBe(one === other);
      }),
    );
    expect(fileFact('charts/Top ten (2024).svg')).toBe('(file charts/Top%20ten%20%282024%29.svg)');
  });
});
