import {
  NO_COST,
  checksSchema,
  goalSchema,
  makeQuestion,
  makeState,
  type BlobStore,
  type Json,
  type ModelCall,
  type Models,
  type Run,
} from '@praxis/core';
import { PromptRunner, loadPrompts, type ModelAccess } from '@praxis/inference';
import { understandRequest, type WordedRequest } from './understand-request.js';

const blobs: BlobStore = { keep: async () => undefined, read: async () => new Map(), readAll: async () => new Map() };

/** A model that says these things in turn, each checked as the real ones check it; what is wrong is no answer. */
function saying(...values: readonly object[]): { readonly access: ModelAccess; readonly calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  const call: Models['call'] = async (asked) => {
    const value = values[Math.min(calls.length, values.length - 1)] as Json;
    calls.push(asked);
    const usage = { input: 1, cached: 0, output: 1, reasoning: 0 };
    const answer = { text: '', reasoning: '', toolCalls: [], value, finish: 'stop' as const, usage };
    const wrong = asked.check!(answer);
    const cost = { ...NO_COST, calls: 1, tokens: 50 };
    return {
      answer: wrong.length === 0 ? answer : null,
      problem: wrong.join('; '),
      model: 'm',
      node: 'n',
      cost,
      choices: [],
    };
  };
  const models: Models = {
    call,
    embed: () => Promise.reject(new Error('nothing is embedded here')),
    estimate: () => ({ ...NO_COST, calls: 1, tokens: 250 }),
  };
  const promptRunner = new PromptRunner(models, blobs, { contextTokens: 8_000, answerTokens: 200 });
  return { access: { promptRunner, prompts: loadPrompts(null), isThere: async () => true }, calls };
}

const answer = (more: object): object => ({
  thought: '',
  kind: 'goal',
  title: 'Remind them',
  done: [],
  constraints: [],
  question: '',
  ...more,
});
const sent = { what: 'each customer was reminded', file: '', contains: [] };
const report = { what: 'the report says who', file: 'report.md', contains: ['Ada', ' '] };
const sales = { $artifact: 'a'.repeat(64), size: 12, mediaType: 'text/csv', name: 'sales.csv' };
const request = (access: ModelAccess | null, more: Partial<WordedRequest> = {}): WordedRequest => ({
  run: 'r-1',
  goal: goalSchema.parse({ title: 'g', request: 'remind all who owe', inputs: { sales, most: 3 } }),
  asked: [],
  facts: makeState([]),
  skills: [
    {
      name: 'shop.remind',
      summary: 'Sends a reminder.',
      parameters: [{ name: 'customer', type: 'string' }],
      effect: 'irreversible',
      keyed: true,
      source: 'http:shop',
    },
  ],
  models: access,
  signal: new AbortController().signal,
  ...more,
});

describe('a request in a world without rules', () => {
  it('becomes checks: of the file where there is one, and else by judgement (understand-request.2)', async () => {
    const { access } = saying(answer({ done: [sent, report], constraints: ['politely '] }));
    const understood = await understandRequest(request(access));
    expect(understood).toMatchObject({
      kind: 'condition',
      condition: '(and (check done-1) (check done-2))',
      constraints: ['politely'],
      checks: {
        'done-1': { judge: 'each customer was reminded', votes: 3 },
        'done-2': { file: 'report.md', contains: ['Ada'] },
      },
      spent: { calls: 1, tokens: 50 },
    });
    const { checks } = understood as Extract<typeof understood, { kind: 'condition' }>;
    expect(checksSchema.parse(checks)).toEqual(checks);
  });

  it('is told with what was handed in and what can be done', async () => {
    const { access, calls } = saying(answer({ done: [sent] }));
    await understandRequest(request(access));
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    for (const part of ['sales: the file sales.csv (text/csv, 12 bytes)', 'most: 3', 'shop.remind', 'who owe'])
      expect(said).toContain(part);
  });

  it.each([
    ['nothing to check', { done: [] }, /"done" has 0 statements/],
    ['an empty statement', { done: [{ what: ' ', file: '', contains: [] }] }, /statement 1 of "done" says nothing/],
    ['a question without words', { kind: 'ask' }, /"question" is empty/],
    ['no reason', { kind: 'cannot' }, /"question" is empty/],
  ])('is never taken for done with %s (understand-request.1)', async (_, more, problem) => {
    const { access } = saying(answer(more));
    await expect(understandRequest(request(access))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(problem) as string,
    });
  });

  it('asks what is essential, and not twice', async () => {
    const { access } = saying(answer({ kind: 'ask', question: 'Which shop?' }));
    const understood = await understandRequest(request(access));
    expect(understood).toMatchObject({ kind: 'questions', asks: [{ question: { text: 'Which shop?' } }] });
    const asked = [{ question: makeQuestion({ id: 'q', kind: 'question', text: 'Which shop?' }), answer: null }];
    await expect(understandRequest(request(access, { asked: asked as Run['asked'] }))).rejects.toThrow(
      /asked again: Which shop\?/,
    );
  });

  it('ends with the reason where it cannot be done (understand-request.3)', async () => {
    const { access } = saying(answer({ kind: 'cannot', question: 'No skill sends mail.' }));
    await expect(understandRequest(request(access))).rejects.toThrow(/cannot be done here: No skill sends mail\./);
  });

  it('says what to do where there is no model', async () => {
    await expect(understandRequest(request(null))).rejects.toThrow(/PRAXIS_MODEL_URL/);
  });
});
