import {
  NO_COST,
  actionText,
  type BlobStore,
  type ChatAnswer,
  type Effect,
  type Json,
  type ModelCall,
  type Models,
  type SkillManifest,
  type ToolCall,
} from '@praxis/core';
import { PromptRunner, loadPrompts } from '@praxis/inference';
import { SkillActor } from './skill-actor.js';

const skill = (name: string): SkillManifest => ({
  name,
  summary: `sends ${name}`,
  parameters: [{ name: 'customer', type: 'string' }],
  input: {
    type: 'object',
    properties: { customer: { type: 'string', enum: ['ada', 'bob'] } },
    required: ['customer'],
    additionalProperties: false,
  },
  effect: 'irreversible',
  keyed: true,
  source: 'http:shop',
});
const blobs: BlobStore = { keep: async () => undefined, read: async () => new Map(), readAll: async () => new Map() };
const signal = new AbortController().signal;

/** An actor whose model calls one tool after the other, each checked as real answers are. */
function scene(says: readonly Omit<ToolCall, 'id'>[], names: readonly string[], denied: readonly string[] = []) {
  const calls: ModelCall[] = [];
  const call: Models['call'] = async (asked) => {
    const said = says[calls.push(asked) - 1]!;
    const answer: ChatAnswer = {
      text: '',
      reasoning: '',
      toolCalls: [{ id: 'c1', ...said }],
      value: null,
      finish: 'tool-calls',
      usage: { input: 1, cached: 0, output: 1, reasoning: 0 },
    };
    const wrong = asked.check!(answer);
    return {
      answer: wrong.length === 0 ? answer : null,
      problem: wrong.join('; '),
      model: 'm',
      node: 'n',
      cost: { ...NO_COST, calls: 1, tokens: 9 },
      choices: [],
    };
  };
  const actor = new SkillActor({
    promptRunner: new PromptRunner(
      { call, embed: () => Promise.reject(new Error('nobody embeds here')), estimate: () => NO_COST },
      blobs,
      { contextTokens: 16_000, answerTokens: 200 },
    ),
    prompts: loadPrompts(null),
    skills: names.map(skill),
    denied,
    title: 'go',
    request: 'remind whoever has not paid',
    constraints: [],
    checks: { c1: { judge: 'everybody who has not paid is reminded', of: [], votes: 1, passAt: 1 } },
    inputs: {},
    tools: [],
    files: async () => [],
    place: { run: 'r-1', stream: 'subgoal/r-1.1.1.1', urgency: 1, deadline: null },
    seed: '1',
    models: {},
  });
  return { actor, calls, offered: () => calls.at(-1)!.request.tools!.map((t) => t.name) };
}

const propose = (more: object = {}): Extract<Effect, { kind: 'propose' }> => {
  const memory = { done: [], problems: [] };
  const context = { condition: '(check c1)', failures: [], suggested: [], memory, answers: [], ...more };
  return { kind: 'propose', id: 'e1', by: 'actor', count: 1, context: context as Json };
};

describe('SkillActor', () => {
  it('offers twenty skills at most, what the plan suggests first, and none that is denied (skill-actor.1)', async () => {
    const many = Array.from({ length: 30 }, (_, i) => `letter_${i}`);
    const { actor, offered } = scene([{ name: 'letter_29', args: { customer: 'ada' } }], many, ['letter_3']);
    await actor.propose(propose({ suggested: [{ skill: 'letter_29', args: { customer: 'ada' } }] }), signal);
    expect(offered()[0]).toBe('letter_29');
    expect(offered()).not.toContain('letter_3');
    expect(offered().filter((name) => name.startsWith('letter_'))).toHaveLength(20);
  });

  it('asks for a call that fits the schema of its skill, or an end with an answer (skill-actor.2)', async () => {
    const { actor, calls } = scene([{ name: 'remind', args: { customer: 'ada' } }], ['remind']);
    const { candidates } = await actor.propose(propose(), signal);
    expect(candidates).toMatchObject([{ kind: 'act', action: { skill: 'remind', args: { customer: 'ada' } } }]);
    const offered = new Map(calls[0]!.request.tools!.map((tool) => [tool.name, tool.parameters]));
    expect(offered.get('remind')).toMatchObject({ properties: { customer: { enum: ['ada', 'bob'] } } });
    expect(offered.get('done')).toMatchObject({ required: ['answer'] });
    const ends = scene([{ name: 'done', args: { answer: 'ada is reminded' } }], ['remind']);
    expect((await ends.actor.propose(propose(), signal)).candidates).toMatchObject([
      { kind: 'done', answer: 'ada is reminded' },
    ]);
  });

  it('proposes no call that was refused for the rest of the run, and says so (skill-actor.2)', async () => {
    const action = { skill: 'remind', args: { customer: 'ada' } };
    const { actor } = scene([{ name: 'remind', args: action.args }], ['remind']);
    const failures = [{ action: actionText(action), code: 'denied', message: 'no', facts: [], permanent: true }];
    expect(await actor.propose(propose({ failures }), signal)).toMatchObject({
      candidates: [],
      note: expect.stringContaining('refused for the rest of the run') as string,
    });
  });

  it('taints what a model says, though it has read nothing strange (skill-actor.3)', async () => {
    const { actor } = scene([{ name: 'remind', args: { customer: 'ada' } }], ['remind']);
    const { candidates } = await actor.propose(propose(), signal);
    expect(candidates).toMatchObject([{ taint: ['model'] }]);
  });

  it('shows the goal in words, and what the calls so far gave', async () => {
    const { actor, calls } = scene([{ name: 'done', args: { answer: 'x' } }], ['remind']);
    const action = { skill: 'remind', args: { customer: 'ada' } };
    await actor.propose(
      propose({ calls: [{ action, outcome: 'ok', message: 'sent' }], results: ['(remind ada) -> $s1 = "sent"'] }),
      signal,
    );
    const said = calls[0]!.request.messages.map((m) => m.content).join('\n');
    expect(said).toContain('everybody who has not paid is reminded');
    expect(said).toContain('remind {"customer":"ada"} ->');
  });
});
