import * as fc from 'fast-check';
import { AnswerBuilder } from '../client/answer-builder.js';
import { contentCalls } from './content-calls.js';

const isOffered = (name: string): boolean => ['look', 'shop.list', 'take'].includes(name);
const read = (text: string): ReturnType<typeof contentCalls> => contentCalls(text, isOffered);
const args = (text: string): unknown[] => read(text).calls.map((call) => [call.name, JSON.parse(call.args) as unknown]);

describe('calls in the text of an answer', () => {
  it.each<[string, string]>([
    ['Hermes and Qwen', 'I look first.\n<tool_call>\n{"name": "look", "arguments": {"at": "door"}}\n</tool_call>'],
    ['an end mark that never came', '<tool_call>{"name": "look", "arguments": {"at": "door"}}'],
    ['Llama', '{"name": "look", "parameters": {"at": "door"}}'],
    ['Llama with its tag', '<|python_tag|>{"name": "look", "parameters": {"at": "door"}}<|eom_id|>'],
    ['Mistral', '[TOOL_CALLS] [{"name": "look", "arguments": {"at": "door"}}]'],
    ['a fence', 'I look first.\n```json\n{"name": "look", "arguments": {"at": "door"}}\n```'],
    ['a function mark', '<function=look>{"at": "door"}</function>'],
    ['Qwen Coder', '<tool_call>\n<function=look>\n<parameter=at>\ndoor\n</parameter>\n</function>\n</tool_call>'],
    [
      'the shape of the protocol',
      '{"tool_calls": [{"function": {"name": "look", "arguments": "{\\"at\\": \\"door\\"}"}}]}',
    ],
    ['our own words', '{"skill": "look", "args": {"at": "door"}}'],
  ])('are read in the form of %s (content-calls.1)', (_, text) => {
    expect(args(text)).toEqual([['look', { at: 'door' }]]);
    expect(read(text).unread).toBe('');
  });

  it('may be several, in marks of their own or in one', () => {
    const [a, b] = ['{"name":"look","arguments":{"at":"a"}}', '{"name":"take","arguments":{}}'];
    const both = [
      ['look', { at: 'a' }],
      ['take', {}],
    ];
    expect(args(`<tool_call>${a}</tool_call>\n<tool_call>${b}</tool_call>`)).toEqual(both);
    expect(args(`<tool_call>${a}\n${b}</tool_call>`)).toEqual(both);
    expect(args(`<|python_tag|>${a}; ${b}`)).toEqual(both);
    expect(args(`[${a}, ${b}]`)).toEqual(both);
  });

  it('leave the words before them as the thought', () => {
    expect(read('The door may be open.\n<tool_call>{"name":"look"}</tool_call>').text).toBe('The door may be open.');
    expect(read('The door may be open.\n{"name":"look","arguments":{}}').text).toBe('The door may be open.');
  });

  it('are a fault where a mark holds no call, and never text that nobody checks (content-calls.1)', () => {
    for (const broken of [
      '<tool_call>{"name": "look", "argum',
      '<tool_call>look at it</tool_call>',
      '[TOOL_CALLS] look',
    ])
      expect(read(broken)).toMatchObject({ calls: [], unread: expect.stringContaining('no JSON') });
  });

  it('are not seen in other JSON: an answer about a person called look-alike is an answer (content-calls.2)', () => {
    for (const text of ['{"name":"Ann","arguments":["for","against"]}', '{"at":"door"}', 'no JSON {at all}', '[]'])
      expect(read(text)).toEqual({ text, calls: [], unread: '' });
  });

  it('do not depend on what a model says around them', () => {
    const words = fc.string({ unit: fc.constantFrom(...'ab c.,\n') });
    const value = fc.dictionary(fc.string({ unit: fc.constantFrom(...'xyz'), minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(words, value, (said, given) => {
        const json = JSON.stringify({ name: 'look', arguments: given });
        const expected = [['look', JSON.parse(JSON.stringify(given))]];
        expect(args(`${said}\n${json}`)).toEqual(expected);
        if (!json.includes('</tool_call>'))
          expect(args(`${said}<tool_call>${json}</tool_call>${said}`)).toEqual(expected);
      }),
    );
  });

  it('are the same in whatever pieces the text came, also behind a thought (content-calls.3)', () => {
    const call = fc.record({
      name: fc.constantFrom('look', 'take'),
      arguments: fc.dictionary(fc.string(), fc.integer()),
    });
    const form = fc.constantFrom(
      (json: string) => `<tool_call>${json}</tool_call>`,
      (json: string) => `<think>hm</think>\n\`\`\`json\n${json}\n\`\`\``,
      (json: string) => json,
    );
    fc.assert(
      fc.property(call, form, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), (value, written, sizes) => {
        const text = written(JSON.stringify(value));
        if (JSON.stringify(value).includes('<')) return;
        const builder = new AnswerBuilder(1, 1_000);
        let at = 0;
        for (const size of [...sizes, text.length]) {
          builder.take({ choices: [{ index: 0, delta: { content: text.slice(at, at + size) } }] });
          at += size;
        }
        expect(args(builder.finish().text)).toEqual([[value.name, value.arguments]]);
      }),
    );
  });
});
