import { literalHolds, makeState, orderNodes, validatePlan, type Failure, type Plan, type Tool } from '@praxis/core';
import {
  Interpreter,
  PlanningModel,
  parseDomain,
  parseProblem,
  solve,
  type PlanRequest,
  type SearchResult,
} from '@praxis/search';
import { planBySearch, type PlanningTask, type Search } from './search-planner.js';

const domain = `(define (domain depot)
  (:types robot place box)
  (:predicates (at ?r - robot ?p - place) (link ?p ?q - place) (in ?b - box ?p - place) (has ?r - robot ?b - box) (charged ?r - robot) (ordered ?b - box) (stored ?b - box))
  (:derived (stored ?b) (exists (?p - place) (in ?b ?p)))
  (:action go :parameters (?r - robot ?p ?q - place) :precondition (and (at ?r ?p) (link ?p ?q)) :effect (and (not (at ?r ?p)) (at ?r ?q)))
  (:action take :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (in ?b ?p)) :effect (and (has ?r ?b) (not (in ?b ?p))))
  (:action put :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (has ?r ?b)) :effect (and (in ?b ?p) (not (has ?r ?b))))
  (:action charge :parameters (?r - robot) :effect (charged ?r))
  (:action order :parameters (?b - box) :effect (ordered ?b)))`;
const problem = `(define (problem p) (:domain depot) (:objects r1 r2 - robot gate shop - place b1 b2 - box)
  (:init (at r1 gate) (at r2 shop) (link gate shop) (link shop gate) (in b1 gate) (in b2 shop)) (:goal (and (in b1 shop) (in b2 gate))))`;
const start = makeState([
  '(at r1 gate)',
  '(at r2 shop)',
  '(link gate shop)',
  '(link shop gate)',
  '(in b1 gate)',
  '(in b2 shop)',
]);

const task = (more: Partial<PlanningTask> = {}): PlanningTask => ({
  domain,
  problem,
  condition: '(and (in b1 shop) (in b2 gate))',
  agents: ['r1', 'r2'],
  tools: [],
  state: start,
  failures: [],
  version: 1,
  keep: [],
  evaluated: 10_000,
  ...more,
});
const signal = new AbortController().signal;
const stats = { facts: 0, operators: 0, expanded: 0, evaluated: 7, generated: 0, milliseconds: 0 };
const step = (text: string) => ({ action: text.split(' ')[0]!, args: text.split(' ').slice(1), cost: 1 });
const solved = (...steps: readonly string[]): SearchResult => ({
  kind: 'solved',
  steps: steps.map(step),
  cost: steps.length,
  optimal: false,
  stats,
});

/** A search that answers from a list and keeps what it was asked. */
function scripted(...answers: readonly SearchResult[]): Search & { readonly asked: PlanRequest[] } {
  const asked: PlanRequest[] = [];
  return Object.assign((request: PlanRequest) => Promise.resolve(answers[asked.push(request) - 1]!), { asked });
}
const real: Search = (request) => Promise.resolve(solve(request));
const planOf = async (made: PlanningTask, search: Search): Promise<Plan> => {
  const { plan, ...rest } = await planBySearch(made, search, signal);
  if (plan === null) throw new Error(JSON.stringify(rest));
  return plan;
};

describe('planBySearch', () => {
  it('turns what was found into subgoals with owners, conditions, order and named arguments', async () => {
    const plan = await planOf(
      task(),
      scripted(
        solved(
          'take r1 b1 gate',
          'go r1 gate shop',
          'take r2 b2 shop',
          'go r2 shop gate',
          'put r1 b1 shop',
          'put r2 b2 gate',
        ),
      ),
    );
    expect(plan.nodes.map(({ id, owner, after, post, cost }) => ({ id, owner, after, post, cost }))).toEqual([
      { id: '1.1', owner: 'r1', after: [], post: '(in b1 shop)', cost: 3 },
      { id: '1.2', owner: 'r2', after: [], post: '(in b2 gate)', cost: 3 },
    ]);
    expect(plan.nodes[0]!.steps[1]).toEqual({ skill: 'go', args: { r: 'r1', p: 'gate', q: 'shop' } });
    expect(plan.nodes[0]!.pre).toEqual(expect.arrayContaining(['(at r1 gate)', '(in b1 gate)']));
  });

  it('passes on everything the search should know', async () => {
    const guard: Tool = {
      id: 't-1',
      space: 's',
      domain: 'depot',
      title: '',
      trust: 'active',
      createdAt: 0,
      body: { kind: 'guard', action: 'take', parameters: ['?r', '?b', '?p'], requires: '(charged ?r)' },
      evidence: { subgoals: [], successes: 0, failures: 0, pairs: 0, wins: 0, losses: 0, eValue: 1 },
    };
    const failure: Failure = { action: '(charge r2)', code: 'not-applicable', facts: [] };
    const search = scripted(solved('charge r1', 'take r1 b1 gate'));
    await planOf(task({ tools: [guard], failures: [failure], condition: '(has r1 b1)', evaluated: 99 }), search);
    expect(search.asked[0]).toMatchObject({
      state: start,
      goal: '(has r1 b1)',
      guards: [{ action: 'take', requires: '(charged ?r)' }],
      avoid: [{ action: '(charge r2)', while: ['(not (charged r2))'] }],
      budget: { evaluated: 99 },
      landmarks: true,
    });
  });

  it('forgets the failures where they leave no way at all', async () => {
    const search = scripted({ kind: 'unsolvable', reason: 'x', stats }, solved('charge r1'));
    await planOf(
      task({ condition: '(charged r1)', failures: [{ action: '(charge r1)', code: 'not-applicable', facts: [] }] }),
      search,
    );
    expect(search.asked[1]!.avoid).toBeUndefined();
  });

  it('keeps the nodes that stay, and numbers the new ones by the version', async () => {
    const first = await planOf(task({ condition: '(has r1 b1)' }), scripted(solved('take r1 b1 gate')));
    const second = await planOf(
      task({ condition: '(charged r1)', version: 2, keep: first.nodes }),
      scripted(solved('charge r1')),
    );
    expect(second).toMatchObject({ version: 2, nodes: [first.nodes[0], { id: '2.1', post: '(charged r1)' }] });
  });

  it('makes an empty plan where nothing is to be done', async () => {
    expect(await planOf(task({ condition: '(at r1 gate)' }), scripted(solved()))).toEqual({ version: 1, nodes: [] });
  });

  it('does not believe the search: a plan that does not run is refused', async () => {
    expect(await planBySearch(task(), scripted(solved('take r1 b2 gate')), signal)).toMatchObject({
      plan: null,
      reason: expect.stringMatching(/fails the check at step 1: .*\(in b2 gate\)/),
      evaluated: 7,
    });
    expect(await planBySearch(task(), scripted(solved('take r1 b1 gate')), signal)).toMatchObject({
      plan: null,
      reason: expect.stringContaining('step 2'),
    });
  });

  it.each<[SearchResult, RegExp]>([
    [
      { kind: 'unsolvable', reason: 'no way to shop', stats },
      /proved unsolvable in the rules that are known: no way to shop/,
    ],
    [{ kind: 'spent', budget: 'evaluated', stats }, /within 10000 evaluated states.*larger budget/],
    [{ kind: 'spent', budget: 'memory', stats }, /the budget of memory/],
    [{ kind: 'cancelled', stats }, /cancelled/],
  ])('says why there is no plan: %j', async (result, reason) => {
    expect(await planBySearch(task(), scripted(result), signal)).toMatchObject({
      plan: null,
      reason: expect.stringMatching(reason),
    });
  });

  it('gives plans of the real search that stand the check and, node after node, reach the goal', async () => {
    const plan = await planOf(task(), real);
    const model = new PlanningModel({ domain, problem });
    const goal = model.goalLiterals(task().condition);
    expect(
      validatePlan(plan, { agents: ['r1', 'r2'], skills: ['go', 'take', 'put', 'charge'], goal, holding: [] }),
    ).toEqual([]);
    const parsed = parseDomain(domain);
    const world = new Interpreter(parsed, parseProblem(problem, parsed));
    const end = orderNodes(plan.nodes)!
      .flatMap((n) => n.steps)
      .reduce((state, s) => world.apply(s.skill, Object.values(s.args).map(String), state), start);
    for (const literal of goal) expect(literalHolds(literal, end)).toBe(true);
  });
});

describe('goalLiterals', () => {
  const model = new PlanningModel({ domain, problem });
  it.each([
    ['(and (in b1 shop) (not (charged r1)))', ['(in b1 shop)', '(not (charged r1))']],
    ['( AND (IN b1   Shop) ; where it belongs\n (ordered b1))', ['(in b1 shop)', '(ordered b1)']],
    ['', ['(in b1 shop)', '(in b2 gate)']],
    ['(or (in b1 shop) (in b1 gate))', []],
    ['(and (in b1 shop) (exists (?r - robot) (has ?r b1)))', ['(in b1 shop)']],
    ['(and (in b1 shop) (or (has r1 b1) (has r2 b1)))', ['(in b1 shop)']],
    ['(and)', []],
  ])('reads %j', (condition, literals) => expect(model.goalLiterals(condition)).toEqual(literals));

  it('leaves out what follows by rules, so that a plan for it stands the check', async () => {
    const condition = '(and (stored b1) (charged r2))';
    const goal = model.goalLiterals(condition);
    expect(goal).toEqual(['(charged r2)']);
    const holding = makeState([...start.facts.filter((f) => f !== '(in b1 gate)'), '(has r1 b1)']);
    const plan = await planOf(task({ condition, state: holding }), real);
    expect(
      validatePlan(plan, { agents: ['r1', 'r2'], skills: ['go', 'take', 'put', 'charge'], goal, holding: [] }),
    ).toEqual([]);
  });
});
