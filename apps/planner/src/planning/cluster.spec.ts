import * as fc from 'fast-check';
import { keyedRandom, literalHolds, splitConjunction, type WorldState } from '@praxis/core';
import {
  Interpreter,
  PlanExplainer,
  parseCondition,
  parseDomain,
  parseProblem,
  type ExplainedPlan,
  type GroundAction,
} from '@praxis/search';
import { cluster, type Cluster } from './cluster.js';
import { deOrder } from './de-order.js';

const AGENTS = ['ann', 'bob'];
const DOMAIN = parseDomain(`(define (domain relay)
  (:types agent place box)
  (:predicates (at ?a - agent ?p - place) (in ?b - box ?p - place) (has ?a - agent ?b - box) (swept ?p - place) (open ?b - box))
  (:functions (dust))
  (:action go :parameters (?a - agent ?p ?q - place) :precondition (at ?a ?p) :effect (and (not (at ?a ?p)) (at ?a ?q)))
  (:action take :parameters (?a - agent ?b - box ?p - place) :precondition (and (at ?a ?p) (in ?b ?p)) :effect (and (has ?a ?b) (not (in ?b ?p))))
  (:action put :parameters (?a - agent ?b - box ?p - place) :precondition (and (at ?a ?p) (has ?a ?b)) :effect (and (in ?b ?p) (not (has ?a ?b))))
  (:action sweep :parameters (?a - agent ?p - place) :precondition (at ?a ?p) :effect (and (swept ?p) (decrease (dust) 1)))
  (:action shut :parameters (?a - agent ?b - box) :precondition (and (has ?a ?b) (open ?b)) :effect (not (open ?b)))
  (:action blow :parameters (?a - agent) :effect (decrease (dust) 2)))`);
const problemWith = (goal: string) =>
  parseProblem(
    `(define (problem p) (:domain relay) (:objects ann bob - agent hall loft yard - place crate tin - box)
    (:init (at ann hall) (at bob loft) (in crate hall) (in tin loft) (open crate) (open tin) (= (dust) 4)) (:goal ${goal}))`,
    DOMAIN,
  );
const START = problemWith('(and)');
const world = new Interpreter(DOMAIN, START);
const step = (text: string): GroundAction => ({ action: text.split(' ')[0]!, args: text.split(' ').slice(1) });

function explain(steps: readonly GroundAction[], goal: string): ExplainedPlan {
  const explained = new PlanExplainer(DOMAIN, START).explain(world.initial(), steps, problemWith(goal).goal);
  if ('brokenAt' in explained) throw new Error(explained.reason);
  return explained;
}

function clusters(
  steps: readonly string[],
  goal: string,
  rules: { least?: number; most?: number; marks?: readonly string[]; agents?: readonly string[] } = {},
): readonly Cluster[] {
  const plan = explain(steps.map(step), goal);
  const { least = 3, most = 12, marks = [], agents = AGENTS } = rules;
  return cluster(plan, deOrder(plan), { agents, marks: new Set([...marks, ...plan.goal]), least, most });
}

describe('cluster', () => {
  it('hands a box from one agent to the other with the right conditions between them', () => {
    const found = clusters(
      [
        'take ann crate hall',
        'go ann hall yard',
        'go bob loft yard',
        'put ann crate yard',
        'take bob crate yard',
        'shut bob crate',
      ],
      '(and (has bob crate) (not (open crate)))',
    );
    expect(found).toEqual([
      { owner: 'ann', steps: [0, 1, 3], after: [], pre: ['(at ann hall)', '(in crate hall)'], post: '(in crate yard)' },
      { owner: 'bob', steps: [2, 4], after: [0], pre: ['(at bob loft)', '(in crate yard)'], post: '(has bob crate)' },
      { owner: 'bob', steps: [5], after: [1], pre: ['(has bob crate)', '(open crate)'], post: '(not (open crate))' },
    ]);
  });

  it('lets agents who do not need each other work side by side', () => {
    const found = clusters(['take ann crate hall', 'take bob tin loft'], '(and (has ann crate) (has bob tin))');
    expect(found.map((c) => [c.owner, c.after])).toEqual([
      ['ann', []],
      ['bob', []],
    ]);
  });

  it('ends a subgoal at a landmark once it is long enough, and at its greatest length in any case', () => {
    const walk = ['go ann hall loft', 'go ann loft yard', 'go ann yard hall', 'go ann hall yard', 'go ann yard loft'];
    const sizes = (rules: object): number[] => clusters(walk, '(at ann loft)', rules).map((c) => c.steps.length);
    expect(sizes({})).toEqual([5]);
    expect(sizes({ marks: ['(at ann yard)'], least: 2 })).toEqual([2, 2, 1]);
    expect(sizes({ most: 2 })).toEqual([2, 2, 1]);
  });

  it('gives steps that name nobody to the only agent there is', () => {
    expect(clusters(['go ann hall loft'], '(at ann loft)', { agents: ['ann'] })[0]!.owner).toBe('ann');
    const [first] = clusters(['take ann crate hall'], '(has ann crate)', { agents: [] });
    expect(first!.owner).toBeNull();
  });

  it('asks for what the last step made where nobody relies on the subgoal (cluster.4)', () => {
    expect(clusters(['sweep ann hall'], '(and)')[0]!.post).toBe('(swept hall)');
  });

  it('never asks for nothing where a step changes numbers only: a subgoal that holds at once would not be done', () => {
    const [only] = clusters(['blow ann', 'blow ann', 'blow ann'], '(<= (dust) 0)');
    expect(only!.post).toBe('(= (dust) -2)');
    expect(world.holds(parseCondition(only!.post, DOMAIN, []), { facts: [], numbers: { '(dust)': -2 } })).toBe(true);
  });
});

/** A random walk of both agents, and facts that hold at its end as the goal. */
function randomPlan(seed: string): { plan: ExplainedPlan; steps: readonly GroundAction[] } {
  const steps: GroundAction[] = [];
  let state = world.initial();
  for (let i = 0; i < 12; i++) {
    const legal = world.legal(state).filter((a) => a.action !== 'blow' && a.action !== 'sweep');
    const chosen = legal[Math.floor(keyedRandom(seed, 'walk', i) * legal.length)]!;
    state = world.apply(chosen.action, chosen.args, state);
    steps.push(chosen);
  }
  const goal = state.facts.filter((_, i) => keyedRandom(seed, 'goal', i) < 0.4);
  return { plan: explain(steps, `(and ${goal.join(' ')})`), steps };
}

/** Lets the clusters run side by side, a step at a time, in an order drawn by a seed. */
function runSideBySide(found: readonly Cluster[], steps: readonly GroundAction[], seed: string): WorldState {
  let state = world.initial();
  const at = found.map(() => 0);
  const isDone = (c: number): boolean => at[c] === found[c]!.steps.length;
  for (let turn = 0; found.some((_, c) => !isDone(c)); turn++) {
    const ready = found.flatMap((f, c) => (!isDone(c) && f.after.every(isDone) ? [c] : []));
    expect(ready.length).toBeGreaterThan(0);
    const c = ready[Math.floor(keyedRandom(seed, turn) * ready.length)]!;
    if (at[c] === 0) for (const literal of found[c]!.pre) expect(literalHolds(literal, state)).toBe(true);
    const { action, args } = steps[found[c]!.steps[at[c]!]!]!;
    state = world.apply(action, args, state);
    at[c]!++;
    if (isDone(c))
      for (const literal of splitConjunction(found[c]!.post)) expect(literalHolds(literal, state)).toBe(true);
  }
  return state;
}

/** Everything a cluster waits for, directly or not. */
function ancestors(found: readonly Cluster[], c: number): ReadonlySet<number> {
  return new Set(found[c]!.after.flatMap((a) => [a, ...ancestors(found, a)]));
}

describe('cluster, over random plans of two agents', () => {
  const seeds = fc.record({
    seed: fc.string({ minLength: 1 }),
    least: fc.integer({ min: 1, max: 4 }),
    most: fc.integer({ min: 1, max: 6 }),
  });
  const make = ({ seed, least, most }: { seed: string; least: number; most: number }) => {
    const { plan, steps } = randomPlan(seed);
    const marks = new Set([
      ...plan.goal,
      ...['(has ann crate)', '(at bob yard)'].filter((_, i) => keyedRandom(seed, 'mark', i) < 0.5),
    ]);
    return { plan, steps, found: cluster(plan, deOrder(plan), { agents: AGENTS, marks, least, most }) };
  };

  it('puts every step into one cluster of its own agent, in the order of the plan (cluster.1)', () => {
    fc.assert(
      fc.property(seeds, (drawn) => {
        const { found, steps } = make(drawn);
        expect(found.flatMap((c) => c.steps).sort((a, b) => a - b)).toEqual(steps.map((_, i) => i));
        for (const c of found) {
          expect([...c.steps]).toEqual([...c.steps].sort((a, b) => a - b));
          for (const s of c.steps) expect(steps[s]!.args).toContain(c.owner);
        }
      }),
    );
  });

  it('has no circles, and chains the clusters of one agent (cluster.2, cluster.3)', () => {
    fc.assert(
      fc.property(seeds, (drawn) => {
        const { found } = make(drawn);
        const done = new Set<number>();
        for (let before = -1; before < done.size;) {
          before = done.size;
          found.forEach((c, i) => c.after.every((k) => done.has(k)) && done.add(i));
        }
        expect(done.size).toBe(found.length);
        for (const agent of AGENTS) {
          const mine = found.flatMap((c, i) => (c.owner === agent ? [i] : []));
          for (const [n, i] of mine.entries()) if (n > 0) expect([...ancestors(found, i)]).toContain(mine[n - 1]);
        }
      }),
    );
  });

  it('reaches the goal however the agents get on, with every pre and post true when its turn comes (cluster.4)', () => {
    fc.assert(
      fc.property(seeds, (drawn) => {
        const { found, steps, plan } = make(drawn);
        for (let i = 0; i < 3; i++) {
          const end = runSideBySide(found, steps, `${drawn.seed} ${i}`);
          for (const literal of plan.goal) expect(literalHolds(literal, end)).toBe(true);
        }
      }),
    );
  });
});
