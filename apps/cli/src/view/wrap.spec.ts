import * as fc from 'fast-check';
import { wrap } from './wrap.js';

describe('wrap', () => {
  it('breaks at spaces and hangs what follows', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('  a: one two three', 12, 5)).toEqual(['  a: one two', '     three']);
    expect(wrap('short', 9, 2)).toEqual(['short']);
  });

  it('breaks a word that is longer than a line, and never at the spaces that a line begins with', () => {
    expect(wrap('  abcdefghijkl', 8)).toEqual(['  abcdef', 'ghijkl']);
  });

  it('loses nothing but spaces, and keeps to the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(' ', 'a', 'b', '(') }),
        fc.integer({ min: 12, max: 30 }),
        fc.integer({ min: 0, max: 4 }),
        (text, width, hang) => {
          const lines = wrap(text, width, hang);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
          expect(lines.every((line) => line.length <= width)).toBe(true);
        },
      ),
    );
  });
});
