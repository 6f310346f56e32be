import * as fc from 'fast-check';
import { ThinkSplitter } from './think-splitter.js';

function split(pieces: readonly string[]): { readonly text: string; readonly reasoning: string } {
  const splitter = new ThinkSplitter();
  const all = [...pieces.map((piece) => splitter.take(piece)), splitter.end()];
  return { text: all.map((p) => p.text).join(''), reasoning: all.map((p) => p.reasoning).join('') };
}

describe('ThinkSplitter', () => {
  it('tells a thought at the beginning from the answer', () => {
    expect(split(['<think>hm, <b>\n</think>\n\nyes'])).toEqual({ text: 'yes', reasoning: 'hm, <b>\n' });
    expect(split(['  \n<think></think>yes'])).toEqual({ text: 'yes', reasoning: '' });
  });

  it('takes a thought that never ends for thought, and marks elsewhere for text', () => {
    expect(split(['<think>and so on </thi'])).toEqual({ text: '', reasoning: 'and so on </thi' });
    expect(split(['say <think>x</think>'])).toEqual({ text: 'say <think>x</think>', reasoning: '' });
    expect(split(['<think>a</think>b<think>c</think>'])).toEqual({ text: 'b<think>c</think>', reasoning: 'a' });
    expect(split(['<thin'])).toEqual({ text: '<thin', reasoning: '' });
  });

  it('does not hold back white space without end', () => {
    const splitter = new ThinkSplitter();
    let told = 0;
    for (let i = 0; i < 100; i += 1) told += splitter.take(' ').text.length;
    expect(told).toBe(100);
  });

  it('says the same wherever the pieces are cut', () => {
    const part = fc.constantFrom('<think>', '</think>', '<', 'think>', ' ', '\n', 'a', '</', 'ü');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(40), { maxLength: 6 }), (parts, cuts) => {
        const whole = parts.join('');
        const at = [0, ...cuts.map((c) => Math.min(c, whole.length)).sort((a, b) => a - b), whole.length];
        expect(split(at.slice(1).map((end, i) => whole.slice(at[i], end)))).toEqual(split([whole]));
      }),
    );
  });
});
