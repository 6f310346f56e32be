import * as fc from 'fast-check';
import { NodeTrouble } from '../node-trouble.js';
import { AnswerBuilder, BadAnswer } from './answer-builder.js';
import type { RawAnswer } from './raw-answer.js';
import { textPieces } from './read-body.js';
import { readCompletion } from './read-completion.js';

const node = { name: 'gpu1', key: 'sk-secret' };

function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let i = 0;
  return new ReadableStream({ pull: (c) => (i < chunks.length ? c.enqueue(chunks[i++]!) : c.close()) });
}

async function read(chunks: readonly Uint8Array[], cap = 1e7): Promise<RawAnswer> {
  const builder = new AnswerBuilder(1, 100);
  await readCompletion(node, textPieces(bodyOf(chunks), cap), builder, () => undefined);
  return builder.finish();
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const delta = (content: object, more: object = {}): object => ({ choices: [{ index: 0, delta: content, ...more }] });

const STREAM = [
  ': hello\n\n',
  event(delta({ role: 'assistant', content: '' })),
  event(delta({ reasoning_content: 'denk 🙂' })),
  event(delta({ content: 'ja, 雪 ' })),
  event(delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{"x":"é' } }] })),
  event(delta({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] })),
  event(delta({}, { finish_reason: 'tool_calls' })),
  event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 6 } }),
  'data: [DONE]\n\n',
].join('');
const WHOLE: RawAnswer = {
  text: 'ja, 雪 ',
  reasoning: 'denk 🙂',
  calls: [{ id: 'a', name: 'look', args: '{"x":"é"}' }],
  finish: 'tool-calls',
  usage: { input: 5, cached: 0, output: 6, reasoning: 2 },
  saysCached: false,
};

describe('readCompletion', () => {
  it('reads a stream alike wherever it is cut into pieces', async () => {
    const all = bytes(STREAM);
    for (let at = 0; at <= all.length; at += 1) expect(await read([all.slice(0, at), all.slice(at)])).toEqual(WHOLE);
    expect(await read([...all].map((b) => Uint8Array.of(b)))).toEqual(WHOLE);
    expect(await read([bytes(STREAM.replaceAll('\n', '\r\n'))])).toEqual(WHOLE);
  });

  it('gives a whole answer or trouble, wherever a stream ends', async () => {
    const all = bytes(STREAM);
    const finished = bytes(STREAM.slice(0, STREAM.indexOf('"finish_reason":"tool_calls"}]}') + 31)).length;
    for (let at = 0; at < all.length; at += 1) {
      const came = await read([all.slice(0, at)]).catch((thrown: unknown) => thrown);
      if (at < finished) expect(came).toMatchObject({ name: 'NodeTrouble', kind: 'unreachable' });
      else expect(came).toMatchObject({ text: WHOLE.text, calls: WHOLE.calls, finish: 'tool-calls' });
    }
  });

  it('reads a whole JSON from servers that do not stream', async () => {
    const json = JSON.stringify({ choices: [{ message: { content: 'ja' }, finish_reason: 'stop' }] }, null, 2);
    expect((await read([bytes(' \n'), bytes(json.slice(0, 9)), bytes(json.slice(9))])).text).toBe('ja');
    expect((await read([bytes(event(delta({ content: 'ja' }, { finish_reason: 'stop' })))])).text).toBe('ja');
  });

  it('says that there is no answer, where there is none', async () => {
    for (const text of ['{"choices":null,"usage":null}', '{}', 'data: [DONE]\n\n'])
      await expect(read([bytes(text)])).rejects.toThrow(BadAnswer);
    for (const text of ['', 'data: {}\n\n', ': hello\n\n', '<html>'])
      await expect(read([bytes(text)])).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(read([bytes('data: <html>\n\n')])).rejects.toThrow('no JSON');
    await expect(read([bytes('data: [1]\n\n')])).rejects.toThrow('no object');
  });

  it('hears of trouble that begins after the answer', async () => {
    const after = (error: unknown): Promise<unknown> =>
      read([bytes(event(delta({ content: 'ja' })) + event({ error }))]);
    await expect(after({ message: 'out of sk-secret memory', code: 503 })).rejects.toMatchObject({
      kind: 'busy',
      message: 'Node gpu1 answered 503: out of *** memory',
      more: { usage: { input: 1, output: 1 } },
    });
    await expect(after('oops')).rejects.toMatchObject({ kind: 'broken' });
  });

  it('reads no more than it has to', async () => {
    await expect(
      read(
        Array.from({ length: 100 }, () => bytes('x'.repeat(1000))),
        50_000,
      ),
    ).rejects.toThrow('more than 50000 bytes');
    await expect(
      read(Array.from({ length: 3000 }, () => bytes('data: xxxxxxxxxxxxxxxx\n'.repeat(50)))),
    ).rejects.toThrow('event of more than');
  });

  it('never gives anything but an answer or trouble, whatever is sent', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'data: ',
        '\n\n',
        '\n',
        '{',
        '}',
        '[DONE]',
        '{"choices":[{"delta":',
        '{"content":"x"}',
        '{"tool_calls":[{}]}',
        ',"finish_reason":"stop"}]}',
        ':',
        '\r',
        '\u0000',
      ),
      fc.json({ maxDepth: 3 }).map((json) => `data: ${json}\n\n`),
      fc.jsonValue({ maxDepth: 2 }).map((v) => event({ choices: [{ delta: v, logprobs: v }] })),
      fc
        .jsonValue({ maxDepth: 2 })
        .map((v) => event({ choices: [{ delta: { tool_calls: [v], content: v } }], usage: v })),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
        const came = await read(pieces.map(bytes)).catch((thrown: unknown) => thrown);
        expect(
          came instanceof NodeTrouble || came instanceof BadAnswer || typeof (came as RawAnswer).text === 'string',
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
