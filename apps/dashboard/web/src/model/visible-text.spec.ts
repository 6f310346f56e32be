import { visibleText } from './visible-text.js';

describe('text from elsewhere', () => {
  it('cannot reorder or hide what it says', () => {
    expect(visibleText('\u202Egnp.exe')).toBe('⟦U+202E⟧gnp.exe');
    expect(visibleText('a\u200Bb\u0007')).toBe('a⟦U+200B⟧b⟦U+0007⟧');
  });

  it('keeps scripts of all directions, joined letters and line breaks', () => {
    for (const text of ['مرحبا', '👩‍🍳', 'two\nlines\tand a tab', '<script>alert(1)</script>'])
      expect(visibleText(text)).toBe(text);
  });
});
