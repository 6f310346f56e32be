import { fold, goalSchema, makeState, type Action, type Plan, type Run, type RunEvent } from '@praxis/core';
import { checkPlan } from './check-plan.js';

const domain = `(define (domain depot) (:requirements :typing) (:types robot place box)
  (:predicates (at ?r - robot ?p - place) (in ?b - box ?p - place) (has ?r - robot ?b - box))
  (:action go :parameters (?r - robot ?p ?q - place) :precondition (at ?r ?p) :effect (and (not (at ?r ?p)) (at ?r ?q)))
  (:action take :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (in ?b ?p)) :effect (and (has ?r ?b) (not (in ?b ?p))))
  (:action put :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (has ?r ?b)) :effect (and (in ?b ?p) (not (has ?r ?b)))))`;
const problem = `(define (problem p) (:domain depot) (:objects r1 - robot gate shop - place b1 - box) (:init (at r1 gate) (in b1 gate)) (:goal (in b1 shop)))`;
const from = makeState(['(at r1 gate)', '(in b1 gate)']);

const go = (p: string, q: string): Action => ({ skill: 'go', args: { r: 'r1', p, q } });
const take: Action = { skill: 'take', args: { r: 'r1', b: 'b1', p: 'gate' } };
const put: Action = { skill: 'put', args: { r: 'r1', b: 'b1', p: 'shop' } };

function runOf(rules: string): Run {
  const goal = goalSchema.parse({
    title: 'box',
    world: 'pddl',
    condition: '(in b1 shop)',
    problem: { domain, problem },
  });
  const opened: RunEvent = {
    type: 'opened',
    session: 's',
    domainName: 'depot',
    domain: rules,
    problem,
    condition: '(in b1 shop)',
    agents: ['r1'],
    approvals: [],
    versions: { planning: 1, acting: 1 },
    tools: [],
  };
  return fold([{ type: 'accepted', goal }, opened])!;
}

/** Subgoals one after the other: what each promises, and its steps. */
function planOf(...subgoals: readonly (readonly [string, ...Action[]])[]): Plan {
  const nodes = subgoals.map(([post, ...steps], i) => ({
    id: `1.${i + 1}`,
    title: post,
    pre: [],
    post,
    after: i === 0 ? [] : [`1.${i}`],
    owner: 'r1',
    lane: 'default',
    steps,
    cost: steps.length,
  }));
  return { version: 1, nodes };
}

const check = (plan: Plan, rules = domain, isExact = false): Promise<readonly string[]> => {
  const world = { name: 'pddl', title: '', version: '1', domain: '', agents: [], skills: [], scenarios: [], can: [] };
  const describe = async () => ({
    name: 'x',
    lanes: [],
    worlds: [world],
    skills: [{ name: 'list-overdue', source: 'http:shop' }],
    strategies: [],
    busy: [],
    draining: false,
  });
  return checkPlan(plan, {
    run: runOf(rules),
    from,
    isExact,
    executor: { describe } as unknown as Parameters<typeof checkPlan>[1]['executor'],
  });
};

describe('the check of a plan', () => {
  it('has nothing against one that works', async () => {
    for (const isExact of [true, false])
      expect(
        await check(planOf(['(has r1 b1)', take], ['(in b1 shop)', go('gate', 'shop'), put]), domain, isExact),
      ).toEqual([]);
  });

  it('rejects no plan of a model for one suggested step that cannot be done, or for steps that stop short', async () => {
    expect(await check(planOf(['(has r1 b1)', take], ['(in b1 shop)', put]))).toEqual([]);
    expect(await check(planOf(['(has r1 b1)', go('gate', 'shop')], ['(in b1 shop)', put]))).toEqual([]);
  });

  it('finds the step that cannot be done in a plan by search, and says which step took away what it needs', async () => {
    expect(await check(planOf(['(has r1 b1)', take], ['(in b1 shop)', put]), domain, true)).toEqual([
      'subgoal 2 "(in b1 shop)" cannot do its step 1, (put r1 b1 shop): it needs (at r1 shop), which is not true then',
    ]);
    expect(
      await check(planOf(['(at r1 shop)', go('gate', 'shop')], ['(in b1 shop)', take, put]), domain, true),
    ).toEqual([
      'subgoal 2 "(in b1 shop)" cannot do its step 1, (take r1 b1 gate): it needs (at r1 gate), which is not true since step 1 of subgoal 1 "(at r1 shop)", (go r1 gate shop)',
    ]);
  });

  it('finds a goal that is promised and then destroyed, and says by which step', async () => {
    const back: readonly Action[] = [{ skill: 'take', args: { r: 'r1', b: 'b1', p: 'shop' } }];
    const plan = planOf(['(has r1 b1)', take], ['(in b1 shop)', go('gate', 'shop'), put], ['(has r1 b1)', ...back]);
    expect(await check(plan)).toEqual([
      'after all steps the goal does not hold: (in b1 shop) is missing, which is not true since step 1 of subgoal 3 "(has r1 b1)", (take r1 b1 shop)',
    ]);
  });

  it('finds a part of the goal that nobody brings about, also where no rules are known', async () => {
    for (const rules of [domain, ''])
      expect(await check(planOf(['(has r1 b1)', take]), rules)).toEqual([
        'no subgoal brings about (in b1 shop) of the goal',
      ]);
  });

  it('accepts a declared skill among the steps, which changes nothing in the world', async () => {
    const list: Action = { skill: 'list-overdue', args: {} };
    expect(await check(planOf(['(has r1 b1)', list, take], ['(in b1 shop)', go('gate', 'shop'), list, put]))).toEqual(
      [],
    );
    expect(await check(planOf(['(has r1 b1)', list, take], ['(in b1 shop)', list, put]), domain, true)).toEqual([
      expect.stringMatching(/^subgoal 2 ".*" cannot do its step 2, \(put r1 b1 shop\): ./),
    ]);
    expect(await check(planOf(['(has r1 b1)', { skill: 'fly', args: {} }, take], ['(in b1 shop)', put]))).toEqual([
      expect.stringContaining('fly, which no executor has'),
    ]);
  });

  it('says nothing of subgoals without steps: how they are done is found out on the way', async () => {
    expect(await check(planOf(['(has r1 b1)'], ['(in b1 shop)', put]))).toEqual([]);
  });
});
