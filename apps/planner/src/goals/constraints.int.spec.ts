import {
  NO_COST,
  goalSchema,
  readTranscript,
  runEvents,
  runStream,
  planningStream,
  stepEvents,
  type ChatMessage,
  type GoalInput,
  type Json,
  type ModelCall,
  type Models,
  type RunId,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { PromptRunner, loadPrompts, type ModelAccess } from '@praxis/inference';
import { solve } from '@praxis/search';
import { PlainMaker, RuleMaker } from '@praxis/simulator';
import { Rehearsal, stopTestPostgres } from '@praxis/testing';
import { Advance } from '../advance.js';
import { PlannerService } from '../api/planner-service.js';

let rehearsal: Rehearsal;
beforeAll(async () => (rehearsal = await Rehearsal.open()));
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

/** What models say by the kind of answer, one after the other, the last one again; everything else by rules. */
type Says = Readonly<Record<string, readonly object[]>>;

/** Planner and executor in process, with models that say what a test wants. */
class Stage {
  readonly calls: ModelCall[] = [];
  readonly parts: ReturnType<Rehearsal['parts']> & { readonly models: ModelAccess };
  readonly api: PlannerService;
  #isThere = true;

  constructor(says: Says) {
    const rules = new RuleMaker({
      think: async (request) => solve(request),
      otherwise: new PlainMaker({ text: 'lorem', seed: 's' }),
      seed: 's',
    });
    const value = async ({ request, signal }: ModelCall): Promise<Json> => {
      const name = request.answer!.name;
      const nth = this.calls.filter((c) => c.request.answer!.name === name).length - 1;
      const said = says[name]?.[Math.min(nth, says[name].length - 1)];
      if (said !== undefined) return said as Json;
      const made = await rules.answer(request, signal);
      return JSON.parse(made.kind === 'text' ? made.text : '{}') as Json;
    };
    const call: Models['call'] = async (asked) => {
      this.calls.push(asked);
      const told = await value(asked);
      const answer = {
        text: JSON.stringify(told),
        reasoning: '',
        toolCalls: [],
        value: told,
        finish: 'stop' as const,
        usage: { input: 90, cached: 0, output: 10, reasoning: 0 },
      };
      const wrong = asked.check?.(answer) ?? [];
      return {
        answer: wrong.length === 0 ? answer : null,
        problem: wrong.join('; '),
        model: 'm',
        node: 'n',
        cost: { ...NO_COST, calls: 1, tokens: 100 },
        choices: [],
      };
    };
    const models: Models = {
      call,
      embed: () => Promise.reject(new Error('nobody embeds here')),
      estimate: () => ({ ...NO_COST, calls: 1, tokens: 100 }),
    };
    const promptRunner = new PromptRunner(models, rehearsal.parts().store.blobs, {
      contextTokens: 16_384,
      answerTokens: 512,
    });
    this.parts = {
      ...rehearsal.parts(),
      models: { promptRunner, prompts: loadPrompts(null), isThere: async () => this.#isThere },
    };
    this.api = new PlannerService(this.parts);
  }

  async play(
    goal: GoalInput,
    before: (advance: Advance, run: RunId) => Promise<void> = async () => undefined,
  ): Promise<RunId> {
    const run = await this.api.submit(goalSchema.parse(goal), null);
    const advance = new Advance(this.parts);
    await before(advance, run);
    await rehearsal.play({ advance, execute: new Execute(this.parts) });
    return run;
  }

  /** From now on there is nobody to ask. */
  goAway(): void {
    this.#isThere = false;
  }

  async events(run: RunId) {
    return (await this.parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e));
  }

  saidTo(answer: string, nth = -1): string {
    const all = this.calls.filter((c) => c.request.answer!.name === answer);
    return (all.at(nth)?.request.messages ?? []).map((m) => m.content).join('\n');
  }
}

const WISH = 'Bitte die Milch auf den Tisch stellen, aber nicht durch den Flur';
const HOW = 'nicht durch den Flur';
const goal = (more: Partial<GoalInput> = {}): GoalInput => ({
  title: 'milk',
  world: 'household',
  scenario: 'breakfast-a',
  request: WISH,
  strategy: 'react',
  archive: { use: false, learn: false },
  budget: { whenSpent: 'fail' },
  ...more,
});
const understood = (...constraints: readonly string[]): object => ({
  thought: '',
  kind: 'goal',
  condition: '(on milk table)',
  constraints,
  question: '',
});
const verdict = (said: 'kept' | 'broken' | 'unclear', why = 'step 1'): object => ({
  verdicts: [{ constraint: 1, why, verdict: said }],
});
const ended = async (stage: Stage, run: RunId) => (await stage.events(run)).at(-1)!;

describe('a constraint of a request', () => {
  it("is told in every later prompt with the person's own words, pinned when the run opens, and never beside another goal", async () => {
    const stage = new Stage({ formal_goal: [understood(HOW)], final_check: [verdict('kept')] });
    const run = await stage.play(goal());
    expect(await ended(stage, run)).toMatchObject({ type: 'ended', outcome: 'done', reason: 'the goal holds' });
    expect((await stage.events(run)).find((e) => e.type === 'opened')).toMatchObject({
      condition: '(on milk table)',
      constraints: [HOW],
    });
    const kinds = new Set(stage.calls.map((c) => c.request.answer!.name));
    expect([...kinds].sort()).toEqual(['final_check', 'formal_goal', 'meta_plan', 'next_action']);
    for (const { request } of stage.calls) {
      const said = request.messages.map((m) => m.content).join('\n');
      expect(said).not.toMatch(/\(:goal/);
      if (request.answer!.name === 'formal_goal') continue;
      for (const part of [`\`\`\`request\n${WISH}\n\`\`\``, HOW]) expect(said).toContain(part);
    }
  });

  it('that was broken ends the run as failed, although the goal holds, and everybody who looks is told which and why', async () => {
    const stage = new Stage({ formal_goal: [understood(HOW)], final_check: [verdict('broken', 'step 1 goes there')] });
    const run = await stage.play(goal());
    expect(await ended(stage, run)).toMatchObject({
      outcome: 'failed',
      reason: `the goal holds, but the run broke what was asked for: "${HOW}" (step 1 goes there)`,
    });
    const view = await stage.api.get(run);
    expect(view).toMatchObject({
      summary: { status: 'failed' },
      constraints: [{ text: HOW, verdict: 'broken', why: 'step 1 goes there' }],
    });
    // What was understood, planned, acted and judged is counted.
    expect(view.summary.modelCalls).toBeGreaterThanOrEqual(4);
    expect(view.spent.tokens).toBe(stage.calls.length * 100);
    const { thoughts } = await stage.api.explain({ run, at: { plan: null }, prompts: true });
    expect(thoughts[0]).toMatchObject({
      by: 'grounder',
      results: [`asked for: ${WISH}`, 'understood as: (on milk table)', `constraint: ${HOW}`],
      record: { role: 'grounder', prompt: { name: 'formal-goal' } },
    });
    expect(thoughts.at(-1)).toMatchObject({
      by: 'judge',
      results: [`${HOW}: broken, step 1 goes there`],
      record: { prompt: { name: 'final-check' } },
    });
    expect(stage.saidTo('final_check')).toMatch(/```steps\n1\. \(move robby dining-room hall\) -> done/);
  });

  it.each([
    ['the judge cannot tell', [verdict('unclear', 'the steps do not say')], 'the steps do not say'],
    ['the judge says nothing of use', [{ verdicts: [] }], 'there is no verdict on constraint 1'],
  ])('is named as not checked in the result where %s', async (_, final_check, why) => {
    const stage = new Stage({ formal_goal: [understood(HOW)], final_check });
    const run = await stage.play(goal());
    expect(await ended(stage, run)).toMatchObject({
      outcome: 'done',
      reason: expect.stringContaining(`the goal holds; not checked: "${HOW}" (`),
    });
    expect((await stage.api.get(run)).constraints).toMatchObject([
      { verdict: 'unchecked', why: expect.stringContaining(why) },
    ]);
  });

  it('is judged whatever strategy carries the run out, and not checked where the model is gone by then', async () => {
    const says = { formal_goal: [understood(HOW)], final_check: [verdict('broken')] };
    const byRules = new Stage(says);
    expect(await ended(byRules, await byRules.play(goal({ strategy: 'search' })))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(HOW),
    });
    const left = new Stage(says);
    const run = await left.play(goal({ strategy: 'search' }), async (advance, id) => {
      await advance.pass(id, new AbortController().signal);
      left.goAway();
    });
    expect(await ended(left, run)).toMatchObject({
      outcome: 'done',
      reason: `the goal holds; not checked: "${HOW}" (no model is there to judge it)`,
    });
  });

  it('costs nothing where there is none', async () => {
    const stage = new Stage({ formal_goal: [understood()] });
    const run = await stage.play(goal());
    expect(await ended(stage, run)).toMatchObject({ outcome: 'done', reason: 'the goal holds' });
    expect((await stage.events(run)).find((e) => e.type === 'checked')).toEqual({ type: 'checked', holds: true });
    expect(stage.saidTo('final_check')).toBe('');
  });
});

describe('a request', () => {
  it('that cannot be done ends the run with that reason; nothing takes its place', async () => {
    const stage = new Stage({
      formal_goal: [
        { thought: '', kind: 'cannot', condition: '', constraints: [], question: 'nothing here brings pizza' },
      ],
    });
    const run = await stage.play(goal({ request: 'order a pizza' }));
    expect(await ended(stage, run)).toMatchObject({
      outcome: 'failed',
      reason: 'What was asked for cannot be done here: nothing here brings pizza (request: "order a pizza")',
    });
    expect(await stage.api.get(run)).toMatchObject({ summary: { status: 'failed' }, plan: null });
    expect(stage.calls).toHaveLength(1);
  });

  it('that leaves a choice is planned for and checked as that choice', async () => {
    const stage = new Stage({
      formal_goal: [
        {
          thought: '',
          kind: 'goal',
          condition: '(or (on milk table) (on milk moon-table) (on milk counter))',
          constraints: [],
          question: '',
        },
        {
          thought: '',
          kind: 'goal',
          condition: '(or (on milk table) (on milk counter))',
          constraints: [],
          question: '',
        },
      ],
    });
    const refused = await stage.play(goal());
    expect(await ended(stage, refused)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('there is no object moon-table'),
    });
    for (const strategy of ['search', 'react']) {
      const run = await stage.play(goal({ strategy }));
      expect((await stage.events(run)).find((e) => e.type === 'opened')).toMatchObject({
        condition: '(or (on milk table) (on milk counter))',
      });
      expect(await ended(stage, run)).toMatchObject({ outcome: 'done' });
    }
  });
});

const subgoal = (achieves: string, ...steps: readonly string[]): object => ({
  title: `bring about ${achieves}`,
  owner: 'robby',
  after: [],
  achieves,
  steps,
});
const plan = (...subgoals: readonly object[]): object => ({ thought: 'I walk.', subgoals, questions: [] });

describe('the second round of a planning', () => {
  it('shows the model its own plan, then what was wrong with it in its own numbers', async () => {
    const stage = new Stage({
      meta_plan: [plan(subgoal('(at robby hall)', '(move robby dining-room hall)')), plan(subgoal('(on milk table)'))],
    });
    const run = await stage.play(goal({ request: '', condition: '(on milk table)' }));
    expect(await ended(stage, run)).toMatchObject({ outcome: 'done' });
    const second = stage.calls.filter((c) => c.request.answer!.name === 'meta_plan')[1]!.request.messages;
    const [answer, correction] = second.slice(-2) as readonly ChatMessage[];
    expect(answer!.role).toBe('assistant');
    expect(JSON.parse(answer!.content)).toEqual(plan(subgoal('(at robby hall)', '(move robby dining-room hall)')));
    expect(correction).toMatchObject({
      role: 'user',
      content: expect.stringContaining('no subgoal brings about (on milk table) of the goal'),
    });
    // What is kept of it is what was sent.
    const proposed = (await stage.parts.store.journal.read(planningStream(run, 1)))
      .map((e) => stepEvents.decode(e))
      .filter((e) => e.type === 'proposed');
    const kept = await readTranscript(proposed[1]!.call!.prompt, (hashes) => stage.parts.store.blobs.readAll(hashes));
    expect(kept).toEqual(second);
  });

  it('is not needed for one suggested step that cannot be done: the steps before it stay', async () => {
    const steps = ['(move robby dining-room hall)', '(fly robby kitchen)', '(move robby hall kitchen)'];
    const impossible = ['(move robby dining-room hall)', '(pick-up robby milk counter kitchen)'];
    const stage = new Stage({
      critique: [{ problems: [], agree: true }],
      meta_plan: [plan(subgoal('(at robby kitchen)', ...steps), subgoal('(on milk table)', ...impossible))],
    });
    const run = await stage.play(goal({ request: '', condition: '(on milk table)' }));
    expect(await ended(stage, run)).toMatchObject({ outcome: 'done' });
    const planned = (await stage.events(run)).find((e) => e.type === 'planned')!;
    expect(planned.type === 'planned' && planned.plan.nodes.map((n) => n.steps.length)).toEqual([1, 2]);
    expect(stage.calls.filter((c) => c.request.answer!.name === 'meta_plan')).toHaveLength(1);
  });
});
