import { parsePrompt } from './prompt-file.js';

const FRONT = [
  'name: next-action',
  'role: actor',
  'answer: next_action',
  'messages:',
  '  - { role: system, stable: true, sections: [task] }',
  '  - { role: user, sections: [state] }',
  'holes:',
  '  who: { type: text }',
  '  facts: { type: list }',
  'evict: [facts]',
];
const BODY = ['# task', 'You are {{who}}.', '# state', '{{facts}}'];

/** A prompt of these lines, some of them changed. */
const promptOf = (change: Readonly<Record<string, string | null>> = {}): string =>
  ['---', ...FRONT, '---', ...BODY]
    .flatMap((line) => (Object.hasOwn(change, line) ? (change[line] === null ? [] : [change[line]!]) : [line]))
    .join('\n');
const problemOf = (text: string): string => {
  try {
    parsePrompt(text, 'p.md');
  } catch (error) {
    expect(error).toMatchObject({ name: 'PraxisError', code: 'invalid' });
    return (error as Error).message;
  }
  return '';
};

describe('parsePrompt', () => {
  it('may ask for a choice among skills, whose schema depends on what is offered', () => {
    const { front } = parsePrompt(promptOf({ 'answer: next_action': 'answer: skill_call' }), 'p.md');
    expect(front.answer).toBe('skill_call');
    expect(problemOf(promptOf({ 'answer: next_action': 'answer: skill_cal' }))).toContain('skill_call');
  });

  it('reads sections, their data and where each hole is declared', () => {
    const { front, sections, holeLines } = parsePrompt(promptOf(), 'p.md');
    expect(front).toMatchObject({ name: 'next-action', role: 'actor', answer: 'next_action', evict: ['facts'] });
    expect([...sections.values()].map(({ name, data }) => [name, data])).toEqual([
      ['task', null],
      ['state', 'facts'],
    ]);
    expect([...holeLines]).toEqual([
      ['who', 9],
      ['facts', 10],
    ]);
  });

  it('reads files with the line ends of any system', () => {
    expect(problemOf(promptOf().replaceAll('\n', '\r\n'))).toBe('');
  });

  it.each<[string, string, RegExp]>([
    ['no front matter', 'You are', /^p\.md:1: a prompt begins with a front matter/],
    ['broken YAML', promptOf({ 'evict: [facts]': 'evict: [facts' }), /^p\.md:1[12]: the front matter is not YAML/],
    ['an unknown key', promptOf({ 'role: actor': 'role: actor\nmodel: big' }), /^p\.md:4: model is not known here/],
    [
      'an unknown key of a hole',
      promptOf({ '  who: { type: text }': '  who: { type: text, size: 3 }' }),
      /^p\.md:9: holes\.who\.size is not known/,
    ],
    ['an unknown type', promptOf({ '  who: { type: text }': '  who: { type: word }' }), /^p\.md:9: holes\.who\.type/],
    ['an unknown answer', promptOf({ 'answer: next_action': 'answer: poem' }), /^p\.md:4: answer/],
    [
      'an unknown hole',
      promptOf({ 'You are {{who}}.': 'You are {{whom}}.' }),
      /^p\.md:14: the hole \{\{whom\}\} is not known/,
    ],
    [
      'a hole named like a property of every object',
      promptOf({ 'You are {{who}}.': '{{who}} {{constructor}}' }),
      /^p\.md:14: the hole \{\{constructor\}\}/,
    ],
    [
      'a hole that is never used',
      promptOf({ 'You are {{who}}.': 'You are.' }),
      /^p\.md:9: the hole who is declared, but/,
    ],
    [
      'braces that do not close',
      promptOf({ 'You are {{who}}.': 'You are {{who}}. {{' }),
      /^p\.md:14: a hole is written/,
    ],
    [
      'data within a sentence',
      promptOf({ '{{facts}}': 'True: {{facts}}' }),
      /^p\.md:16: \{\{facts\}\} is data and stands alone/,
    ],
    [
      'data that stands twice',
      promptOf({ 'You are {{who}}.': '{{who}}\n{{facts}}' }),
      /^p\.md:17: \{\{facts\}\} stands a second time/,
    ],
    [
      'two data holes in a section',
      promptOf({
        '  facts: { type: list }': '  facts: { type: list }\n  goal: { type: block }',
        '{{facts}}': '{{facts}}\n{{goal}}',
      }),
      /^p\.md:18: the section state has two data holes/,
    ],
    ['an unknown section', promptOf({ '# state': '# status' }), /^p\.md:7: there is no section state/],
    [
      'a section that is never placed',
      promptOf({ '# state': '# more\nx\n# state' }),
      /^p\.md:15: the section more is in none/,
    ],
    [
      'a section that stands twice',
      promptOf({ '# state': '# task\nx\n# state' }),
      /^p\.md:15: the section task stands a second time/,
    ],
    ['text before the sections', promptOf({ '# task': 'Hello\n# task' }), /^p\.md:13: text stands before/],
    [
      'a stable message after one that is not',
      promptOf({
        '  - { role: system, stable: true, sections: [task] }': '  - { role: system, sections: [task] }',
        '  - { role: user, sections: [state] }': '  - { role: user, stable: true, sections: [state] }',
      }),
      /^p\.md:7: a stable message/,
    ],
    ['an eviction of what is no hole', promptOf({ 'evict: [facts]': 'evict: [fact]' }), /^p\.md:11: evict names fact/],
    [
      'an eviction of part of a sentence',
      promptOf({ 'evict: [facts]': 'evict: [facts, who]' }),
      /^p\.md:11: who is part of a sentence/,
    ],
  ])('refuses %s, and says on which line', (_, text, problem) => {
    expect(problemOf(text)).toMatch(problem);
  });
});
