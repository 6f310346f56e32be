import { describe, expect, it } from '@jest/globals';
import { PraxisError, type ChatRequest, type Json, type ModelCall, type ModelReply, type Models } from '@praxis/core';

/** What stands behind the models says in turn, the last of it again and again; `silence`: nothing, for ever. */
export type Said =
  | { readonly json: Json }
  | { readonly text: string }
  | { readonly tool: string; readonly args: { readonly [key: string]: Json } }
  | 'silence';

/** Models to be checked, with somebody behind them who says what the script says. */
export interface ModelsUnderTest {
  readonly models: Models;
  /** Calls that are under way behind them. */
  underWay?(): number;
}

const SCHEMA = {
  type: 'object',
  properties: { action: { type: 'string', enum: ['go', 'stay'] } },
  required: ['action'],
  additionalProperties: false,
};
const TOOL = {
  name: 'move',
  summary: 'moves',
  parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'], additionalProperties: false },
};

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [
    { role: 'system', content: 'You choose.' },
    { role: 'user', content: 'what now?' },
  ],
  stable: 1,
  maxTokens: 64,
  ...more,
});
const choose = request({ answer: { name: 'choice', schema: SCHEMA } });
const call = (asked: ChatRequest, more: Partial<ModelCall> = {}): ModelCall => ({
  role: 'actor',
  request: asked,
  place: { run: 'r-1', stream: 'subgoal/r-1.1.1.1', urgency: 1, deadline: null },
  signal: new AbortController().signal,
  ...more,
});
const place = call(choose).place;
const codeOf = (thrown: unknown): string => (thrown instanceof PraxisError ? thrown.code : String(thrown));

/** Registers one test per law of models (models.1–3), for models that `open` puts before a script. */
export function modelsContract(name: string, open: (script: readonly Said[]) => Promise<ModelsUnderTest>): void {
  const ask = async (script: readonly Said[], asked: ChatRequest, more: Partial<ModelCall> = {}): Promise<ModelReply> =>
    (await open(script)).models.call(call(asked, more));
  describe(`${name} keep the laws of models`, () => {
    it('give an answer that fits the schema that was asked for (models.1)', async () => {
      expect(await ask([{ json: { action: 'go' } }], choose)).toMatchObject({
        answer: { value: { action: 'go' } },
        problem: '',
        cost: { calls: 1 },
      });
    });

    it.each<[string, Said]>([
      ['no JSON', { text: 'I would rather go.' }],
      ['a broken JSON', { text: '{"action":' }],
      ['an action that is none', { json: { action: 'fly' } }],
      ['another shape', { json: ['go'] }],
      ['nothing', { text: '' }],
    ])('ask once more after %s, and count both (models.1, models.3)', async (_what, wrong) => {
      const reply = await ask([wrong, { json: { action: 'stay' } }], choose);
      expect(reply).toMatchObject({ answer: { value: { action: 'stay' } }, problem: '', cost: { calls: 2 } });
    });

    it('give a problem instead of an answer that is of no use twice (models.1)', async () => {
      const reply = await ask([{ text: 'no' }, { text: 'never' }], choose);
      expect(reply.answer).toBeNull();
      expect(reply.problem).not.toBe('');
      expect(reply.cost.calls).toBe(2);
    });

    it('ask once more where the caller minds an answer that fits (models.1)', async () => {
      const check: ModelCall['check'] = ({ value }) =>
        (value as { readonly action: string }).action === 'go' ? ['it is not allowed to go'] : [];
      expect(await ask([{ json: { action: 'go' } }, { json: { action: 'stay' } }], choose, { check })).toMatchObject({
        answer: { value: { action: 'stay' } },
      });
    });

    it('give calls of tools that there are, with arguments that fit, and no others (models.1)', async () => {
      const withTools = request({ tools: [TOOL], toolChoice: 'required' });
      const good: Said = { tool: 'move', args: { to: 'hall' } };
      expect((await ask([good], withTools)).answer?.toolCalls).toMatchObject([{ name: 'move', args: { to: 'hall' } }]);
      for (const wrong of [
        { tool: 'delete-everything', args: {} },
        { tool: 'move', args: { to: 7 } },
      ] as const) {
        expect((await ask([wrong, good], withTools)).answer?.toolCalls).toMatchObject([
          { name: 'move', args: { to: 'hall' } },
        ]);
        expect((await ask([wrong], withTools)).answer).toBeNull();
      }
    });

    it('fail with `cancelled` as soon as the caller gives up, and leave nothing under way (models.2)', async () => {
      const { models, underWay } = await open(['silence']);
      const stop = new AbortController();
      const asked = models.call(call(request(), { signal: stop.signal })).then(() => 'answered', codeOf);
      setTimeout(() => stop.abort(), 50);
      expect(await asked).toBe('cancelled');
      const isBusy = (): boolean => (underWay?.() ?? 0) > 0;
      while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 10));
    });

    it('never cost more than they said one try would (models.3)', async () => {
      const { models } = await open([{ json: { action: 'go' } }]);
      const most = models.estimate({ role: 'actor', request: choose });
      const { cost } = await models.call(call(choose));
      for (const name of ['calls', 'tokens', 'money'] as const) expect(cost[name]).toBeLessThanOrEqual(most[name]);
    });

    it('tell the text as it comes', async () => {
      let told = '';
      const { answer } = await ask([{ text: 'one word after the other' }], request(), {
        onText: (piece) => (told += piece),
      });
      expect(told).toBe(answer?.text);
    });

    it('make vectors of equal length, equal ones for equal texts', async () => {
      const { models } = await open([{ text: 'unused' }]);
      const { vectors, cost } = await models.embed(
        ['a cup', 'a plate of rice', 'a cup'],
        place,
        new AbortController().signal,
      );
      expect(vectors).toHaveLength(3);
      expect(new Set(vectors.map((v) => v.length)).size).toBe(1);
      expect(vectors[2]).toEqual(vectors[0]);
      expect(cost.tokens).toBeGreaterThan(0);
    });
  });
}
