import { cut, makePaint, plain, showLine } from './line.js';

describe('showLine', () => {
  const line = [{ text: '✓', style: 'green' as const }, { text: ' breakfast' }];

  it('writes no codes where there are no colours', () => {
    expect(showLine(line, 80, makePaint(false))).toBe('✓ breakfast');
  });

  it('colours only what has a style', () => {
    expect(showLine(line, 80, makePaint(true))).toBe('\u001b[32m✓\u001b[0m breakfast');
  });

  it('cuts to the width without counting codes, so that a line never wraps', () => {
    expect(showLine(line, 6, makePaint(true))).toBe('\u001b[32m✓\u001b[0m bre…');
    expect(showLine(line, 11, makePaint(false))).toBe('✓ breakfast');
  });

  it('makes nothing longer than the width, however small', () => {
    expect(showLine(plain('abc'), 1, makePaint(false))).toBe('…');
  });
});

describe('cut', () => {
  it('leaves a text that fits and marks one that does not', () => {
    expect([cut('abcd', 4), cut('abcde', 4)]).toEqual(['abcd', 'abc…']);
  });
});
