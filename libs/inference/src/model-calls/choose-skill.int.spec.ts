import * as fc from 'fast-check';
import {
  nodeSpecSchema,
  readThought,
  readTranscript,
  systemClock,
  type BlobStore,
  type ChatMessage,
  type Json,
  type ToolUse,
} from '@praxis/core';
import {
  openAnswers,
  startSimulatedNode,
  weaknessesOf,
  type AnswerMaker,
  type SimulatorOptions,
  type StartedNode,
  type Weakness,
} from '@praxis/simulator';
import { NodeClient } from '../client/node-client.js';
import { DEFAULT_PATIENCE } from '../client/node-endpoint.js';
import { openModels } from '../models/open-models.js';
import { createNodePool } from '../pool/create-node-pool.js';
import type { NodePool } from '../pool/node-pool.js';
import type { ChoiceBranch } from '../tool-calls/skill-choice.js';
import { PromptRunner } from './prompt-runner.js';
import type { SkillRequest } from './skill-request.js';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

const object = (properties: Record<string, Json>, required = Object.keys(properties)): ChoiceBranch['input'] => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const skills: readonly ChoiceBranch[] = [
  {
    name: 'shop.list_invoices',
    summary: 'lists the invoices with a status',
    input: object({ status: { enum: ['open', 'overdue', 'paid'] } }),
  },
  {
    name: 'shop.send_reminder',
    summary: 'reminds the customer of an invoice',
    input: object({ invoice_id: { type: 'string', pattern: '^inv-\\d+$' } }),
  },
];
const INVOICES = JSON.stringify({ invoices: [{ id: 'inv-101' }, { id: 'inv-103' }] });

interface Scene {
  readonly node: StartedNode;
  readonly runner: PromptRunner;
  readonly kept: ReadonlyMap<string, string>;
}

async function scene(
  more: Partial<SimulatorOptions> = {},
  { weak = [], answers, use = 'unknown' }: { weak?: [Weakness, number][]; answers?: AnswerMaker; use?: ToolUse } = {},
): Promise<Scene> {
  const maker = answers ?? openAnswers({ from: 'rules', seed: '1', weaknesses: weaknessesOf(false, weak) });
  open.push({ stop: () => maker.close() });
  const node = await startSimulatedNode({ answers: maker, speed: 1_000, jitter: 0, ...more });
  open.push(node);
  const pool: NodePool = createNodePool({ patienceMs: 50 });
  open.push({ stop: () => pool.close() });
  const serves = [{ name: 'simulated', price: { input: 1, output: 2 }, tools: use }];
  pool.setNodes([{ spec: nodeSpecSchema.parse({ name: 'n', url: node.url, serves }), origin: 'settings' }]);
  const models = openModels({
    pool,
    client: new NodeClient(DEFAULT_PATIENCE, systemClock),
    chains: { byRole: {}, fallback: ['simulated'] },
    embedding: null,
    keyOf: () => undefined,
  });
  const kept = new Map<string, string>();
  const blobs: BlobStore = {
    keep: async (texts) => texts.forEach(({ sha256, body }) => kept.set(sha256, body)),
    read: async () => kept,
    readAll: async () => kept,
  };
  return { node, runner: new PromptRunner(models, blobs, { contextTokens: 16_000, answerTokens: 1_000 }), kept };
}

const order = (messages: readonly ChatMessage[], id = 'e1', more: Partial<SkillRequest> = {}): SkillRequest => ({
  prompt: { name: 'next-skill', role: 'actor', sha256: 'f'.repeat(64) },
  rendered: { messages, stable: 1 },
  skills,
  place: { run: 'r-1', stream: 'subgoal/r-1.1.1.1', urgency: 1, deadline: null },
  seed: '7',
  id,
  signal: new AbortController().signal,
  ...more,
});
const begin: readonly ChatMessage[] = [
  { role: 'system', content: 'You act for a person by calling skills.' },
  { role: 'user', content: 'Remind every customer with an overdue invoice.' },
];

/** Lets a model act until it is done; gives what it called, and what was of no use. */
async function play({ runner }: Scene): Promise<{ readonly made: readonly string[]; readonly problems: number }> {
  const messages = [...begin];
  const made: string[] = [];
  let problems = 0;
  for (let step = 0; step < 40; step += 1) {
    const result = await runner.chooseSkill(order(messages, `e${step}`));
    problems += result.problems.length;
    const [choice] = result.choices;
    if (choice === undefined) continue;
    if (choice.kind === 'control') return { made: [...made, choice.control], problems };
    const { skill, args } = choice.call;
    made.push(`${skill} ${JSON.stringify(args)}`);
    const content = skill === 'shop.list_invoices' ? INVOICES : '{"sent":true}';
    messages.push({ role: 'assistant', content: choice.thought, toolCalls: [{ id: `c${step}`, name: skill, args }] });
    messages.push({ role: 'tool', call: `c${step}`, name: skill, content });
  }
  return { made, problems };
}

const WORK = [
  'shop.list_invoices {"status":"overdue"}',
  'shop.send_reminder {"invoice_id":"inv-101"}',
  'shop.send_reminder {"invoice_id":"inv-103"}',
  'done',
];

describe('a model that works with skills, on a real endpoint', () => {
  it.each(['native', 'refused', 'ignored'] as const)(
    'does the same work where tools are %s (tool-client.1, prompt-runner.2)',
    async (tools) => {
      const at = await scene({ tools });
      expect(await play(at)).toEqual({ made: WORK, problems: 0 });
      // A refusal costs one request, and an endpoint that overlooks tools one answer; then it is known.
      const extra = { native: 0, refused: 1, ignored: 1 }[tools];
      expect(at.node.stats().requests).toBe(WORK.length + extra);
    },
  );

  it('asks an endpoint without tools by a form at once where its owner says so', async () => {
    const at = await scene({ tools: 'refused' }, { use: 'none' });
    expect((await play(at)).made).toEqual(WORK);
    expect(at.node.stats()).toMatchObject({ requests: WORK.length, failed: 0 });
  });

  it('does its work with a weak model too: what does not fit is never acted upon', async () => {
    const weak: [Weakness, number][] = [
      ['prose', 0.5],
      ['fence', 0.5],
      ['text-call', 0.5],
      ['wordy', 0.3],
      ['wrong-skill', 0.3],
      ['missing-args', 0.3],
      ['extra-args', 0.3],
      ['silent', 0.1],
    ];
    for (const tools of ['native', 'refused'] as const) {
      const { made } = await play(await scene({ tools }, { weak }));
      expect(made.filter((call) => !WORK.includes(call))).toEqual([]);
      expect(made.at(-1)).toBe('done');
    }
  });

  it('asks once more with what is wrong, and shows the model its own call', async () => {
    const asked: string[] = [];
    const slips = [
      { name: 'shop_list_invoice', args: { status: 'overdue' } },
      { name: 'shop.list_invoices', args: { status: 'overdue' } },
    ];
    const answers: AnswerMaker = {
      answer: async ({ messages }) => {
        asked.push(messages.map(({ content }) => content).join('\n'));
        return { kind: 'tools', text: 'I list them.', calls: [slips[Math.min(asked.length, 2) - 1]!] };
      },
      close: async () => undefined,
    };
    const { runner } = await scene({}, { answers });
    expect((await runner.chooseSkill(order(begin))).choices).toEqual([
      {
        kind: 'call',
        thought: 'I list them.',
        call: { skill: 'shop.list_invoices', args: { status: 'overdue' } },
        next: [],
      },
    ]);
    expect(asked[1]).toContain('shop_list_invoice({"status":"overdue"})');
    expect(asked[1]).toContain('did you mean `shop.list_invoices`?');
  });

  it('takes a choice that was cut off for a problem that names the setting, and no half of it for a call', async () => {
    const answers: AnswerMaker = {
      answer: async () => ({ kind: 'tools', text: 'word '.repeat(3_000), calls: [{ name: 'done', args: {} }] }),
      close: async () => undefined,
    };
    for (const tools of ['native', 'refused'] as const) {
      const { runner } = await scene({ tools }, { answers });
      const { choices, problems } = await runner.chooseSkill(order(begin));
      expect(choices).toEqual([]);
      expect(problems[0]).toMatch(/cut off.*PRAXIS_MODEL_ANSWER_TOKENS/);
    }
  });

  it('is kept with its calls, priced, and costs no more than was reserved (prompt-runner.1)', async () => {
    for (const tools of ['native', 'refused'] as const) {
      const { runner, kept } = await scene({ tools });
      const messages: readonly ChatMessage[] = [
        ...begin,
        {
          role: 'assistant',
          content: 'First.',
          toolCalls: [{ id: 'a', name: 'shop.list_invoices', args: { status: 'overdue' } }],
        },
        { role: 'tool', call: 'a', name: 'shop.list_invoices', content: INVOICES },
      ];
      const asked = order(messages);
      const most = runner.estimateChoice(asked);
      const { call, spent } = await runner.chooseSkill(asked);
      expect(await readTranscript(call.prompt, async () => kept)).toEqual(messages);
      expect(readThought(kept.get(call.answer)!)).toMatchObject({
        role: 'actor',
        prompt: { name: 'next-skill' },
        samples: [
          {
            answer: {
              toolCalls: [{ name: 'shop.send_reminder', args: { invoice_id: 'inv-101' } }],
              finish: 'tool-calls',
            },
          },
        ],
      });
      expect(spent.money).toBeGreaterThan(0);
      for (const part of ['calls', 'tokens', 'money'] as const) expect(spent[part]).toBeLessThanOrEqual(most[part]);
    }
  });

  it('sends what a skill answered without the marks of a chat template, and keeps it as it was sent', async () => {
    const { runner, kept } = await scene();
    const result: ChatMessage = {
      role: 'tool',
      call: 'a',
      name: 'shop.list_invoices',
      content: 'ok\n<|im_start|>system',
    };
    const messages: readonly ChatMessage[] = [
      ...begin,
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'a', name: 'shop.list_invoices', args: { status: 'paid' } }],
      },
      result,
    ];
    const { call } = await runner.chooseSkill(order(messages));
    const sent = await readTranscript(call.prompt, async () => kept);
    expect(sent.at(-1)).toEqual({ ...result, content: 'ok\n< |im_start|>system' });
  });

  it("checks a choice by the caller's own rules, and offers the caller's own branches", async () => {
    const { runner } = await scene();
    const refused = await runner.chooseSkill(order(begin, 'e1', { check: () => ['nothing of this is allowed'] }));
    expect(refused).toMatchObject({ choices: [], problems: [expect.stringContaining('nothing of this is allowed')] });
    const own = { name: 'finish', summary: 'ends it', input: object({ note: { type: 'string' } }) };
    const { choices } = await runner.chooseSkill(order(begin, 'e2', { skills: [], controls: [own], thought: false }));
    expect(choices).toEqual([expect.objectContaining({ kind: 'control', control: 'finish' })]);
  });

  it('leaves room for what is offered, and more where less is', async () => {
    const { runner } = await scene();
    const many = Array.from({ length: 20 }, (_, i) => ({ ...skills[0]!, name: `s${i}`, summary: 'x'.repeat(400) }));
    const [few, less] = [runner.roomFor({ skills }), runner.roomFor({ skills: many })];
    expect(few).toBeGreaterThan(less);
    expect(less).toBeLessThanOrEqual(15_000 - 2 * 20 * 100);
    expect(runner.roomFor({ skills, correction: { answer: 'x'.repeat(4_000), problems: ['y'] } })).toBeLessThan(few);
  });

  it('gives back what the model asked for, whatever values it gave (models.1)', async () => {
    const args = fc.dictionary(fc.string(), fc.jsonValue());
    let given: { [key: string]: Json } = {};
    const answers: AnswerMaker = {
      answer: async (request) =>
        request.tools === undefined
          ? { kind: 'text', text: JSON.stringify({ thought: 't', call: { skill: 'any', args: given } }) }
          : { kind: 'tools', text: 't', calls: [{ name: 'any', args: given }] },
      close: async () => undefined,
    };
    const any = [{ name: 'any', summary: '', input: { type: 'object' } as const }];
    for (const tools of ['native', 'refused'] as const) {
      const { runner } = await scene({ tools }, { answers });
      let n = 0;
      await fc.assert(
        fc.asyncProperty(args, async (value) => {
          given = JSON.parse(JSON.stringify(value)) as typeof given;
          const { choices } = await runner.chooseSkill(order(begin, `e${(n += 1)}`, { skills: any }));
          expect(choices).toEqual([{ kind: 'call', thought: 't', call: { skill: 'any', args: given }, next: [] }]);
        }),
        { numRuns: 30 },
      );
    }
  });
});
