import { NO_COST, PraxisError, type ModelCall, type ModelReply, type Models } from '@praxis/core';
import { observeModels } from './asking-models.js';
import { metricsText, startMetrics, stopMetrics } from './metrics.js';

const request = { messages: [{ role: 'user' as const, content: 'the secret of the house' }], stable: 0, maxTokens: 10 };
const call: ModelCall = {
  role: 'judge',
  request,
  place: { run: 'r-1', stream: 's', urgency: 0, deadline: null },
  signal: new AbortController().signal,
};
const answer = {
  text: 'hush',
  reasoning: '',
  toolCalls: [],
  value: null,
  finish: 'stop' as const,
  usage: { input: 40, cached: 8, output: 2, reasoning: 0 },
};
const reply: ModelReply = {
  answer,
  problem: '',
  model: 'big',
  node: 'gpu1',
  cost: { ...NO_COST, calls: 1, tokens: 42 },
  choices: [],
};

function models(answers: () => Promise<ModelReply>): Models {
  return observeModels({
    call: answers,
    embed: async () => ({ vectors: [[1]], cost: NO_COST }),
    estimate: () => ({ ...NO_COST, tokens: 7 }),
  });
}

describe('models that are observed', () => {
  beforeEach(() => startMetrics('1.2.3'));
  afterEach(() => stopMetrics());

  it('say what they say without being observed, and are counted by role and outcome', async () => {
    expect(await models(async () => reply).call(call)).toBe(reply);
    expect(await models(async () => ({ ...reply, answer: null, problem: 'no JSON' })).call(call)).toMatchObject({
      answer: null,
    });
    const away = new PraxisError('unavailable', 'No node could answer.');
    await expect(models(() => Promise.reject(away)).call(call)).rejects.toBe(away);
    const text = await metricsText();
    for (const outcome of ['ok', 'unusable', 'unavailable'])
      expect(text).toContain(`praxis_model_call_duration_seconds_count{role="judge",outcome="${outcome}"} 1`);
    expect(text).toContain('praxis_model_tokens_total{role="judge"} 84');
  });

  it('tell nothing of what was said, nor whose run it was', async () => {
    await models(async () => reply).call(call);
    expect(await metricsText()).not.toMatch(/secret|hush|r-1|gpu1/);
  });

  it('embed and estimate as ever', async () => {
    const observed = models(async () => reply);
    expect(await observed.embed(['a'], call.place, call.signal)).toEqual({ vectors: [[1]], cost: NO_COST });
    expect(observed.estimate(call)).toMatchObject({ tokens: 7 });
  });
});
