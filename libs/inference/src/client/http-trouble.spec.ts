import { httpTrouble, retryAfterMs, saidBy, troubleKind } from './http-trouble.js';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('retryAfterMs', () => {
  it('reads seconds and dates, and never goes back in time', () => {
    expect(retryAfterMs('3', now)).toBe(3000);
    expect(retryAfterMs(' 0.5 ', now)).toBe(500);
    expect(retryAfterMs('Sat, 21 Nov 2026 12:00:10 GMT', now)).toBe(10_000);
    expect(retryAfterMs('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0);
  });

  it('takes nothing for a wait that is none, and no wait for ever', () => {
    for (const value of [null, '', 'soon', '-3', '1,5']) expect(retryAfterMs(value, now)).toBeNull();
    expect(retryAfterMs('99999999999999', now)).toBe(3_600_000);
  });
});

describe('troubleKind', () => {
  it.each([
    [401, '', 'denied'],
    [403, '', 'denied'],
    [404, '', 'no-model'],
    [408, '', 'timeout'],
    [413, '', 'too-long'],
    [429, '', 'busy'],
    [500, '', 'broken'],
    [502, '', 'broken'],
    [503, '', 'busy'],
    [504, '', 'timeout'],
    [301, '', 'broken'],
    [204, '', 'broken'],
    [400, 'bad request', 'refused'],
    [422, 'bad', 'refused'],
    // As vLLM, llama.cpp, OpenAI and TGI say it.
    [400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", 'too-long'],
    [
      400,
      '{"error":{"code":400,"message":"request (9412 tokens) exceeds the available context size (8192 tokens)","type":"exceed_context_size_error"}}',
      'too-long',
    ],
    [400, '{"error":{"code":"context_length_exceeded"}}', 'too-long'],
    [
      422,
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 10 `max_new_tokens`',
      'too-long',
    ],
    [422, 'Input validation error: `inputs` must have less than 1024 tokens. Given: 5000', 'too-long'],
    [400, 'model "x" not found, try pulling it first', 'no-model'],
  ] as const)('%i %s means %s', (status, text, kind) => expect(troubleKind(status, text)).toBe(kind));
});

describe('httpTrouble', () => {
  const node = { name: 'gpu1', key: 'sk-secret' };

  it('finds the words in the shapes of all engines', () => {
    for (const body of [
      '{"error":{"message":"no"}}',
      '{"error":"no"}',
      '{"message":"no","type":"x"}',
      '{"detail":"no"}',
      'no',
    ])
      expect(saidBy(body)).toBe('no');
  });

  it('shows no key, no control characters and no novel', () => {
    const { message } = httpTrouble(node, 400, `you sent sk-secret\u001b[31m\n\n${'x'.repeat(9000)}`, null);
    expect(message).not.toMatch(/sk-secret|\p{Cc}/u);
    expect(message.length).toBeLessThan(400);
    expect(message).toContain('you sent ***');
  });

  it('hands on how long to wait', () => {
    expect(httpTrouble(node, 429, '', 250)).toMatchObject({
      kind: 'busy',
      isNodesOwn: true,
      more: { retryAfterMs: 250 },
      message: 'Node gpu1 answered 429',
    });
  });
});
