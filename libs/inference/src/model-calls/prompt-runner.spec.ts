import {
  NO_COST,
  type BlobStore,
  type ChatAnswer,
  type ModelCall,
  type ModelReply,
  type Models,
  type ModelCallRecord,
} from '@praxis/core';
import { inputTokens } from '../client/token-estimate.js';
import { loadPrompts } from '../prompts/prompt-set.js';
import { PromptRunner, type ModelRequest } from './prompt-runner.js';

const prompts = loadPrompts(null);
const cost = { ...NO_COST, calls: 2, tokens: 100, money: 0.5 };
const answered = (value: object): ModelReply => ({
  answer: {
    text: JSON.stringify(value),
    reasoning: '',
    toolCalls: [],
    value: value as ChatAnswer['value'],
    finish: 'stop',
    usage: { input: 90, cached: 0, output: 10, reasoning: 0 },
  },
  problem: '',
  model: 'big',
  node: 'gpu1',
  cost,
  choices: [],
});
const useless: ModelReply = { ...answered({}), answer: null, problem: 'big gave twice what cannot be used' };

/** A mind whose models say one thing after the other, and what it asked and kept. */
function scene(...says: readonly ModelReply[]) {
  const calls: ModelCall[] = [];
  const kept = new Map<string, string>();
  const models: Models = {
    call: async (call) => says[calls.push(call) - 1]!,
    embed: () => Promise.reject(new Error('nobody embeds here')),
    estimate: ({ request }) => ({ ...NO_COST, calls: 1, tokens: 1_000 + request.maxTokens, money: 0.25 }),
  };
  const blobs: BlobStore = {
    keep: async (texts) => texts.forEach(({ sha256, body }) => kept.set(sha256, body)),
    read: async () => kept,
    readAll: async () => kept,
  };
  return { promptRunner: new PromptRunner(models, blobs, { contextTokens: 8_000, answerTokens: 200 }), calls, kept };
}

function order(more: Partial<ModelRequest<'judge', 'scores'>> = {}, run = 'r-1'): ModelRequest<'judge', 'scores'> {
  return {
    prompt: prompts.get('judge'),
    kind: 'scores',
    values: {
      domain: '',
      problem: '',
      facts: ['(at ann hall)'],
      done: [],
      failures: [],
      goal: '(at ann kitchen)',
      candidates: ['1. (move ann hall kitchen)'],
    },
    place: { run, stream: `subgoal/${run}.1.1.1`, urgency: 1, deadline: null },
    seed: '7',
    id: 'e3',
    signal: new AbortController().signal,
    ...more,
  };
}

describe('a mind', () => {
  it('gives what was of use in the order of the samples, and says why the rest was not', async () => {
    const { promptRunner, kept } = scene(answered({ scores: [0.9] }), useless, answered({ scores: [0.1] }));
    const { answers, problems, spent, call } = await promptRunner.run(order({ samples: 3 }));
    expect(answers).toEqual([{ scores: [0.9] }, { scores: [0.1] }]);
    expect(problems).toEqual([useless.problem]);
    expect(spent).toEqual({ ...NO_COST, calls: 6, tokens: 300, money: 1.5 });
    expect(kept.has(call.prompt)).toBe(true);
    const { message: record } = JSON.parse(kept.get(call.answer)!) as { message: ModelCallRecord };
    expect(record).toMatchObject({
      role: 'judge',
      prompt: { name: 'judge', sha256: prompts.get('judge').sha256 },
      samples: [{ node: 'gpu1' }, { answer: null, problem: useless.problem }, { model: 'big' }],
    });
  });

  it('asks each sample with a seed of its own, and the same goal in another run with the same seeds (S8)', async () => {
    const seedsOf = async (more: Partial<ModelRequest<'judge', 'scores'>>, run: string): Promise<readonly number[]> => {
      const { promptRunner, calls } = scene(...Array.from({ length: 3 }, () => useless));
      await promptRunner.run(order({ samples: 3, ...more }, run));
      return calls.map(({ request }) => request.seed!);
    };
    const seeds = await seedsOf({}, 'r-1');
    expect(new Set(seeds).size).toBe(3);
    for (const seed of seeds) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true);
    expect(await seedsOf({}, 'r-another')).toEqual(seeds);
    for (const other of [{ seed: '8' }, { id: 'e4' }, { place: { ...order().place, stream: 'subgoal/r-1.1.2.1' } }])
      expect(await seedsOf(other, 'r-1')).not.toEqual(seeds);
  });

  it('wants the likeliest answer where it asks for one, and different ones where it asks for several', async () => {
    const { promptRunner, calls } = scene(useless, useless, useless);
    await promptRunner.run(order());
    await promptRunner.run(order({ samples: 2 }));
    expect(calls[0]!.request.temperature).toBe(0);
    for (const { request } of calls.slice(1)) expect(request.temperature).toBeGreaterThan(0);
  });

  it('reserves enough for every try that a sample may have, and lets it have no more', () => {
    const { promptRunner } = scene();
    expect(promptRunner.estimate(order({ samples: 3 }))).toEqual({ ...NO_COST, calls: 12, tokens: 14_400, money: 3 });
  });

  it("checks what fits its schema by the order's own rules, and never lets through what does not fit", async () => {
    const { promptRunner, calls } = scene(useless);
    await promptRunner.run(order({ check: ({ scores }) => (scores.length === 1 ? [] : ['give one score']) }));
    const check = (value: unknown): readonly string[] =>
      calls[0]!.check!({ ...answered({}).answer!, value: value as ChatAnswer['value'] });
    expect(check({ scores: [0.5] })).toEqual([]);
    expect(check({ scores: [0.5, 0.5] })).toEqual(['give one score']);
    expect(check({ scores: 'high' })).toEqual([expect.stringMatching(/^scores: /)]);
  });

  it('shows the round before, keeps it with the thought, and leaves room for it', async () => {
    const { promptRunner, calls, kept } = scene(useless, useless);
    const correction = { answer: `{"scores":"${'x'.repeat(50_000)}"}`, problems: ['give one score'] };
    const { call } = await promptRunner.run(order({ correction }));
    const { messages } = calls[0]!.request;
    expect(messages.slice(-2)).toMatchObject([
      { role: 'assistant', content: expect.stringMatching(/^\{"scores"/) },
      { role: 'user', content: expect.stringContaining('give one score') },
    ]);
    expect(inputTokens({ messages })).toBeLessThanOrEqual(8_000 - 200);
    expect(kept.has(call.prompt)).toBe(true);
    // A useless answer of this round may be shown as far as there is room.
    expect(calls[0]!.repairTokens).toBeLessThanOrEqual(8_000 - 200 - inputTokens({ messages }));
    await promptRunner.run(order());
    expect(calls[1]!.request.messages.map((m) => m.role)).not.toContain('assistant');
  });

  it("asks the goal's own models where it names some for the role", async () => {
    const { promptRunner, calls } = scene(useless, useless);
    await promptRunner.run(order({ models: { judge: ['fair'] } }));
    await promptRunner.run(order({ models: { planner: ['wise'] } }));
    expect(calls.map((c) => c.models)).toEqual([['fair'], undefined]);
  });
});
