import {
  goalSchema,
  nodeSpecSchema,
  systemClock,
  type BlobStore,
  type Effect,
  type Json,
  type Plan,
  type PlanNode,
  type Run,
  type RunId,
  type SkillManifest,
} from '@praxis/core';
import { DEFAULT_PATIENCE, NodeClient, PromptRunner, createNodePool, loadPrompts, openModels } from '@praxis/inference';
import { openAnswers, startSimulatedNode, weaknessesOf } from '@praxis/simulator';
import { SkillDrafter } from './skill-drafter.js';

const open: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of open.splice(0).toReversed()) await stop();
});

const skill = (name: string, summary: string, more: Partial<SkillManifest>): SkillManifest => ({
  name,
  summary,
  parameters: [],
  effect: 'pure',
  keyed: false,
  source: 'shop',
  ...more,
});
const SKILLS = [
  skill('list-debtors', 'lists customers with an overdue invoice', {
    output: { type: 'array', items: { type: 'string' } },
  }),
  skill('remind', 'reminds a customer', {
    parameters: [{ name: 'customer', type: 'string' }],
    effect: 'irreversible',
  }),
  skill('ask.person', 'asks a person', { parameters: [{ name: 'question', type: 'string' }] }),
  skill('burn', 'burns customers with an overdue invoice', {}),
];
const goal = goalSchema.parse({
  title: 'Remind',
  world: 'workspace',
  strategy: 'draft',
  request: 'Remind every customer with an overdue invoice.',
});

async function drafterFor(more: object, keep: readonly string[] = []) {
  const answers = openAnswers({ from: 'rules', seed: '1', weaknesses: weaknessesOf(false, []) });
  const node = await startSimulatedNode({ answers, speed: 1_000, jitter: 0 });
  const pool = createNodePool({ patienceMs: 50 });
  open.push(
    () => answers.close(),
    () => node.stop(),
    () => pool.close(),
  );
  pool.setNodes([
    {
      spec: nodeSpecSchema.parse({ name: 'n', url: node.url, serves: [{ name: 'simulated' }] }),
      origin: 'settings',
    },
  ]);
  const models = openModels({
    pool,
    client: new NodeClient(DEFAULT_PATIENCE, systemClock),
    chains: { byRole: {}, fallback: ['simulated'] },
    embedding: null,
    keyOf: () => undefined,
  });
  const blobs: BlobStore = { keep: async () => undefined, read: async () => new Map(), readAll: async () => new Map() };
  const promptRunner = new PromptRunner(models, blobs, { contextTokens: 16_000, answerTokens: 1_000 });
  const prompts = loadPrompts(null);
  const state = {
    goal,
    opened: {
      condition: '(check done-1)',
      checks: { 'done-1': { judge: 'all were reminded' } },
      denied: ['burn'],
      tools: [],
    },
    plan: null,
    reopened: { replans: 0, asked: 0, plannings: 0 },
    nodes: new Map(),
    outputs: {},
    failures: [],
    tools: [],
    usable: [],
    ...more,
  } as unknown as Run;
  const subject = { run: 'r-1' as RunId, state, reason: 'first', keep, deadline: null } as const;
  return new SkillDrafter({
    subject: { ...subject, keep: keep as never },
    access: { promptRunner, prompts, isThere: async () => true } as never,
    prompts,
    skills: SKILLS,
  });
}

const CONTEXT: Json = { problems: [], critique: [], answers: [], last: null };
const asked: Extract<Effect, { kind: 'propose' }> = {
  kind: 'propose',
  id: 'm0',
  by: 'drafter',
  count: 1,
  context: CONTEXT,
};
const propose = async (drafter: SkillDrafter) => drafter.propose(asked, new AbortController().signal);
const planIn = ({ candidates }: { readonly candidates: readonly Json[] }): Plan =>
  (candidates[0] as unknown as { readonly plan: Plan }).plan;

describe('a model that drafts a plan of calls', () => {
  it('gives steps that were checked, tainted by it, and of no denied skill (skill-drafter.1)', async () => {
    const drafter = await drafterFor({});
    const most = await drafter.estimate(asked);
    const found = await propose(drafter);
    expect(planIn(found).nodes.map(({ script, after }) => [script![0], after])).toMatchObject([
      [{ do: 'list-debtors', taint: ['model'] }, []],
      [{ do: 'remind', each: { of: '$list_debtors' }, with: { customer: '$item' }, taint: ['model'] }, ['1.1']],
    ]);
    expect(found.spent!.tokens).toBeLessThanOrEqual(most.tokens);
  });

  const listed: PlanNode = {
    ...({
      id: '1.1',
      title: 'list',
      pre: [],
      post: '(and)',
      after: [],
      owner: null,
      lane: 'default',
      steps: [],
    } as const),
    cost: 1,
    gives: [{ name: 'list_debtors' }],
    script: [],
  };
  const lost: PlanNode = {
    ...listed,
    id: '1.2',
    gives: [{ name: 'remind' }],
    script: [
      {
        id: 'remind',
        do: 'remind',
        with: { customer: '$item' },
        each: { of: '$list_debtors', as: 'item', parallel: 4, most: 1_000 },
        after: [],
        retry: 0,
        onFail: 'fail',
        check: [],
      },
    ],
  };
  const before = {
    plan: { version: 1, nodes: [listed, lost] },
    nodes: new Map([
      ['1.1', { status: 'done', attempt: 1, reason: '' }],
      ['1.2', { status: 'failed', attempt: 1, reason: 'the step "remind" failed: 500' }],
    ]),
    outputs: { list_debtors: { value: ['ann', 'bob'], artifacts: [], taint: ['http:shop'] } },
  };

  it('keeps what is done, refers to it, and is tainted by what it was shown (skill-drafter.2)', async () => {
    const { nodes, version } = planIn(await propose(await drafterFor(before, ['1.1'])));
    expect(version).toBe(2);
    expect(nodes.map(({ id, after }) => [id, after])).toEqual([
      ['1.1', []],
      ['2.1', ['1.1']],
    ]);
    expect(nodes[1]!.script![0]).toMatchObject({ do: 'remind', taint: ['http:shop', 'model'] });
  });

  it('is told what was refused for good, and does not get the same step through again (skill-drafter.3)', async () => {
    const failures = [
      { action: '(remind bob)', code: 'denied', facts: [], permanent: true, reason: 'denied by ann: no' },
    ];
    const found = await propose(await drafterFor({ ...before, failures }, ['1.1']));
    expect(found.candidates).toEqual([]);
    expect(found.note).toContain('step remind was refused: denied by ann: no');
  });
});
