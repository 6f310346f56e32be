import { NO_COST, goalSchema, makeQuestion, makeState, type Answer, type BlobStore, type Json, type ModelCall, type Models, type Run, type RunEvent, type WorldInfo } from '@praxis/core';
import { Mind, loadPrompts, type ModelAccess } from '@praxis/inference';
import { formaliseGoal, type Formalised, type Wish } from './formalise-goal.js';

const domain = '(define (domain d) (:requirements :typing) (:types thing place) (:predicates (on ?t - thing ?p - place)) (:action put :parameters (?t - thing ?p - place) :precondition () :effect (on ?t ?p)))';
const problem = '(define (problem p) (:domain d) (:objects milk - thing table - place) (:init) (:goal (on milk table)))';
const blobs: BlobStore = { keep: async () => undefined, read: async () => new Map(), readAll: async () => new Map() };

/** Models that say one thing, once checked as the real ones check it; null: nothing of use. */
function saying(value: { readonly condition: string; readonly questions: readonly string[] }): { readonly access: ModelAccess; readonly calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  const answer = { text: '', reasoning: '', toolCalls: [], value: value as Json, finish: 'stop' as const, usage: { input: 1, cached: 0, output: 1, reasoning: 0 } };
  const call: Models['call'] = async (asked) => {
    calls.push(asked);
    const wrong = asked.check!(answer);
    return { answer: wrong.length === 0 ? answer : null, problem: wrong.join('; '), model: 'm', node: 'n', cost: { ...NO_COST, calls: 1, tokens: 50 }, choices: [] };
  };
  const models: Models = { call, embed: () => Promise.reject(new Error('nobody embeds here')), estimate: () => ({ ...NO_COST, calls: 1, tokens: 250 }) };
  return { access: { mind: new Mind(models, blobs, { contextTokens: 8_000, answerTokens: 200 }), prompts: loadPrompts(null), isThere: async () => true }, calls };
}

const answered = (value: Json): Answer => ({ verdict: 'answer', by: 'ann', reason: '', args: null, grant: null, value });
const asked = (...texts: readonly (readonly [string, Json])[]): Run['asked'] => texts.map(([text, value], i) => ({ question: makeQuestion({ id: `q${i}`, kind: 'question', text }), answer: answered(value) })) as unknown as Run['asked'];

function formalise(says: Parameters<typeof saying>[0], more: Partial<Wish> = {}): { readonly made: Promise<Formalised>; readonly calls: ModelCall[] } {
  const { access, calls } = saying(says);
  const info = { scenarios: [{ name: 'a', title: 'Milk for one', condition: '(on milk table)' }] } as unknown as WorldInfo;
  const briefing = { domain, problem, condition: '', agents: [] };
  const goal = goalSchema.parse({ title: 'g', world: 'w', request: 'milk please' });
  return { made: formaliseGoal({ run: 'r-1', goal, asked: [], briefing, facts: makeState([]), info, models: access, signal: new AbortController().signal, ...more }), calls };
}

const textsOf = (events: readonly RunEvent[]): readonly string[] => events.flatMap((e) => (e.type === 'asked' ? [e.question.text] : []));

describe('a goal in plain words', () => {
  it('becomes a condition, with what it did cost and the conversation that it came of', async () => {
    const { made, calls } = formalise({ condition: '(and  (ON milk table))', questions: [] });
    expect(await made).toMatchObject({ kind: 'condition', condition: '(on milk table)', spent: { calls: 1, tokens: 50 }, call: { prompt: expect.any(String), answer: expect.any(String) } });
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    for (const part of ['milk please', 'Milk for one: (on milk table)']) expect(said).toContain(part);
  });

  it('is asked about, each question once and no more than three in all', async () => {
    const many = ['Where?', 'When?', 'How?', 'Why?'];
    const first = await formalise({ condition: '', questions: many }).made;
    expect(first.kind === 'questions' && textsOf(first.asks)).toEqual(['Where?', 'When?', 'How?']);
    // What it cost is told, though there is no goal yet.
    expect(first.kind === 'questions' && first.asks[0]).toMatchObject({ type: 'spent', on: 'opening', spent: expect.anything(), call: expect.anything() });
    const second = await formalise({ condition: '', questions: many }, { asked: asked(['Where?', 'here'], ['When?', 'now']) }).made;
    expect(second.kind === 'questions' && textsOf(second.asks)).toEqual(['How?']);
  });

  it('is asked about under the same names in a repetition after a crash', async () => {
    const ids = async () => ((await formalise({ condition: '', questions: ['Where?'] }).made) as Extract<Formalised, { kind: 'questions' }>).asks;
    expect(await ids()).toEqual(await ids());
  });

  it('is decided with what people said, and with what nobody knows', async () => {
    const { made, calls } = formalise({ condition: '(on milk table)', questions: [] }, { asked: asked(['Where?', 'on the table'], ['When?', null]) });
    expect(await made).toMatchObject({ condition: '(on milk table)' });
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    expect(said).toMatch(/Where\?.* on the table/);
    expect(said).toMatch(/When\?.* nobody knows/);
  });

  it.each([[{ condition: '(on milk moon)', questions: [] }], [{ condition: '(eaten milk)', questions: [] }], [{ condition: '', questions: [] }], [{ condition: '(or (on milk table))', questions: [] }]])('is never guessed at: %j ends in an error that says what to do', async (says) => {
    await expect(formalise(says).made).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/^No condition could be made of "milk please": .+\. Say it in other words, or in PDDL \(--goal\)\.$/) });
  });

  it('ends in an error where the model only goes on asking', async () => {
    const all = asked(['a?', 'x'], ['b?', 'y'], ['c?', 'z']);
    await expect(formalise({ condition: '', questions: ['d?'] }, { asked: all }).made).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('No condition could be made') });
  });

  it('is not even asked about where that may cost more than the goal may', async () => {
    const goal = goalSchema.parse({ title: 'g', world: 'w', request: 'milk please', budget: { tokens: 100 } });
    const { made, calls } = formalise({ condition: '(on milk table)', questions: [] }, { goal });
    await expect(made).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/may need 900 tokens more than the budget has; submit it again with a larger one/) });
    expect(calls).toEqual([]);
  });

  it('needs a model, and a world that tells its rules', async () => {
    await expect(formalise({ condition: '', questions: [] }, { models: null }).made).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('PRAXIS_MODEL_URL') });
    await expect(formalise({ condition: '', questions: [] }, { briefing: { domain: '', problem: '', condition: '', agents: [] } }).made).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('tells no rules') });
  });
});
