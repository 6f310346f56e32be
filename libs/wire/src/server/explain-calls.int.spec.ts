import { PraxisError } from '@praxis/core';
import { connectPlanner } from '../client/connect-planner.js';
import type { ExplainRequest, Explanation, PlannerApi } from '../index.js';
import { startServer, type RunningServer } from './start-server.js';

let server: RunningServer;
let client: ReturnType<typeof connectPlanner>;
let explain: PlannerApi['explain'];
beforeAll(async () => {
  server = await startServer({
    address: '127.0.0.1:0',
    services: { planner: { explain: (request: ExplainRequest) => explain(request) } as PlannerApi },
    graceMs: 0,
  });
  client = connectPlanner(server.address, { deadlineMs: 10_000 });
});
afterAll(async () => {
  client.close();
  await server.stop();
});

const node = (name: string, score: number | null) => ({
  node: name,
  score,
  parts: score === null ? {} : { load: 0.5 },
  ruledOut: score === null ? 'it is down' : null,
});
const told: Explanation = {
  decision: {
    number: 3,
    subgoal: 'r-1.1.1.1',
    step: 0,
    action: { skill: 'pay', args: { to: 'shop', amount: 3 } },
    why: 'it is due',
    origin: 'model',
    taint: ['web'],
    answer: { action: '(pay shop 3)', text: 'paid', source: 'http:shop' },
  },
  planning: null,
  thoughts: [
    {
      id: 'e0',
      kind: 'propose',
      by: 'actor',
      about: '',
      isEarlier: false,
      at: 1_700_000_000_000,
      tookMs: 420,
      results: ['(pay shop 3)'],
      note: '',
      gone: '',
      spent: { steps: 0, calls: 1, tokens: 99, money: 0.01, risk: 0 },
      record: {
        role: 'actor',
        prompt: { name: 'next-action', sha256: 'ab' },
        leftOut: { skills: 2 },
        offered: ['pay', 'done'],
        messages: [{ role: 'user', content: { text: 'What next?', leftOut: 0 } }],
        samples: [
          {
            answer: {
              text: { text: 'pay', leftOut: 7 },
              reasoning: { text: '', leftOut: 0 },
              finish: 'stop',
              usage: { input: 90, cached: 60, output: 9, reasoning: 0 },
            },
            problem: '',
            model: 'qwen3',
            node: 'gpu1',
            choices: [
              {
                model: 'qwen3',
                attempt: 1,
                hedge: false,
                picked: 'gpu1',
                waitedMs: 2.5,
                considered: [node('gpu1', 0.5), node('gpu2', null)],
                outcome: 'ok',
              },
            ],
          },
        ],
      },
    },
  ],
};

describe('the explanation of a step', () => {
  it('comes to the caller as the planner gave it, and the planner hears what was asked', async () => {
    const seen: ExplainRequest[] = [];
    explain = async (request) => (seen.push(request), told);
    const requests: ExplainRequest[] = [
      { run: 'r-1', at: { step: 3 }, prompts: true },
      { run: 'r-1', at: { subgoal: 'r-1.1.1.1', step: 0 }, prompts: false },
      { run: 'r-1', at: { plan: null }, prompts: false },
    ];
    for (const request of requests) expect(await client.explain(request)).toEqual(told);
    expect(seen).toEqual(requests);
  });

  it('is refused with what to type where there is no such step', async () => {
    explain = () =>
      Promise.reject(new PraxisError('missing', 'The run r-1 has no such step; see `praxis show r-1 --steps`.'));
    await expect(client.explain({ run: 'r-1', at: { step: 9 }, prompts: false })).rejects.toMatchObject({
      code: 'missing',
      message: 'The run r-1 has no such step; see `praxis show r-1 --steps`.',
    });
  });
});
