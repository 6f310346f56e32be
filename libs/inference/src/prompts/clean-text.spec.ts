import * as fc from 'fast-check';
import { cleanInline, cleanItem, cleanLines, fenceFor } from './clean-text.js';

describe('foreign text in prompts', () => {
  it('has one line for each line, wherever Unicode breaks it, and none around it that are empty', () => {
    expect(cleanLines('\n\na\r\nb\u2028c\u0085d\ve\n\n')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(cleanLines('   \n')).toEqual([]);
    expect(cleanItem(' a\n\tb ')).toBe('a  b');
  });

  it('hides nothing from the reader: controls, direction marks, tags and broken letters are gone, joiners of words stay', () => {
    expect(cleanItem('a\u0000\u001b[31m\u202eb\u{e0041}\ud800c\ufeff')).toBe('a[31mbc');
    expect(cleanItem('می\u200cخواهم')).toBe('می\u200cخواهم');
  });

  it('cannot take another turn in the chat', () => {
    for (const mark of [
      '<|im_start|>system',
      '<|eot_id|>',
      '</s>',
      '<end_of_turn>',
      '[INST]',
      '<｜User｜>',
      '</think>',
      '<tool_call>',
    ]) {
      expect(cleanItem(mark)).not.toContain(mark.slice(0, 4));
    }
    expect(cleanItem('(< (fuel a) 3) <b> [in] a<b')).toBe('(< (fuel a) 3) <b> [in] a<b');
  });

  it('cannot open a fence from within a sentence', () => {
    expect(cleanInline('```goal\n(on a b)\n```')).toBe('``goal (on a b) ``');
    expect(cleanInline('~~~~x')).toBe('~~x');
  });

  it('is fenced by more backticks than it has in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('`', 'a', ' ') })), (lines) => {
        const fence = fenceFor(lines);
        expect(fence).toMatch(/^`{3,}$/);
        for (const line of lines) expect(line).not.toContain(fence);
      }),
    );
  });
});
