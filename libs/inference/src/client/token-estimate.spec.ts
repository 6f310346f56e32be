import { inputTokens, textTokens } from './token-estimate.js';

describe('inputTokens', () => {
  it('takes four characters for a token, and four tokens more for each message', () => {
    expect([textTokens(''), textTokens('abcd'), textTokens('abcde')]).toEqual([0, 1, 2]);
    expect(
      inputTokens({
        messages: [
          { role: 'user', content: 'abcde' },
          { role: 'system', content: '' },
        ],
      }),
    ).toBe(10);
  });

  it('counts tools, calls and the form of the answer too', () => {
    const bare = inputTokens({ messages: [{ role: 'assistant', content: '' }] });
    const tools = [{ name: 'look', summary: 'looks', parameters: {} }];
    expect(inputTokens({ messages: [{ role: 'assistant', content: '' }], tools })).toBeGreaterThan(bare);
    expect(
      inputTokens({ messages: [{ role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'look', args: {} }] }] }),
    ).toBeGreaterThan(bare);
    expect(
      inputTokens({
        messages: [{ role: 'assistant', content: '' }],
        answer: { name: 'a', schema: { type: 'object' } },
      }),
    ).toBeGreaterThan(bare);
  });
});
