import {
  NO_COST,
  UNBOUNDED,
  goalSchema,
  linkAnswer,
  linkTranscript,
  makeQuestion,
  makeSubgoalId,
  planningStream,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type ChatMessage,
  type Json,
  type KeptThought,
  type Plan,
  type RunEvent,
  type StepEvent,
  type ModelCallRecord,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { explain } from './explain.js';

const NO_CHANGE = { added: [], removed: [], numbers: {} };
const RUN = 'r-3f9k2m7q1c';
const SUBGOAL = makeSubgoalId(RUN, '1.1', 1);
const act = (skill: string, times: number, why: string) => ({
  kind: 'act',
  action: { skill, args: { who: 'ann' } },
  why,
  times,
  origin: 'model',
  taint: [],
});
const plan: Plan = {
  version: 1,
  nodes: [
    {
      id: '1.1',
      title: 'get there',
      pre: [],
      post: '(there ann)',
      after: [],
      owner: 'ann',
      lane: 'default',
      steps: [],
      cost: 1,
    },
  ],
};

/** What is kept of thoughts, as an executor keeps it. */
class Blobs {
  readonly bodies = new Map<string, string>();

  keep(messages: readonly ChatMessage[], samples: readonly string[], name = 'next-action'): KeptThought {
    const { head, links } = linkTranscript(messages as unknown as readonly Json[]);
    const answer = linkAnswer(head, recordOf(name, samples) as unknown as Json);
    for (const { sha256, body } of [...links, answer]) this.bodies.set(sha256, body);
    return { prompt: head!, answer: answer.sha256 };
  }

  async read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(hashes.flatMap((hash) => (this.bodies.has(hash) ? [[hash, this.bodies.get(hash)!]] : [])));
  }

  readonly readAll = (hashes: readonly string[]): Promise<ReadonlyMap<string, string>> => this.read(hashes);
}

function recordOf(name: string, samples: readonly string[]): ModelCallRecord {
  const considered = [
    { node: 'gpu1', score: 0.7, parts: { load: 0.7 }, ruledOut: null },
    { node: 'gpu2', score: null, parts: {}, ruledOut: 'it is down' },
  ];
  const choices = [
    { model: 'qwen3', attempt: 1, hedge: false, picked: 'gpu1', waitedMs: 3, considered, outcome: 'ok' },
  ];
  const usage = { input: 90, cached: 60, output: 9, reasoning: 0 };
  return {
    role: 'actor',
    prompt: { name, sha256: 'f'.repeat(64) },
    leftOut: {},
    offered: [],
    samples: samples.map((text) => ({
      answer: { text, reasoning: 'hm', toolCalls: [], value: null, finish: 'stop', usage },
      problem: '',
      model: 'qwen3',
      node: 'gpu1',
      choices,
    })),
  };
}

const opened = (strategy: string): StepEvent => ({
  type: 'opened',
  by: 'x',
  strategy,
  state: { facts: ['(at ann)'], numbers: {} },
  condition: '(there ann)',
  owner: 'ann',
  limits: { steps: 9, replans: 9 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
});
const decided = (id: string, step: number, skill = 'go', origin = 'model'): StepEvent => ({
  type: 'decided',
  id,
  step,
  action: { skill, args: { who: 'ann' } },
  why: 'it is near',
  origin,
  taint: ['web'],
});
const observed = (id: string, step: number, code: 'unavailable' | 'effect-mismatch'): StepEvent => ({
  type: 'observed',
  id,
  step,
  result: { ok: false, code, message: '' },
  change: NO_CHANGE,
});

let journal: MemoryJournal;
let blobs: Blobs;
const parts = () => ({ store: { journal, blobs } });
const at = (place: Parameters<typeof explain>[0]['at'], prompts = false) =>
  explain({ run: RUN, at: place, prompts }, parts());

async function write(
  run: string,
  strategy: string,
  steps: readonly StepEvent[],
  more: readonly RunEvent[] = [],
): Promise<void> {
  const goal = goalSchema.parse({ title: 't', world: 'w', strategy });
  const events: RunEvent[] = [
    { type: 'accepted', goal },
    {
      type: 'opened',
      session: run,
      domainName: 'd',
      domain: '',
      problem: '',
      condition: '(there ann)',
      agents: ['ann'],
      tools: [],
      approvals: [],
      versions: { planning: 1, acting: 1 },
    },
    {
      type: 'planned',
      plan: plan as never,
      diff: { kept: [], added: ['1.1'], dropped: [] },
      reason: 'first',
      evaluated: 7,
    },
    { type: 'dispatched', node: '1.1', attempt: 1, allowance: UNBOUNDED },
    ...more,
  ];
  await journal.append(
    runStream(run),
    0,
    events.map((e) => runEvents.encode(e)),
  );
  if (steps.length > 0)
    await journal.append(
      subgoalStream(makeSubgoalId(run, '1.1', 1)),
      0,
      steps.map((e) => stepEvents.encode(e)),
    );
}

beforeEach(() => {
  let now = 1_000;
  journal = new MemoryJournal({ now: () => (now += 10) });
  blobs = new Blobs();
});

describe('why a model decided a step', () => {
  const messages: readonly ChatMessage[] = [
    { role: 'system', content: 'You act.' },
    { role: 'user', content: 'What next?' },
  ];
  let steps: StepEvent[];
  beforeEach(async () => {
    const spent = { ...NO_COST, calls: 1, tokens: 99 };
    steps = [
      opened('react'),
      {
        type: 'proposed',
        id: 'e0',
        candidates: [act('go', 1, 'it is near')] as unknown as Json[],
        note: '',
        spent,
        call: blobs.keep(messages, ['go ann']),
      },
      decided('e1', 0),
      observed('e1', 0, 'unavailable'),
      {
        type: 'proposed',
        id: 'e2',
        candidates: [act('go', 3, 'it is near'), act('fly', 1, 'it is fast')] as unknown as Json[],
        note: 'one answer was cut short',
        spent,
        call: blobs.keep(messages, ['go ann', 'fly ann']),
      },
      { type: 'scored', id: 'e3', scores: [0.41234, 0.9], spent, call: blobs.keep(messages, ['0.4 0.9'], 'judge') },
      decided('e4', 1, 'fly'),
      observed('e4', 1, 'effect-mismatch'),
      decided('e5', 2, 'fly'),
    ];
    await write(RUN, 'react', steps);
  });

  it('is told by what was thought since the decision before it: candidates, scores, whom it was asked of, and where', async () => {
    const { decision, planning, thoughts } = await at({ step: 1 });
    expect(planning).toBeNull();
    expect(decision).toEqual({
      number: 1,
      subgoal: SUBGOAL,
      step: 1,
      action: { skill: 'fly', args: { who: 'ann' } },
      why: 'it is near',
      origin: 'model',
      taint: ['web'],
    });
    expect(thoughts).toMatchObject([
      {
        id: 'e2',
        kind: 'propose',
        by: 'actor',
        isEarlier: false,
        results: ['(go ann) (3 times): it is near', '(fly ann): it is fast'],
        note: 'one answer was cut short',
        spent: { tokens: 99 },
        gone: '',
      },
      {
        id: 'e3',
        kind: 'evaluate',
        by: 'judge',
        isEarlier: false,
        results: ['0.412 (go ann)', '0.9 (fly ann)'],
        record: { prompt: { name: 'judge' } },
      },
    ]);
    expect(thoughts[0]!.record).toMatchObject({
      role: 'actor',
      messages: [],
      samples: [
        { answer: { text: { text: 'go ann', leftOut: 0 } } },
        {
          model: 'qwen3',
          node: 'gpu1',
          choices: [
            {
              picked: 'gpu1',
              considered: [
                { node: 'gpu1', score: 0.7 },
                { node: 'gpu2', ruledOut: 'it is down' },
              ],
            },
          ],
        },
      ],
    });
  });

  it('is the same whether the step is named by its number or by its subgoal', async () => {
    expect(await at({ subgoal: SUBGOAL, step: 1 })).toEqual(await at({ step: 1 }));
  });

  it('comes with the conversation where that is wanted, and not where it is not', async () => {
    const [thought] = (await at({ step: 0 }, true)).thoughts;
    expect(thought!.record!.messages).toEqual(
      messages.map(({ role, content }) => ({ role, content: { text: content, leftOut: 0 } })),
    );
    expect((await at({ step: 0 })).thoughts[0]!.record!.messages).toEqual([]);
  });

  it('is told by the thoughts of the earlier proposal where a step only did again what had slipped', async () => {
    expect((await at({ step: 2 })).thoughts).toMatchObject([
      { id: 'e2', isEarlier: true },
      { id: 'e3', isEarlier: true },
    ]);
  });

  it('is told as far as it is still there: what is kept of a model may have been cleared away', async () => {
    const [proposed] = steps.flatMap((e) => (e.type === 'proposed' ? [e.call!] : []));
    blobs.bodies.delete(proposed!.prompt);
    expect((await at({ step: 0 }, true)).thoughts[0]).toMatchObject({
      gone: expect.stringContaining('conversation'),
      record: { samples: [{}], messages: [] },
    });
    blobs.bodies.delete(proposed!.answer);
    expect((await at({ step: 0 })).thoughts[0]).toMatchObject({
      results: ['(go ann): it is near'],
      record: null,
      gone: expect.stringContaining('restore it from a backup'),
    });
    blobs.bodies.set(proposed!.answer, '{"before":null,"message":{"role":7}}');
    expect((await at({ step: 0 })).thoughts[0]).toMatchObject({
      record: null,
      gone: expect.stringContaining('cannot read'),
    });
  });

  it('says what to type where there is no such run, step or plan', async () => {
    await expect(explain({ run: 'r-0', at: { step: 0 }, prompts: false }, parts())).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('praxis runs'),
    });
    await expect(at({ step: 3 })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(`numbered 0 to 2 (\`praxis show ${RUN} --steps\`)`),
    });
    await expect(at({ plan: 3 })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(`praxis why ${RUN} --plan 1`),
    });
  });
});

describe('why search decided a step', () => {
  const step = (skill: string) => ({
    action: { skill, args: {} },
    needs: [],
    expects: NO_CHANGE,
    origin: 'search',
    taint: [],
  });
  const proposed: StepEvent = {
    type: 'proposed',
    id: 'e0',
    candidates: [{ steps: [step('go'), step('go')], tools: [] }] as unknown as Json[],
    note: '35 states evaluated',
  };

  it('is told without any model, and a plan of several steps for each of them', async () => {
    await write(RUN, 'search', [
      opened('search'),
      proposed,
      decided('e1', 0, 'go', 'search'),
      { type: 'observed', id: 'e1', step: 0, result: { ok: true, message: '' }, change: NO_CHANGE },
      decided('e2', 1, 'go', 'search'),
    ]);
    const told = {
      id: 'e0',
      kind: 'propose',
      by: 'search',
      results: ['2 steps: (go) (go)'],
      note: '35 states evaluated',
      spent: null,
      record: null,
      gone: '',
    };
    expect((await at({ step: 0 })).thoughts).toMatchObject([{ ...told, isEarlier: false }]);
    expect((await at({ step: 1 })).thoughts).toMatchObject([{ ...told, isEarlier: true }]);
    expect(blobs.bodies.size).toBe(0);
  });

  it('is told where nobody knows any more whom the strategy asked', async () => {
    await write(RUN, 'long-gone', [opened('long-gone'), proposed, decided('e1', 0, 'go', 'search')]);
    expect((await at({ step: 0 })).thoughts).toMatchObject([{ by: '', results: ['2 steps: (go) (go)'] }]);
  });

  it('is told when a person decided otherwise: the thoughts are those before the first decision', async () => {
    await write(RUN, 'search', [
      opened('search'),
      proposed,
      decided('e1', 0, 'go', 'search'),
      decided('e1', 0, 'walk', 'ann'),
    ]);
    expect(await at({ step: 0 })).toMatchObject({
      decision: { action: { skill: 'walk' }, origin: 'ann' },
      thoughts: [{ id: 'e0', isEarlier: false }],
    });
  });
});

describe('why a plan was made so', () => {
  const planning: readonly StepEvent[] = [
    { ...opened('search'), by: 'planner' } as StepEvent,
    { type: 'proposed', id: 'p0', candidates: [{ plan, evaluated: 7 }] as unknown as Json[], note: '' },
    { type: 'verified', id: 'v0', violations: [] },
    { type: 'ended', outcome: 'done', reason: 'sound', result: { plan, evaluated: 7 } as unknown as Json },
  ];
  const plans = (run: string, version: number, events: readonly StepEvent[]) =>
    journal.append(
      planningStream(run, version),
      0,
      events.map((e) => stepEvents.encode(e)),
    );

  it('is told by its own stream; the latest is meant where none is named, even where it came to nothing', async () => {
    await write(RUN, 'search', []);
    await plans(RUN, 1, planning);
    const first = await at({ plan: 1 });
    expect(first).toMatchObject({
      decision: null,
      planning: { version: 1, outcome: 'done', reason: 'sound' },
      thoughts: [
        { id: 'p0', results: ['plan 1, 1 subgoal, 7 states evaluated: 1.1 ann get there'] },
        { id: 'v0', kind: 'verify', by: 'checker', about: 'plan 1', results: [] },
      ],
    });
    expect(await at({ plan: null })).toEqual(first);
    await plans(RUN, 2, [planning[0]!, { type: 'proposed', id: 'p0', candidates: [], note: 'no way' }]);
    expect(await at({ plan: null })).toMatchObject({
      planning: { version: 2, outcome: null, reason: '' },
      thoughts: [{ results: [], note: 'no way' }],
    });
  });

  it("is told of a fork's plan by the run that made it, and never of what that run planned later", async () => {
    const forked: RunEvent = {
      type: 'forked',
      parent: RUN,
      session: 's',
      cut: {},
      overrides: { seed: null, strategy: null, versions: null, tools: null, action: null },
      again: [],
    };
    await write(RUN, 'search', []);
    await plans(RUN, 1, planning);
    await plans(RUN, 2, planning);
    await write('r-fork', 'search', [], [forked]);
    expect((await explain({ run: 'r-fork', at: { plan: null }, prompts: false }, parts())).planning).toMatchObject({
      version: 1,
    });
    await expect(explain({ run: 'r-fork', at: { plan: 2 }, prompts: false }, parts())).rejects.toMatchObject({
      code: 'missing',
    });
  });
});

describe('why a request was understood so', () => {
  const goal = goalSchema.parse({ title: 't', world: 'w', request: 'wash the\ndish' });
  const spent = { ...NO_COST, calls: 1, tokens: 9 };
  const heard = (answer: string): RunEvent => ({
    type: 'spent',
    on: 'opening',
    modelCalls: 1,
    spent,
    call: blobs.keep([{ role: 'user', content: goal.request }], [answer], 'formal-goal'),
  });
  const asked: RunEvent = {
    type: 'asked',
    question: makeQuestion({ id: 'q-1', kind: 'question', text: 'Which dish?' }),
  };
  const told = async (events: readonly RunEvent[]) => {
    await journal.append(
      runStream(RUN),
      0,
      events.map((e) => runEvents.encode(e)),
    );
    return at({ plan: null });
  };

  it('is told of a run that asks before there is any plan', async () => {
    const { planning, thoughts } = await told([{ type: 'accepted', goal }, heard('ask'), asked]);
    expect(planning).toBeNull();
    expect(thoughts).toMatchObject([
      {
        id: 'request',
        by: 'grounder',
        results: ['asked for: wash the dish', 'asks: Which dish?'],
        record: { samples: [{ answer: { text: { text: 'ask' } } }] },
      },
    ]);
  });

  it('is told of a run that ended because it cannot be brought about', async () => {
    const { thoughts } = await told([
      { type: 'accepted', goal },
      heard('cannot'),
      { type: 'ended', outcome: 'failed', reason: 'there is no dish' },
    ]);
    expect(thoughts).toMatchObject([
      { results: ['asked for: wash the dish', 'no goal: there is no dish'], spent: { tokens: 9 } },
    ]);
  });
});

describe('long texts', () => {
  it('are told up to 20,000 characters, with how much is left out, and no character is cut in half', async () => {
    const long = `${'x'.repeat(19_999)}😀${'y'.repeat(10)}`;
    const call = blobs.keep([{ role: 'user', content: long }], [long]);
    await write(RUN, 'react', [
      opened('react'),
      { type: 'proposed', id: 'e0', candidates: [], note: '', call },
      decided('e1', 0),
    ]);
    const { record } = (await at({ step: 0 }, true)).thoughts[0]!;
    const cut = { text: 'x'.repeat(19_999), leftOut: 12 };
    expect(record!.messages[0]!.content).toEqual(cut);
    expect(record!.samples[0]!.answer!.text).toEqual(cut);
  });
});
