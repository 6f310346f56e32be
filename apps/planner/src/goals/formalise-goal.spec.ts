import {
  NO_COST,
  goalSchema,
  makeQuestion,
  makeState,
  type Answer,
  type BlobStore,
  type Json,
  type ModelCall,
  type Models,
  type Run,
  type WorldInfo,
} from '@praxis/core';
import { PromptRunner, loadPrompts, type ModelAccess } from '@praxis/inference';
import { formaliseGoal, type Formalised, type GoalRequest } from './formalise-goal.js';

const domain =
  '(define (domain d) (:requirements :typing) (:types thing place) (:predicates (on ?t - thing ?p - place)) (:action put :parameters (?t - thing ?p - place) :precondition () :effect (on ?t ?p)))';
const problem =
  '(define (problem p) (:domain d) (:objects milk - thing table - place) (:init) (:goal (on milk table)))';
const blobs: BlobStore = { keep: async () => undefined, read: async () => new Map(), readAll: async () => new Map() };

/** Models that say one thing, once checked as the real ones check it; null: nothing of use. */
function saying(value: object): { readonly access: ModelAccess; readonly calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  const answer = {
    text: '',
    reasoning: '',
    toolCalls: [],
    value: value as Json,
    finish: 'stop' as const,
    usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
  };
  const call: Models['call'] = async (asked) => {
    calls.push(asked);
    const wrong = asked.check!(answer);
    return {
      answer: wrong.length === 0 ? answer : null,
      problem: wrong.join('; '),
      model: 'm',
      node: 'n',
      cost: { ...NO_COST, calls: 1, tokens: 50 },
      choices: [],
    };
  };
  const models: Models = {
    call,
    embed: () => Promise.reject(new Error('nobody embeds here')),
    estimate: () => ({ ...NO_COST, calls: 1, tokens: 250 }),
  };
  return {
    access: {
      promptRunner: new PromptRunner(models, blobs, { contextTokens: 8_000, answerTokens: 200 }),
      prompts: loadPrompts(null),
      isThere: async () => true,
    },
    calls,
  };
}

const answered = (value: Json): Answer => ({
  verdict: 'answer',
  by: 'ann',
  reason: '',
  args: null,
  grant: null,
  value,
});
const asked = (...texts: readonly (readonly [string, Json])[]): Run['asked'] =>
  texts.map(([text, value], i) => ({
    question: makeQuestion({ id: `q${i}`, kind: 'question', text }),
    answer: answered(value),
  })) as unknown as Run['asked'];

const goalOf = (condition: string, ...constraints: readonly string[]): object => ({
  thought: '',
  kind: 'goal',
  condition,
  constraints,
  question: '',
});
const ask = (question: string): object => ({ thought: '', kind: 'ask', condition: '', constraints: [], question });
const cannot = (question: string): object => ({
  thought: '',
  kind: 'cannot',
  condition: '',
  constraints: [],
  question,
});

function formalise(
  says: object,
  more: Partial<GoalRequest> = {},
): { readonly made: Promise<Formalised>; readonly calls: ModelCall[] } {
  const { access, calls } = saying(says);
  const info = {
    scenarios: [{ name: 'a', title: 'Milk for one', condition: '(on milk table)' }],
  } as unknown as WorldInfo;
  const briefing = { rules: { domain, problem }, condition: '', agents: [] };
  const goal = goalSchema.parse({ title: 'g', world: 'w', request: 'milk please' });
  return {
    made: formaliseGoal({
      run: 'r-1',
      goal,
      asked: [],
      briefing,
      facts: makeState([]),
      info,
      models: access,
      signal: new AbortController().signal,
      ...more,
    }),
    calls,
  };
}

describe('a goal in plain words', () => {
  it('becomes a condition, with what it did cost and the conversation that it came of', async () => {
    const { made, calls } = formalise(goalOf('(and  (ON milk table))'));
    expect(await made).toMatchObject({
      kind: 'condition',
      condition: '(on milk table)',
      constraints: [],
      spent: { calls: 1, tokens: 50 },
      call: { prompt: expect.any(String), answer: expect.any(String) },
    });
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    for (const part of ['milk please', 'Milk for one: (on milk table)', '(:init']) expect(said).toContain(part);
    // Another goal beside the wish is what a small model copies.
    expect(said).not.toContain('(:goal');
  });

  it('thinks before it decides, whatever engine holds it to the schema', async () => {
    const { made, calls } = formalise(goalOf('(on milk table)'));
    await made;
    expect(Object.keys((calls[0]!.request.answer!.schema as { properties: object }).properties)).toEqual([
      'thought',
      'kind',
      'condition',
      'constraints',
      'question',
    ]);
  });

  it('keeps what the request says about how, word for word (formalise-goal.3)', async () => {
    expect(
      await formalise(goalOf('(on milk table)', ' not by\nthe cat ', 'first the milk', 'first the milk', '')).made,
    ).toMatchObject({ constraints: ['not by the cat', 'first the milk'] });
  });

  it('may leave the choice that the person left (formalise-goal.3)', async () => {
    expect(
      await formalise(goalOf('(and (on milk table) (or (on milk table) (not (on milk table))))')).made,
    ).toMatchObject({ condition: '(and (on milk table) (or (on milk table) (not (on milk table))))' });
  });

  it('reads the form of answers in which there were no constraints yet', async () => {
    expect(await formalise({ condition: '(on milk table)', questions: [] }).made).toMatchObject({
      kind: 'condition',
      condition: '(on milk table)',
      constraints: [],
    });
    expect(await formalise({ condition: '', questions: ['Where?'] }).made).toMatchObject({
      kind: 'questions',
      asks: [{ question: { text: 'Where?' } }],
    });
  });

  it('ends with the reason where it cannot be brought about: nothing takes its place (formalise-goal.2)', async () => {
    await expect(formalise(cannot('there is no phone here')).made).rejects.toMatchObject({
      code: 'invalid',
      message: 'What was asked for cannot be done here: there is no phone here (request: "milk please")',
      details: { calls: 1, tokens: 50 },
    });
  });

  it('names the conversation in which it was not understood, so that it can be shown', async () => {
    const kept = { prompt: expect.stringMatching(/^[0-9a-f]{64}$/), answer: expect.stringMatching(/^[0-9a-f]{64}$/) };
    await expect(formalise(cannot('there is no phone here')).made).rejects.toMatchObject({ details: kept });
    await expect(formalise(goalOf('(fly milk)')).made).rejects.toMatchObject({ details: kept });
  });

  it('is asked about, with what the asking did cost', async () => {
    const made = await formalise(ask('Where?')).made;
    expect(made).toMatchObject({
      kind: 'questions',
      asks: [{ type: 'asked', question: { text: 'Where?' } }],
      spent: { calls: 1, tokens: 50 },
      call: { prompt: expect.any(String) },
    });
  });

  it('is asked about under the same names in a repetition after a crash', async () => {
    const ids = async () => ((await formalise(ask('Where?')).made) as Extract<Formalised, { kind: 'questions' }>).asks;
    expect(await ids()).toEqual(await ids());
  });

  it('is decided with what people said, and with what nobody knows', async () => {
    const { made, calls } = formalise(goalOf('(on milk table)'), {
      asked: asked(['Where?', 'on the table'], ['When?', null]),
    });
    expect(await made).toMatchObject({ condition: '(on milk table)' });
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    expect(said).toMatch(/Where\?.* on the table/);
    expect(said).toMatch(/When\?.* nobody knows/);
  });

  it.each([
    goalOf('(on milk moon)'),
    goalOf('(eaten milk)'),
    goalOf(''),
    goalOf('(or (on milk table))'),
    goalOf('(forall (?x) (on ?x table))'),
    goalOf('(or (on milk table) (on milk moon))'),
    ask(' '),
    cannot(''),
    goalOf('(on milk table)', 'x'.repeat(600)),
  ])('is never guessed at: %j ends with what to do (formalise-goal.1)', async (says) => {
    await expect(formalise(says).made).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(
        /^No condition could be made of "milk please": .+\. Say it in other words, or in PDDL \(--goal\)\.$/,
      ),
      details: { calls: 1 },
    });
  });

  it('ends with what was wrong where the model only goes on asking', async () => {
    const all = asked(['a?', 'x'], ['b?', 'y'], ['c?', 'z']);
    await expect(formalise(ask('d?'), { asked: all }).made).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('No condition could be made'),
    });
    await expect(formalise(ask('a?'), { asked: all.slice(0, 1) }).made).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('asked again: a?'),
    });
  });

  it('is not even asked about where that may cost more than the goal may', async () => {
    const goal = goalSchema.parse({ title: 'g', world: 'w', request: 'milk please', budget: { tokens: 100 } });
    const { made, calls } = formalise(goalOf('(on milk table)'), { goal });
    await expect(made).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/may need 900 tokens more than the budget has; submit it again with a larger one/),
    });
    expect(calls).toEqual([]);
  });

  it('needs a model, and a world that tells its rules', async () => {
    await expect(formalise(ask('Where?'), { models: null }).made).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('PRAXIS_MODEL_URL'),
    });
    await expect(
      formalise(ask('Where?'), { briefing: { rules: null, condition: '', agents: [] } }).made,
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('tells no rules') });
  });
});
