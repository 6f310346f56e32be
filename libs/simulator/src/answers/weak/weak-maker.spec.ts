import * as fc from 'fast-check';
import type { ChatRequest } from '@praxis/core';
import type { AnswerMaker, MadeAnswer } from '../answer-maker.js';
import { WeakMaker } from './weak-maker.js';
import { parseWeakness, WEAKNESS_NAMES, weaknessesOf, type Weakness } from './weakness.js';

const signal = new AbortController().signal;
const says = (answer: MadeAnswer): AnswerMaker => ({ answer: async () => answer, close: async () => undefined });
const call: MadeAnswer = {
  kind: 'tools',
  text: 'I list them.',
  calls: [{ name: 'shop.list_invoices', args: { status: 'overdue', limit: 3 } }],
};
const json = (value: object): MadeAnswer => ({ kind: 'text', text: JSON.stringify(value) });
const request = (content = 'x'): ChatRequest => ({
  messages: [{ role: 'user', content }],
  stable: 0,
  maxTokens: 100,
  tools: [{ name: 'shop.list_invoices', summary: '', parameters: {} }],
});
const weak = (answer: MadeAnswer, ...only: readonly Weakness[]): Promise<MadeAnswer> =>
  new WeakMaker(says(answer), {
    weaknesses: weaknessesOf(
      false,
      only.map((name) => [name, 1]),
    ),
    seed: '1',
  }).answer(request(), signal);

describe('a weak model', () => {
  it('changes nothing where nothing is wrong with it (weak-maker.2)', async () => {
    for (const answer of [call, json({ thought: 'a', action: 'b' }), { kind: 'text', text: 'words' } as const])
      expect(await weak(answer)).toEqual(answer);
  });

  it('writes calls into its text', async () => {
    const written = '{"name":"shop.list_invoices","arguments":{"status":"overdue","limit":3}}';
    expect(await weak(call, 'text-call')).toEqual({
      kind: 'text',
      text: `I list them.\n<tool_call>\n${written}\n</tool_call>`,
    });
    expect(await weak(call, 'text-call', 'fence')).toMatchObject({ text: expect.stringContaining('```json\n') });
  });

  it('misses names nearly, natively and in structured answers', async () => {
    const near = (await weak(call, 'wrong-skill')) as Extract<MadeAnswer, { kind: 'tools' }>;
    expect(near.calls[0]!.name).not.toBe('shop.list_invoices');
    expect(near.calls[0]!.name).toMatch(/list_?invoice|shop/i);
    const form = await weak(json({ thought: '', call: { skill: 'look', args: {} } }), 'wrong-skill');
    expect(JSON.parse((form as { text: string }).text)).toMatchObject({
      call: { skill: expect.not.stringMatching(/^look$/) },
    });
    const action = await weak(json({ action: '(move ann hall)' }), 'wrong-skill');
    expect((action as { text: string }).text).toMatch(/"\((?!move ann)\w+ ann hall\)"/);
  });

  it('gets arguments wrong, leaves one out, and makes one up', async () => {
    const args = async (...only: Weakness[]): Promise<Record<string, unknown>> =>
      ((await weak(call, ...only)) as Extract<MadeAnswer, { kind: 'tools' }>).calls[0]!.args;
    expect(Object.keys(await args('missing-args'))).toHaveLength(1);
    expect(Object.keys(await args('extra-args'))).toEqual(['status', 'limit', 'reason']);
    const { status, limit } = await args('wrong-args');
    expect([typeof status, typeof limit]).not.toEqual(['string', 'number']);
  });

  it('talks: prose around JSON, fences, long thoughts; or says nothing', async () => {
    const answer = json({ thought: 'a', action: 'b' });
    expect((await weak(answer, 'fence')) as { text: string }).toMatchObject({
      text: expect.stringMatching(/^```json\n/),
    });
    expect((await weak(answer, 'prose')) as { text: string }).toMatchObject({
      text: expect.stringMatching(/^\w.*\{"tho/s),
    });
    const wordy = JSON.parse(((await weak(answer, 'wordy')) as { text: string }).text) as { thought: string };
    expect(wordy.thought).toHaveLength(2_000);
    expect(await weak(call, 'silent')).toEqual({ kind: 'text', text: '' });
  });

  it('leaves half of a plan out', async () => {
    const half = await weak(json({ thought: '', subgoals: [1, 2, 3, 4], questions: [] }), 'half-plan');
    expect(JSON.parse((half as { text: string }).text)).toMatchObject({ subgoals: [1, 2] });
  });

  it('is wrong in about the share that was set, and for equal requests in the same way (weak-maker.1)', async () => {
    const maker = new WeakMaker(says(call), { weaknesses: weaknessesOf(false, [['silent', 0.3]]), seed: '1' });
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, i) => maker.answer(request(`question ${i}`), signal)),
    );
    const share = answers.filter(({ kind }) => kind === 'text').length / 400;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
    await fc.assert(
      fc.asyncProperty(fc.string(), async (content) => {
        const all = new WeakMaker(says(call), { weaknesses: weaknessesOf(true, []), seed: '2' });
        expect(await all.answer(request(content), signal)).toEqual(await all.answer(request(content), signal));
      }),
    );
  });
});

describe('weaknesses', () => {
  it('are all there in a weak model, each can be set, and without them a model is strong', () => {
    expect(weaknessesOf(false, [])).toEqual({ ...Object.fromEntries(WEAKNESS_NAMES.map((n) => [n, 0])), slow: 1 });
    expect(weaknessesOf(true, [parseWeakness('wrong-skill=0.5'), parseWeakness('slow=2')])).toMatchObject({
      'wrong-skill': 0.5,
      slow: 2,
      prose: 0.4,
    });
  });

  it.each(['lazy=0.1', 'prose=2', 'slow=0.5', 'prose', 'prose=x'])('refuse %s', (text) =>
    expect(() => parseWeakness(text)).toThrow(/KIND=SHARE/),
  );
});
