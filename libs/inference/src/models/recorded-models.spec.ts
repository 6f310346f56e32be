import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_COST, type ChatAnswer, type ChatRequest, type ModelCall, type ModelReply, type Models } from '@praxis/core';
import { recordedModels } from './recorded-models.js';
import { fileSink, recordingModels } from './recording-models.js';

const answer = (text: string, more: Partial<ChatAnswer> = {}): ChatAnswer => ({
  text,
  reasoning: 'hm',
  toolCalls: [{ id: 'c', name: 'look', args: { at: ['x'] } }],
  value: { a: null },
  finish: 'stop',
  usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
  ...more,
});
const place = { run: 'r-1', stream: 'run/r-1', urgency: 0, deadline: null };
const call = (content: string, more: Partial<ChatRequest> = {}, rest: Partial<ModelCall> = {}): ModelCall => ({
  role: 'actor',
  place,
  signal: new AbortController().signal,
  request: {
    messages: [
      { role: 'system', content: 'rules' },
      { role: 'user', content },
    ],
    stable: 1,
    maxTokens: 9,
    ...more,
  },
  ...rest,
});

/** Models that number their answers. */
function counting(): Models {
  let n = 0;
  const reply = (): ModelReply => ({
    answer: answer(`answer ${(n += 1)}`, n === 1 ? { tokens: [{ text: 'x', logprob: -1, id: 3 }] } : {}),
    problem: '',
    model: 'm',
    node: 'gpu1',
    cost: { ...NO_COST, calls: 1, tokens: 2 },
    choices: [],
  });
  return {
    call: async () => reply(),
    embed: async (texts) => ({ vectors: texts.map((t) => [t.length]), cost: NO_COST }),
    estimate: () => NO_COST,
  };
}

async function tape(use: (models: Models) => Promise<unknown>, models = counting()): Promise<string> {
  let text = '';
  await use(recordingModels(models, async (line) => void (text += line)));
  return text;
}

describe('recorded models', () => {
  it('give back what was recorded, to the last bit', async () => {
    let was: ModelReply | undefined;
    const text = await tape(async (models) => {
      was = await models.call(call('hi'));
      await models.embed(['a', 'bc'], place, new AbortController().signal);
    });
    const told: string[] = [];
    const replay = recordedModels(text);
    expect(await replay.call(call('hi', {}, { onText: (piece) => void told.push(piece) }))).toEqual(was);
    expect(told).toEqual(['answer 1']);
    expect(await replay.embed(['a', 'bc'], place, new AbortController().signal)).toEqual({
      vectors: [[1], [2]],
      cost: NO_COST,
    });
  });

  it('give the k-th of equal requests the k-th answer, and then the last one (recorded-models.1)', async () => {
    const text = await tape(async (models) => {
      for (const content of ['a', 'b', 'a']) await models.call(call(content));
    });
    const replay = recordedModels(text);
    const said: unknown[] = [];
    for (const content of ['b', 'a', 'a', 'a']) said.push((await replay.call(call(content))).answer?.text);
    expect(said).toEqual(['answer 2', 'answer 1', 'answer 3', 'answer 3']);
  });

  it('count equal requests in the order in which they were made, not in which they were answered', async () => {
    const free: (() => void)[] = [];
    const inner = counting();
    const slow: Models = {
      ...inner,
      call: async (made) => {
        const reply = inner.call(made);
        await new Promise<void>((resolve) => free.push(resolve));
        return reply;
      },
    };
    const text = await tape(async (models) => {
      const [one, two] = [models.call(call('a')), models.call(call('a'))];
      free[1]!();
      await two;
      free[0]!();
      await one;
    }, slow);
    const replay = recordedModels(text);
    expect([(await replay.call(call('a'))).answer?.text, (await replay.call(call('a'))).answer?.text]).toEqual([
      'answer 1',
      'answer 2',
    ]);
  });

  it('look at what the answer depends on, and at nothing else', async () => {
    const text = await tape((models) => models.call(call('hi')));
    const replay = recordedModels(text);
    const same = [
      call('hi', { stable: 0 }),
      call('hi', { tools: [], toolChoice: 'auto' }),
      call('hi', {}, { place: { ...place, run: 'r-2', urgency: 1 } }),
    ];
    for (const made of same) expect((await replay.call(made)).answer?.text).toBe('answer 1');
    const other = [
      call('ho'),
      call('hi', { temperature: 0 }),
      call('hi', { seed: 1 }),
      call('hi', { maxTokens: 10 }),
      call('hi', { stop: ['x'] }),
      call('hi', {}, { role: 'judge' }),
      call('hi', {}, { models: ['big'] }),
      call('hi', { answer: { name: 'a', schema: {} } }),
      call('hi', { toolChoice: 'none' }),
    ];
    for (const made of other) await expect(replay.call(made)).rejects.toMatchObject({ code: 'missing' });
  });

  it('say loudly what differs from the nearest recorded request (recorded-models.2)', async () => {
    const text = await tape(async (models) => {
      await models.call(call('go to the hall'));
      await models.call(call('take the red cup'));
    });
    const miss = await recordedModels(text)
      .call(call('take the blue cup'))
      .catch((thrown: unknown) => thrown as Error);
    expect(miss).toMatchObject({ code: 'missing', details: { common: expect.any(Number) } });
    expect((miss as Error).message).toMatch(
      /nearest one \(answer 2, [0-9a-f]{12}\) is the same for \d+ characters, then has ".*take the red cup.*" where this one has ".*take the blue cup.*"\. Find out what changed, or record again\.$/,
    );
    await expect(recordedModels('').call(call('x'))).rejects.toMatchObject({ code: 'missing' });
    await expect(recordedModels(text).embed(['x'], place, new AbortController().signal)).rejects.toMatchObject({
      code: 'missing',
    });
  });

  it('keep problems too, but nothing of calls that failed', async () => {
    const useless: Models = {
      ...counting(),
      call: async () => ({ answer: null, problem: 'no use', model: 'm', node: 'n', cost: NO_COST, choices: [] }),
    };
    expect(
      await recordedModels(await tape((models) => models.call(call('hi')), useless)).call(call('hi')),
    ).toMatchObject({ answer: null, problem: 'no use' });
    const broken: Models = { ...counting(), call: async () => Promise.reject(new Error('down')) };
    expect(await tape(async (models) => expect(models.call(call('hi'))).rejects.toThrow('down'), broken)).toBe('');
  });

  it('say which line of a recording cannot be read', async () => {
    const text = await tape((models) => models.call(call('hi')));
    expect(() => recordedModels(`${text}${text.slice(0, 40)}`)).toThrow('Line 2 of the recording is no JSON');
    expect(() => recordedModels(text.replace('"version":1', '"version":2'))).toThrow(
      'Line 1 of the recording cannot be read (version',
    );
  });

  it('are read from a file that only its owner can read', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'praxis-'));
    try {
      const path = join(dir, 'calls.jsonl');
      const models = recordingModels(counting(), fileSink(path));
      await Promise.all(['a', 'b', 'c'].map((content) => models.call(call(content))));
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const replay = recordedModels(await readFile(path, 'utf8'));
      expect((await replay.call(call('b'))).answer?.text).toBe('answer 2');
      await expect(
        recordingModels(counting(), fileSink(join(dir, 'no', 'such'))).call(call('a')),
      ).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
