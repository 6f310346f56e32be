import { readFileSync } from 'node:fs';
import { makeAction, makeFailure, splitConjunction, type ChatMessage, type Json, type WorldState } from '@praxis/core';
import { Interpreter, PlanningModel, printFormula, solve } from '@praxis/search';
import { PlainMaker } from '../plain-maker.js';
import { RuleMaker } from './rule-maker.js';

const world = (name: string, file: string): string =>
  readFileSync(new URL(`../../../../environments/worlds/${name}/${file}`, import.meta.url), 'utf8');
const domain = world('household', 'domain.pddl');
const agents: Readonly<Record<string, readonly string[]>> = { 'breakfast-a': ['robby'], 'dinner-a': ['robby', 'ruby'] };

function scenario(name: string) {
  const problem = world('household', `scenarios/${name}.pddl`);
  const model = new PlanningModel({ domain, problem });
  const interpreter = new Interpreter(model.domain, model.problem);
  return {
    problem,
    model,
    interpreter,
    start: interpreter.initial(),
    goal: printFormula(model.problem.goal),
    agents: agents[name] ?? [],
  };
}

function maker(noise = 0): RuleMaker {
  return new RuleMaker({
    think: (request) => Promise.resolve(solve(request)),
    otherwise: new PlainMaker({ text: 'echo', seed: 's' }),
    seed: 's',
    noise,
  });
}

const blocks = (all: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(all)
    .map(([name, text]) => `Some words.\n\n\`\`\`${name}\n${typeof text === 'string' ? text : text.join('\n')}\n\`\`\``)
    .join('\n\n');

async function ask(
  name: string,
  content: string | readonly ChatMessage[],
  by = maker(),
): Promise<{ readonly [key: string]: Json }> {
  const messages = typeof content === 'string' ? [{ role: 'user' as const, content }] : content;
  const made = await by.answer(
    { messages, stable: 0, maxTokens: 1_000, answer: { name, schema: { type: 'object' } } },
    new AbortController().signal,
  );
  if (made.kind !== 'text') throw new Error('not a text');
  return JSON.parse(made.text);
}

const facts = (state: WorldState): readonly string[] => [
  ...state.facts,
  ...Object.entries(state.numbers).map(([t, v]) => `(= ${t} ${v})`),
];
const terms = (steps: readonly { readonly action: string; readonly args: readonly string[] }[]): readonly string[] =>
  steps.map((s) => `(${[s.action, ...s.args].join(' ')})`);

interface Subgoal {
  readonly owner: string | null;
  readonly after: readonly number[];
  readonly achieves: string;
  readonly steps: readonly string[];
}

describe('meta_plan by rules', () => {
  for (const name of ['breakfast-a', 'dinner-a']) {
    // group-steps.3
    it(`makes a plan of ${name} whose parts end in what they achieve and together reach the goal`, async () => {
      const { problem, interpreter, model, start, goal, agents } = scenario(name);
      const answer = await ask('meta_plan', blocks({ domain, problem, facts: facts(start), goal, agents }));
      const subgoals = answer['subgoals'] as unknown as readonly Subgoal[];
      expect(answer['questions']).toEqual([]);
      expect(subgoals.length).toBeGreaterThan(agents.length);
      let state = start;
      for (const { steps, achieves, owner } of subgoals) {
        for (const [action, ...args] of steps.map((s) => s.slice(1, -1).split(' '))) {
          state = interpreter.apply(action!, args, state);
          expect(args).toContain(owner);
        }
        expect(model.holds(achieves, state)).toBe(true);
      }
      expect(model.holds(goal, state)).toBe(true);
    });
  }

  it('lets agents work side by side: any order that `after` allows works, the reverse one too', async () => {
    const { problem, interpreter, model, start, goal, agents } = scenario('dinner-a');
    const subgoals = (await ask('meta_plan', blocks({ domain, problem, facts: facts(start), goal, agents })))[
      'subgoals'
    ] as unknown as readonly Subgoal[];
    expect(new Set(subgoals.filter((s) => s.after.length === 0).map((s) => s.owner)).size).toBe(2);
    let state = start;
    const done = new Set<number>();
    while (done.size < subgoals.length) {
      // The last that may begin: as far from the order of the plan as can be.
      const next = subgoals.findLastIndex((s, i) => !done.has(i + 1) && s.after.every((a) => done.has(a)));
      for (const [action, ...args] of subgoals[next]!.steps.map((s) => s.slice(1, -1).split(' ')))
        state = interpreter.apply(action!, args, state);
      expect(model.holds(subgoals[next]!.achieves, state)).toBe(true);
      done.add(next + 1);
    }
    expect(model.holds(goal, state)).toBe(true);
  });

  it('plans with what was learned, and leaves out lessons that do not fit the rules', async () => {
    const { problem, start, agents } = scenario('breakfast-a');
    const lessons = [
      'keep the doors shut',
      '(fly ?r) also needs (dry ?r)',
      '(take-from ?r ?i ?c ?p) also needs (open ?c)',
      'before (take-from ?r ?i ?c ?p), unless (open ?c), do (open ?r ?c ?p)',
    ];
    const steps = async (more: object): Promise<readonly string[]> =>
      (
        (
          await ask(
            'meta_plan',
            blocks({ domain, problem, facts: facts(start), goal: '(on milk counter)', agents, ...more }),
          )
        )['subgoals'] as unknown as readonly Subgoal[]
      ).flatMap((s) => s.steps);
    expect(await steps({})).not.toContain('(open robby fridge kitchen)');
    expect(await steps({ lessons })).toContain('(open robby fridge kitchen)');
  });

  it('asks where there is no way, and says why where the goal cannot be read', async () => {
    const { problem, start } = scenario('breakfast-a');
    const impossible = await ask(
      'meta_plan',
      blocks({ domain, problem, facts: facts(start), goal: '(on table table)' }),
    );
    expect(impossible).toMatchObject({ subgoals: [], questions: [expect.stringMatching(/table/)] });
    const noWay = await ask(
      'meta_plan',
      blocks({ domain, problem, facts: facts(start), goal: '(linked kitchen dining-room)' }),
    );
    expect(noWay).toMatchObject({ subgoals: [], questions: [expect.stringContaining('no plan reaches the goal')] });
  });
});

describe('next_action by rules', () => {
  it('does not try again what failed while the same facts hold, and does when they have changed', async () => {
    const { problem, interpreter, start } = scenario('breakfast-a');
    const state = interpreter.apply(
      'move',
      ['robby', 'hall', 'kitchen'],
      interpreter.apply('move', ['robby', 'dining-room', 'hall'], start),
    );
    const prompt = {
      domain,
      problem,
      facts: facts(state),
      goal: '(clean spoon)',
      actions: terms(interpreter.legal(state)),
    };
    const first = await ask('next_action', blocks(prompt));
    expect(first['action']).toBe('(pick-up robby spoon counter kitchen)');
    const told = makeFailure(
      makeAction('pick-up', ['r', 'i', 's', 'p'], ['robby', 'spoon', 'counter', 'kitchen']),
      'not-applicable',
      state,
    ).facts.join(' ');
    const failed = `(pick-up robby spoon counter kitchen): not-applicable, while ${told}`;
    expect((await ask('next_action', blocks({ ...prompt, failures: [failed] })))['action']).not.toBe(first['action']);
    expect(
      (
        await ask(
          'next_action',
          blocks({ ...prompt, plan: [first['action'] as string, '(rinse robby spoon kitchen)'], failures: [failed] }),
        )
      )['action'],
    ).not.toBe(first['action']);
    expect(told).toContain('(dry robby)');
    expect(
      (await ask('next_action', blocks({ ...prompt, failures: [failed.replace('(dry robby)', '')] })))['action'],
    ).toBe(first['action']);
  });

  it('reads what is told beside the facts of a failure for what it is: not as facts of then', async () => {
    const { problem, interpreter, start } = scenario('breakfast-a');
    const state = interpreter.apply(
      'move',
      ['robby', 'hall', 'kitchen'],
      interpreter.apply('move', ['robby', 'dining-room', 'hall'], start),
    );
    const action = '(pick-up robby spoon counter kitchen)';
    const prompt = {
      domain,
      problem,
      facts: facts(state),
      goal: '(clean spoon)',
      actions: terms(interpreter.legal(state)),
    };
    const chosen = async (failure: string): Promise<Json | undefined> =>
      (await ask('next_action', blocks({ ...prompt, failures: [`${action}: ${failure}`] })))['action'];
    const then = makeFailure(
      makeAction('pick-up', ['r', 'i', 's', 'p'], ['robby', 'spoon', 'counter', 'kitchen']),
      'not-applicable',
      state,
    ).facts.join(' ');
    expect(await chosen(`not-applicable, while ${then}; may have been missing: (open dishwasher)`)).not.toBe(action);
    const since = 'since then: (dry robby) became true, so it may be tried again';
    expect(
      await chosen(
        `not-applicable, while ${then.replace('(dry robby) ', '')}; may have been missing: (dry robby) (free robby); ${since}`,
      ),
    ).toBe(action);
    expect(await chosen(`not-applicable; ${since}`)).toBe(action);
    expect(await chosen('never again (denied by ann (too expensive); since then: nothing)')).not.toBe(action);
  });

  it("changes what was true of an action's objects, where nothing was, and then does it", async () => {
    const lamps = `(define (domain lamps) (:types lamp) (:predicates (plugged ?l - lamp) (lit ?l - lamp))
      (:action plug-in :parameters (?l - lamp) :precondition (and) :effect (plugged ?l))
      (:action switch-on :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l)))`;
    const actions = ['(plug-in right)', '(switch-on right)'];
    const failure = '(switch-on right): not-applicable, while nothing was true of its objects';
    const prompt = { domain: lamps, problem: '(:objects left right - lamp) (:init)', goal: '(lit right)', actions };
    const facts = ['(lit left)'];
    expect(await ask('next_action', blocks({ ...prompt, facts }))).toMatchObject({ action: '(switch-on right)' });
    expect(await ask('next_action', blocks({ ...prompt, facts, failures: [failure] }))).toMatchObject({
      action: '(plug-in right)',
    });
    const since = '; since then: (plugged right) became true, so it may be tried again';
    expect(
      await ask(
        'next_action',
        blocks({ ...prompt, facts: [...facts, '(plugged right)'], failures: [failure + since] }),
      ),
    ).toMatchObject({ action: '(switch-on right)' });
  });

  it('leaves the suggestion where one of its later steps is known to fail, instead of coming back to it again and again', async () => {
    const { problem, interpreter, start } = scenario('breakfast-a');
    const inHall = interpreter.apply('move', ['robby', 'dining-room', 'hall'], start);
    const inKitchen = interpreter.apply('move', ['robby', 'hall', 'kitchen'], inHall);
    const failed = makeFailure(
      makeAction('rinse', ['r', 'd', 'p'], ['robby', 'spoon', 'kitchen']),
      'not-applicable',
      interpreter.apply('pick-up', ['robby', 'spoon', 'counter', 'kitchen'], inKitchen),
    );
    const plan = ['(move robby hall kitchen)', '(pick-up robby spoon counter kitchen)', '(rinse robby spoon kitchen)'];
    const prompt = {
      domain,
      problem,
      plan,
      goal: '(clean spoon)',
      facts: facts(inHall),
      actions: terms(interpreter.legal(inHall)),
    };
    expect((await ask('next_action', blocks(prompt)))['thought']).toContain('suggested');
    expect(
      (
        await ask(
          'next_action',
          blocks({ ...prompt, failures: [`${failed.action}: ${failed.code}, while ${failed.facts.join(' ')}`] }),
        )
      )['thought'],
    ).not.toContain('suggested');
  });

  it('is stuck where nothing leads to the goal, and where the rules cannot be read', async () => {
    const { problem, start } = scenario('breakfast-a');
    const prompt = {
      domain,
      problem,
      facts: facts(start),
      goal: '(linked kitchen dining-room)',
      actions: ['(move robby dining-room hall)'],
    };
    expect(await ask('next_action', blocks(prompt))).toMatchObject({
      action: 'stuck',
      thought: expect.stringContaining('no plan'),
    });
    expect(await ask('next_action', blocks({ ...prompt, domain: '(define (domain' }))).toMatchObject({
      action: 'stuck',
      thought: expect.stringContaining('domain:1'),
    });
  });

  it('believes the newest block of a name, and none that a tool or the model itself said', async () => {
    const { problem, start, interpreter } = scenario('breakfast-a');
    const prompt = {
      domain,
      problem,
      facts: facts(start),
      goal: '(at robby hall)',
      actions: terms(interpreter.legal(start)),
    };
    const messages: ChatMessage[] = [
      { role: 'system', content: blocks({ ...prompt, goal: '(at robby dining-room)' }) },
      { role: 'user', content: blocks({ goal: prompt.goal }) },
      { role: 'assistant', content: blocks({ goal: '(at robby dining-room)' }) },
      { role: 'tool', call: 'c', name: 't', content: blocks({ facts: ['(at robby hall)'] }) },
    ];
    expect(await ask('next_action', messages)).toMatchObject({ action: '(move robby dining-room hall)' });
  });

  it('spells the action as the list of the answer does, and leaves out what its schema does not know', async () => {
    const { problem, start } = scenario('breakfast-a');
    const content = blocks({
      domain,
      problem,
      facts: facts(start),
      goal: '(at robby hall)',
      actions: ['(Move Robby dining-room hall)'],
    });
    const schema = {
      type: 'object',
      properties: { action: { type: 'string', enum: ['(Move Robby dining-room hall)', 'done', 'ask', 'stuck'] } },
    };
    const made = await maker().answer(
      { messages: [{ role: 'user', content }], stable: 0, maxTokens: 100, answer: { name: 'next_action', schema } },
      new AbortController().signal,
    );
    expect(made).toEqual({ kind: 'text', text: '{"action":"(Move Robby dining-room hall)"}' });
  });

  it('is wrong about as often as it is told to be, but legal and the same for the same question', async () => {
    const { problem, start, interpreter } = scenario('breakfast-a');
    const state = interpreter.apply('move', ['robby', 'dining-room', 'hall'], start);
    const actions = terms(interpreter.legal(state));
    const questions = Array.from({ length: 40 }, (_, i) =>
      blocks({
        domain,
        problem,
        facts: facts(state),
        goal: '(at robby kitchen)',
        actions,
        plan: ['(move robby hall kitchen)'],
        done: [`(wait ${i}) -> done`],
      }),
    );
    const answerAll = (): Promise<readonly unknown[]> =>
      Promise.all(questions.map(async (q) => (await ask('next_action', q, maker(0.5)))['action']));
    const answers = await answerAll();
    const wrong = answers.filter((a) => a !== '(move robby hall kitchen)').length;
    expect(wrong).toBeGreaterThan(8);
    expect(wrong).toBeLessThan(32);
    expect(answers.every((a) => actions.includes(a as string))).toBe(true);
    expect(await answerAll()).toEqual(answers);
  });
});

const ERRAND = '(and (on bowl counter) (clean bowl) (cooked bread))';

/** Acts as the answers say until the goal holds; `told` is what the prompt holds besides. */
async function walk(
  name: string,
  told: (state: WorldState) => Readonly<Record<string, string | readonly string[]>>,
  by = maker(),
): Promise<readonly string[]> {
  const { interpreter, start, agents } = scenario(name);
  let state = start;
  const done: string[] = [];
  for (let i = 0; i < 80; i++) {
    const actions = terms(interpreter.legal(state, { without: agents.slice(1) }));
    const { action } = await ask(
      'next_action',
      blocks({
        domain,
        goal: ERRAND,
        facts: facts(state),
        actions,
        done: done.map((d) => `${d} -> done`),
        ...told(state),
      }),
      by,
    );
    if (action === 'done') return done;
    expect(actions).toContain(action);
    const [skill, ...args] = (action as string).slice(1, -1).split(' ');
    state = interpreter.apply(skill!, args, state);
    done.push(action as string);
  }
  throw new Error(`no end after ${done.join(' ')}`);
}

describe('next_action by rules, from the start of a scenario to its goal', () => {
  it('goes to the goal and then says that it is done', async () => {
    const { problem } = scenario('breakfast-a');
    expect((await walk('breakfast-a', () => ({ problem }))).length).toBeGreaterThan(5);
  });

  it('follows the suggested steps while what is left of them works', async () => {
    const { problem, start } = scenario('breakfast-a');
    const found = solve({ domain, problem, state: start, goal: ERRAND });
    if (found.kind !== 'solved') throw new Error(found.kind);
    const plan = terms(found.steps);
    const by = new RuleMaker({
      think: () => Promise.reject(new Error('it searched')),
      otherwise: new PlainMaker({ text: 'echo', seed: 's' }),
      seed: 's',
    });
    expect(await walk('breakfast-a', () => ({ problem, plan }), by)).toEqual(plan);
  });

  it('needs no list of objects where facts, goal and suggested steps say what they are', async () => {
    const { problem, start } = scenario('breakfast-a');
    const found = solve({ domain, problem, state: start, goal: ERRAND });
    if (found.kind !== 'solved') throw new Error(found.kind);
    // In a wrong order, so that each step has to be searched for.
    const plan = terms(found.steps).toReversed();
    expect((await walk('breakfast-a', () => ({ plan }))).length).toBeGreaterThan(5);
  });

  it('goes on where a part of its actions was wrong', async () => {
    const { problem } = scenario('breakfast-a');
    expect((await walk('breakfast-a', () => ({ problem }), maker(0.2))).length).toBeGreaterThan(5);
  });
});

describe('judgements by rules', () => {
  it('scores what leads on above what leads away, and what is impossible nothing', async () => {
    const { problem, start, interpreter } = scenario('breakfast-a');
    const inHall = interpreter.apply('move', ['robby', 'dining-room', 'hall'], start);
    const answer = await ask(
      'scores',
      blocks({
        domain,
        problem,
        facts: facts(inHall),
        goal: '(at robby kitchen)',
        candidates: [
          '1. (move robby hall kitchen)',
          '2. (move robby hall dining-room)',
          '3. (bake robby bread oven kitchen)',
          '4. something else',
        ],
      }),
    );
    expect(answer['scores']).toEqual([1, expect.closeTo(1 / 3, 2), 0, 0]);
  });

  it('agrees with a plan that works, and names the step or the fact where it does not', async () => {
    const { problem, start, goal } = scenario('breakfast-a');
    const found = solve({ domain, problem, state: start, goal });
    if (found.kind !== 'solved') throw new Error(found.kind);
    const plan = terms(found.steps);
    const prompt = { domain, problem, facts: facts(start), goal };
    expect(await ask('critique', blocks({ ...prompt, plan }))).toEqual({ agree: true, problems: [] });
    expect(await ask('critique', blocks({ ...prompt, plan: plan.slice(1) }))).toMatchObject({
      agree: false,
      problems: [expect.stringMatching(/^step \d+, /)],
    });
    expect(await ask('critique', blocks({ ...prompt, plan: plan.slice(0, -1) }))).toMatchObject({
      agree: false,
      problems: [expect.stringContaining('do not reach the goal')],
    });
    const subgoals = [`1. all; achieves ${goal}; by robby; steps ${plan.join(' ')}`];
    expect(await ask('critique', blocks({ domain, facts: facts(start), goal, subgoals }))).toEqual({
      agree: true,
      problems: [],
    });
  });

  it('misses what no subgoal without steps names', async () => {
    const { problem, start, goal } = scenario('breakfast-a');
    const literals = splitConjunction(goal);
    const line = (l: readonly string[]): readonly string[] => [`1. most; achieves (and ${l.join(' ')}); by robby`];
    expect(
      await ask('critique', blocks({ domain, problem, facts: facts(start), goal, subgoals: line(literals) })),
    ).toEqual({ agree: true, problems: [] });
    expect(
      await ask('critique', blocks({ domain, problem, facts: facts(start), goal, subgoals: line(literals.slice(1)) })),
    ).toEqual({ agree: false, problems: [`no subgoal brings about ${literals[0]}`] });
  });
});

describe('formal_goal by rules', () => {
  const { problem, start } = scenario('breakfast-a');
  const prompt = { domain, problem, facts: facts(start) };

  it('gives PDDL back, and asks where it names what does not exist', async () => {
    expect(await ask('formal_goal', blocks({ ...prompt, request: '(clean bowl)' }))).toMatchObject({
      kind: 'goal',
      condition: '(clean bowl)',
      question: '',
    });
    expect(await ask('formal_goal', blocks({ ...prompt, request: '(clean bowel)' }))).toMatchObject({
      kind: 'ask',
      condition: '',
      question: expect.stringContaining('bowel'),
    });
  });

  it('takes the scenario that reads like the request, and asks where none does', async () => {
    const scenarios = [
      'wash: all dishes are washed and clean (and (clean bowl) (clean spoon))',
      'bake: bread is baked (cooked bread)',
    ];
    expect(
      await ask('formal_goal', blocks({ ...prompt, scenarios, request: 'Please get the dishes washed' })),
    ).toMatchObject({ kind: 'goal', condition: '(and (clean bowl) (clean spoon))', question: '' });
    expect(await ask('formal_goal', blocks({ ...prompt, scenarios, request: 'Paint the fence' }))).toMatchObject({
      kind: 'ask',
      condition: '',
      question: expect.stringContaining('condition'),
    });
    expect(
      await ask(
        'formal_goal',
        blocks({ ...prompt, request: 'Paint the fence', answers: ['What exactly? -> (clean bowl)'] }),
      ),
    ).toMatchObject({ kind: 'goal', condition: '(clean bowl)', question: '' });
  });
});

describe('final_check by rules', () => {
  it('is unclear about every constraint: no rule understands what a person says about how', async () => {
    expect(
      await ask(
        'final_check',
        blocks({ constraints: ['by hand', 'first the cup'], steps: ['1. (rinse robby cup kitchen)'] }),
      ),
    ).toMatchObject({
      verdicts: [
        { constraint: 1, verdict: 'unclear' },
        { constraint: 2, verdict: 'unclear' },
      ],
    });
  });
});

describe('anything else', () => {
  it('is answered in plain text, or by JSON of the schema that is asked for', async () => {
    const made = await maker().answer(
      { messages: [{ role: 'user', content: 'Hello there' }], stable: 0, maxTokens: 100 },
      new AbortController().signal,
    );
    expect(made).toEqual({ kind: 'text', text: 'Hello there' });
    const schema = {
      type: 'object',
      properties: {
        mood: { type: 'string', enum: ['good', 'bad'] },
        size: { type: 'integer', minimum: 3, maximum: 4 },
      },
    };
    const other = await maker().answer(
      { messages: [{ role: 'user', content: 'x' }], stable: 0, maxTokens: 100, answer: { name: 'mood', schema } },
      new AbortController().signal,
    );
    expect(JSON.parse((other as { text: string }).text)).toEqual({
      mood: expect.stringMatching(/good|bad/),
      size: expect.any(Number),
    });
  });
});
