import type { ChatMessage, ChatRequest, ToolSpec } from '@praxis/core';
import type { AnswerMaker, MadeAnswer } from '../answer-maker.js';
import { parseRules, RuleScript } from './rule-script.js';

const signal = new AbortController().signal;
const otherwise: AnswerMaker = {
  answer: async () => ({ kind: 'text', text: 'otherwise' }),
  close: async () => undefined,
};
const tool = (name: string): ToolSpec => ({ name, summary: '', parameters: { type: 'object' } });
const tools = [tool('shop.list'), tool('remind'), tool('done')];
const request = (messages: readonly ChatMessage[], more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages,
  stable: 0,
  maxTokens: 100,
  tools,
  toolChoice: 'required',
  ...more,
});
const user = (content: string): ChatMessage => ({ role: 'user', content });
const turn = (id: string, name: string, args: Record<string, string>, content: string): readonly ChatMessage[] => [
  { role: 'assistant', content: '', toolCalls: [{ id, name, args }] },
  { role: 'tool', call: id, name, content },
];
const script = `
- when: "invoices of (?<who>\\\\w+)"
  thought: First the list.
  call: { skill: shop.list, args: { customer: "{{ who }}", first: "{{ 1 }}" } }
- call: { skill: remind, args: { id: "{{ results.shop.list.items[*].id }}", text: "Dear {{ results.shop.list.name }}!" } }
- when: '"sent"'
  call: { skill: done }
- when: help
  times: 1
  answer: "Here is help."
`;
const made = async (messages: readonly ChatMessage[], maker = rules()): Promise<MadeAnswer> =>
  maker.answer(request(messages), signal);
const rules = (): RuleScript => new RuleScript(parseRules(script, 'calls.yaml'), otherwise);

describe('a script of rules', () => {
  const begin = [user('Remind the invoices of Ann')];
  const list = turn('a', 'shop.list', { customer: 'Ann', first: 'Ann' }, '{"name":"Ann","items":[{"id":1},{"id":2}]}');
  const reminded = (id: number): readonly ChatMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `r${id}`, name: 'remind', args: { id, text: 'Dear Ann!' } }] },
    { role: 'tool', call: `r${id}`, name: 'remind', content: '{"sent":true}' },
  ];

  it('puts groups and results into arguments with their types, entry by entry (rule-script.1, rule-script.2, script-values.1, script-values.2)', async () => {
    expect(await made(begin)).toEqual({
      kind: 'tools',
      text: 'First the list.',
      calls: [{ name: 'shop.list', args: { customer: 'Ann', first: 'Ann' } }],
    });
    const second = [...begin, ...list];
    expect(await made(second)).toMatchObject({ calls: [{ name: 'remind', args: { id: 1, text: 'Dear Ann!' } }] });
    const third = [...second, ...reminded(1)];
    expect(await made(third)).toMatchObject({ calls: [{ name: 'remind', args: { id: 2 } }] });
    expect(await made([...third, ...reminded(2)])).toMatchObject({ calls: [{ name: 'done', args: {} }] });
  });

  it('leaves to others what no rule fits: no value, no such skill on offer, used up (rule-script.1)', async () => {
    const maker = rules();
    expect(await made([user('help')], maker)).toEqual({ kind: 'text', text: 'Here is help.' });
    expect(await made([user('help')], maker)).toEqual({ kind: 'text', text: 'otherwise' });
    const without = request([...begin], { tools: [tool('done')] });
    expect(await maker.answer(without, signal)).toEqual({ kind: 'text', text: 'otherwise' });
    expect(await maker.answer(request(begin, { tools: [], toolChoice: 'none' }), signal)).toMatchObject({
      text: 'otherwise',
    });
  });

  it.each([
    ['- { call: { skill: a }, answer: b }', /f: rule 1: must have one of call/],
    ['- { when: x }', /f: rule 1: must have one of/],
    ['- { when: "(", answer: b }', /f: rule 1: when is no regular expression/],
    ['- { answer: a, more: 1 }', /rule 1/],
    ['[]', /f is no script of rules/],
    ['words', /f is no script of rules/],
    ['- {', /neither YAML nor JSON/],
  ])('names the rule and the slip of %s', (text, complaint) => expect(() => parseRules(text, 'f')).toThrow(complaint));
});
