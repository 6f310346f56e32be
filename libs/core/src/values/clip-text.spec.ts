import * as fc from 'fast-check';
import { clipText } from './clip-text.js';

const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

describe('clipText', () => {
  it('cuts between characters, not inside them', () => {
    expect(clipText('tea 🫖🫖', 5)).toBe('tea ');
    expect(clipText('tea 🫖🫖', 6)).toBe('tea 🫖');
    expect(clipText('a👩‍👩‍👧b', 7)).toBe('a');
    expect(clipText('e\u0301e\u0301', 3)).toBe('e\u0301');
    expect(clipText('🇫🇷🇩🇪', 6)).toBe('🇫🇷');
  });

  it('leaves a text that fits as it is, and cuts one endless character by its parts', () => {
    expect(clipText('short', 5)).toBe('short');
    expect(clipText(`a${'\u0301'.repeat(50)}`, 10)).toHaveLength(10);
    expect(clipText('👩‍👩‍👧', 1)).toBe('');
    expect(clipText('👩‍👩‍👧', 4)).toBe('👩‍');
  });

  it('gives a beginning that fits, and is well formed where the text is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(60), (text, length) => {
        const clipped = clipText(text, length);
        expect(text.startsWith(clipped)).toBe(true);
        expect(clipped.length).toBeLessThanOrEqual(length);
        if (isWellFormed(text)) expect(isWellFormed(clipped)).toBe(true);
      }),
    );
  });
});
