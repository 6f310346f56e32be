import * as fc from 'fast-check';
import {
  ANSWER_LENGTH,
  mergeAnswers,
  outsideSource,
  previewText,
  withAnswer,
  type SkillAnswer,
} from './skill-answer.js';

const answer: fc.Arbitrary<SkillAnswer> = fc.record({
  action: fc.constantFrom('(a)', '(b)', '(c 1)', '(c 2)', '(d)', '(e)', '(f)', '(g)', '(h)', '(i)', '(j)'),
  text: fc.oneof(fc.string(), fc.string({ unit: 'grapheme', minLength: 1500, maxLength: 5000 })),
  source: fc.constantFrom('http:a', 'http:b'),
});

describe('the answers that are remembered', () => {
  it('have a fixed size, and the newest of each call among them', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 40 }), (answers) => {
        const kept = mergeAnswers(answers);
        expect(kept.length).toBeLessThanOrEqual(8);
        expect(new Set(kept.map((a) => a.action)).size).toBe(kept.length);
        for (const { text } of kept) expect(text.length).toBeLessThanOrEqual(ANSWER_LENGTH);
        expect(mergeAnswers(kept)).toEqual(kept);
      }),
    );
  });

  it('leave out what only says that it was done', () => {
    expect(
      ['', ' done ', 'OK'].reduce<readonly SkillAnswer[]>(
        (all, text) => withAnswer(all, { action: '(a)', text, source: 's' }),
        [],
      ),
    ).toEqual([]);
  });

  it('say how much of a long one is missing, and never cut a character in two', () => {
    expect(previewText('x'.repeat(100), 60)).toBe(`${'x'.repeat(28)} … (72 more characters)`);
    expect(previewText(`${'x'.repeat(27)}😀${'y'.repeat(40)}`, 60)).toMatch(/^x{27} … \(42 more/);
  });

  it.each([
    ['world:pddl', null],
    ['builtin', null],
    ['http:h:1', 'http:h:1'],
    ['http:h:1, world:pddl', 'http:h:1'],
  ])('come from outside only where the skill does: %s', (source, outside) => {
    expect(outsideSource({ source })).toBe(outside);
  });
});
