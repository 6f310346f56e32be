import { AnswerBuilder, BadAnswer } from './answer-builder.js';
import type { RawAnswer } from './raw-answer.js';

type Chunk = Readonly<Record<string, unknown>>;
const delta = (content: Chunk, more: Chunk = {}): Chunk => ({ choices: [{ index: 0, delta: content, ...more }] });
const call = (piece: Chunk): Chunk => delta({ tool_calls: [piece] });
function build(chunks: readonly Chunk[], maxTokens = 100): RawAnswer {
  const builder = new AnswerBuilder(12, maxTokens);
  for (const chunk of chunks) builder.take(chunk);
  return builder.finish();
}

describe('AnswerBuilder', () => {
  it('keeps text and thoughts apart, in all the ways that servers send thoughts', () => {
    expect(build([delta({ reasoning_content: 'hm' }), delta({ content: 'yes' })])).toMatchObject({
      text: 'yes',
      reasoning: 'hm',
    });
    expect(build([delta({ reasoning: 'hm' }), delta({ content: 'yes' })])).toMatchObject({
      text: 'yes',
      reasoning: 'hm',
    });
    expect(build([delta({ content: '<thi' }), delta({ content: 'nk>hm</think>yes' })])).toMatchObject({
      text: 'yes',
      reasoning: 'hm',
    });
    expect(build([delta({ reasoning_content: 'hm', reasoning: 'hm' })]).reasoning).toBe('hm');
  });

  it('reads a whole completion like a stream of one piece', () => {
    const whole = {
      choices: [
        {
          message: {
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
            tool_calls: [],
          },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    };
    expect(build([whole])).toEqual({
      text: 'ab',
      reasoning: '',
      calls: [],
      finish: 'stop',
      usage: { input: 3, cached: 0, output: 2, reasoning: 0 },
      saysCached: false,
    });
  });

  it('puts calls together by their index, whatever is between the pieces', () => {
    const chunks = [
      call({ index: 0, id: 'a', function: { name: 'look', arguments: '' } }),
      call({ index: 1, id: 'b', function: { name: 'take', arguments: '{"x"' } }),
      call({ index: 0, function: { arguments: '{"y":' } }),
      delta({ content: 'so' }),
      call({ index: 1, function: { arguments: ':1}' } }),
      call({ index: 0, function: { arguments: '2}' } }),
    ];
    expect(build(chunks)).toMatchObject({
      text: 'so',
      finish: 'tool-calls',
      calls: [
        { id: 'a', name: 'look', args: '{"y":2}' },
        { id: 'b', name: 'take', args: '{"x":1}' },
      ],
    });
  });

  it('tells calls apart that a server numbers alike, and gives each an id of its own', () => {
    const whole = [
      call({ index: 0, id: 'a', function: { name: 'look', arguments: '{}' } }),
      call({ index: 0, id: 'b', function: { name: 'take', arguments: { x: 1 } } }),
    ];
    expect(build(whole).calls).toEqual([
      { id: 'a', name: 'look', args: '{}' },
      { id: 'b', name: 'take', args: '{"x":1}' },
    ]);
    const nameless = [
      call({ index: 0, function: { name: 'look', arguments: '{}' } }),
      call({ index: 1, function: { name: 'look', arguments: '{}' } }),
    ];
    expect(build(nameless).calls.map(({ id }) => id)).toEqual(['call-1', 'call-2']);
    expect(
      build([
        delta({
          tool_calls: [
            { index: 0, id: 'x', function: { name: 'a' } },
            { index: 1, id: 'x', function: { name: 'b' } },
          ],
        }),
      ]).calls.map(({ id }) => id),
    ).toEqual(['x', 'call-2']);
  });

  it('understands why engines stop, and a refusal', () => {
    const finish = (reason: string): string => build([delta({ content: 'x' }, { finish_reason: reason })]).finish;
    expect(
      ['stop', 'eos_token', 'stop_sequence', 'length', 'content_filter', 'tool_calls', 'whatever'].map(finish),
    ).toEqual(['stop', 'stop', 'stop', 'length', 'refusal', 'stop', 'stop']);
    expect(build([delta({ refusal: 'I ' }), delta({ refusal: 'will not' }, { finish_reason: 'stop' })])).toMatchObject({
      text: 'I will not',
      finish: 'refusal',
    });
    expect(() => finish('abort')).toThrow(BadAnswer);
  });

  it('keeps scores of tokens, with ids where the engine says them', () => {
    const scores = (tokens: readonly Chunk[], more: Chunk = {}): Chunk => ({
      choices: [{ delta: { content: 'x' }, logprobs: { content: tokens }, ...more }],
    });
    const token = { token: 'x', logprob: -0.5 };
    expect(
      build([
        scores([token]),
        scores([token], { token_ids: [7] }),
        scores([{ ...token, id: 9 }]),
        scores([token, token], { token_ids: [7] }),
        scores([{ token: 'x', logprob: null }]),
      ]).tokens,
    ).toEqual([
      { text: 'x', logprob: -0.5, id: null },
      { text: 'x', logprob: -0.5, id: 7 },
      { text: 'x', logprob: -0.5, id: 9 },
      { text: 'x', logprob: -0.5, id: null },
      { text: 'x', logprob: -0.5, id: null },
    ]);
  });

  it('takes the usage of the server, and counts by characters what it does not say or cannot be', () => {
    const usage = (said: unknown): RawAnswer['usage'] =>
      build([delta({ reasoning: '12345678', content: '1234' }), { choices: [], usage: said }]).usage;
    expect(
      usage({
        prompt_tokens: 9,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: 4 },
      }),
    ).toEqual({ input: 9, cached: 8, output: 5, reasoning: 4 });
    expect(
      [{ prompt_tokens_details: { cached_tokens: 0 } }, { prompt_tokens_details: null }].map(
        (said) => build([{ choices: [], usage: said }]).saysCached,
      ),
    ).toEqual([true, false]);
    expect(usage(null)).toEqual({ input: 12, cached: 0, output: 3, reasoning: 2 });
    expect(
      usage({ prompt_tokens: -1, completion_tokens: 'many', prompt_tokens_details: { cached_tokens: 1e9 } }),
    ).toEqual({ input: 12, cached: 12, output: 3, reasoning: 2 });
  });

  it('cuts off an answer that does not end', () => {
    const builder = new AnswerBuilder(0, 10);
    const flood = (): void => {
      for (let i = 0; i < 1000; i += 1) builder.take(delta({ content: 'x'.repeat(1000) }));
    };
    expect(flood).toThrow('does not end');
    expect(() =>
      build(Array.from({ length: 200 }, (_, i) => call({ index: i, id: `c${i}`, function: { name: 'a' } }))),
    ).toThrow(BadAnswer);
  });

  it('has not begun before there is something of the answer', () => {
    const builder = new AnswerBuilder(0, 10);
    for (const empty of [
      {},
      { choices: null },
      delta({ role: 'assistant', content: '' }),
      delta({ tool_calls: [] }),
      { choices: [], usage: { prompt_tokens: 1 } },
      { choices: [{ index: 1, delta: { content: 'other' } }] },
    ])
      builder.take(empty);
    expect(builder.hasBegun).toBe(false);
    builder.take(call({ index: 0, id: 'a', function: { name: '' } }));
    expect(builder.hasBegun).toBe(true);
  });
});
