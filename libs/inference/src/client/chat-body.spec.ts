import type { ChatRequest, ToolSpec } from '@praxis/core';
import { chatBody } from './chat-body.js';
import { DIALECTS } from './dialect.js';

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
const tools: readonly ToolSpec[] = [
  { name: 'look', summary: 'looks', parameters: schema },
  { name: 'take', summary: 'takes', parameters: schema },
];
const base: ChatRequest = { messages: [{ role: 'user', content: 'hi' }], stable: 0, maxTokens: 10 };
const body = (request: Partial<ChatRequest>, engine: keyof typeof DIALECTS = 'unknown'): Record<string, unknown> =>
  chatBody('m', { ...base, ...request }, DIALECTS[engine]);

describe('chatBody', () => {
  it('asks an unknown server for nothing that OpenAI does not know', () => {
    expect(body({ logprobs: true, seed: 3, temperature: 0, stop: ['x'] })).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 10,
      temperature: 0,
      seed: 3,
      stop: ['x'],
      logprobs: true,
    });
    expect(body({ logprobs: true }, 'vllm')).toMatchObject({ logprobs: true, return_token_ids: true });
    expect(body({}, 'vllm')).not.toHaveProperty('return_token_ids');
  });

  it('says calls and their outcomes as the protocol has them', () => {
    const messages: ChatRequest['messages'] = [
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'look', args: { a: 'x' } }] },
      { role: 'tool', call: 'c1', name: 'look', content: 'a door' },
    ];
    expect(body({ messages }).messages).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":"x"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'a door' },
    ]);
  });

  it('tells the schema of the answer in the words of each engine', () => {
    const answer = { name: 'next_action', schema };
    expect(body({ answer }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'next_action', schema, strict: true },
    });
    expect(body({ answer }, 'tgi').response_format).toEqual({ type: 'json_object', value: schema });
  });

  it('does not ask for a form of the answer where a tool has to be called, nor where the engine cannot do both', () => {
    const answer = { name: 'next_action', schema };
    expect(body({ answer, tools, toolChoice: 'required' })).not.toHaveProperty('response_format');
    expect(body({ answer, tools })).toHaveProperty('response_format');
    expect(body({ answer, tools }, 'tgi')).not.toHaveProperty('response_format');
    expect(body({ answer, tools, toolChoice: 'none' }, 'tgi')).toHaveProperty('response_format');
  });

  it('forces a tool in the way that each engine obeys', () => {
    expect(body({ tools }).tool_choice).toBe('auto');
    expect(body({ tools, toolChoice: 'required' }).tool_choice).toBe('required');
    expect(body({ tools, toolChoice: { name: 'take' } }).tool_choice).toEqual({
      type: 'function',
      function: { name: 'take' },
    });
    const alone = body({ tools, toolChoice: { name: 'take' } }, 'llamacpp');
    expect([alone.tool_choice, alone.tools]).toEqual([
      'required',
      [expect.objectContaining({ function: expect.objectContaining({ name: 'take' }) })],
    ]);
    expect(body({ tools, toolChoice: 'none' }).tool_choice).toBe('none');
    expect(body({ tools, toolChoice: 'none' }, 'ollama')).not.toHaveProperty('tools');
  });

  it('leaves room for a thought before a call that must come, and is checked for in the answer', () => {
    expect(body({ tools, toolChoice: 'required', thinkFirst: true }).tool_choice).toBe('auto');
    const named = body({ tools, toolChoice: { name: 'take' }, thinkFirst: true });
    expect([named.tool_choice, named.tools]).toEqual([
      'auto',
      [expect.objectContaining({ function: expect.objectContaining({ name: 'take' }) })],
    ]);
    expect(body({ tools, toolChoice: 'none', thinkFirst: true }).tool_choice).toBe('none');
  });

  it('sends names that the protocol allows, the same in tools, choices and earlier calls', () => {
    const dotted = [{ name: 'shop.list', summary: '', parameters: schema }];
    const messages: ChatRequest['messages'] = [
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'shop.list', args: {} }] },
      { role: 'tool', call: 'c1', name: 'shop.list', content: '[]' },
    ];
    const sent = JSON.stringify(body({ messages, tools: dotted, toolChoice: { name: 'shop.list' } }));
    expect(sent.match(/shop_list/g)).toHaveLength(3);
    expect(sent).not.toContain('shop.list');
  });

  it('leaves out what the server has refused, and says the limit by its other name', () => {
    const without = new Set(['max_tokens', 'stream_options', 'response_format'] as const);
    const sent = chatBody('m', { ...base, answer: { name: 'a', schema } }, DIALECTS.unknown, without);
    expect(sent).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      max_completion_tokens: 10,
    });
  });
});
