import * as fc from 'fast-check';
import { keyedRandom, type WorldState } from '@praxis/core';
import {
  Interpreter,
  PlanExplainer,
  parseCondition,
  parseDomain,
  parseProblem,
  type ExplainedPlan,
  type GroundAction,
} from '@praxis/search';
import { deOrder, type PartialOrder } from './de-order.js';

/** What an action needs and does, over the facts `(p0)` to `(p5)`; several actions make a random STRIPS domain. */
interface Recipe {
  readonly needs: readonly string[];
  readonly effects: readonly string[];
  /** A condition and what happens where it holds: a conditional effect, in a third of the actions. */
  readonly sometimes: readonly string[];
}

const FACTS = ['(p0)', '(p1)', '(p2)', '(p3)', '(p4)', '(p5)'];
const literals = (most: number) =>
  fc
    .uniqueArray(fc.record({ fact: fc.constantFrom(...FACTS), positive: fc.boolean() }), {
      maxLength: most,
      selector: (l) => l.fact,
    })
    .map((ls) => ls.map((l) => (l.positive ? l.fact : `(not ${l.fact})`)));
const literal = fc
  .record({ fact: fc.constantFrom(...FACTS), positive: fc.boolean() })
  .map((l) => (l.positive ? l.fact : `(not ${l.fact})`));
const sometimes = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.tuple(literal, literal) },
);
const recipe: fc.Arbitrary<Recipe> = fc.record({ needs: literals(2), effects: literals(3), sometimes });

class Case {
  readonly world: Interpreter;
  readonly plan: readonly GroundAction[];
  readonly goalText: string;
  readonly explained: ExplainedPlan;
  private readonly domain;
  private readonly problem;

  constructor(recipes: readonly Recipe[], start: readonly string[], seed: string) {
    const actions = recipes.map(
      (r, i) =>
        `(:action a${i} :precondition (and ${r.needs.join(' ')}) :effect (and ${r.effects.join(' ')} ${r.sometimes.length > 0 ? `(when ${r.sometimes.join(' ')})` : ''}))`,
    );
    this.domain = parseDomain(`(define (domain d) (:predicates ${FACTS.join(' ')}) ${actions.join(' ')})`);
    this.problem = parseProblem(
      `(define (problem p) (:domain d) (:init ${start.join(' ')}) (:goal (and)))`,
      this.domain,
    );
    this.world = new Interpreter(this.domain, this.problem);
    const plan: GroundAction[] = [];
    let state = this.world.initial();
    for (let i = 0; i < 8; i++) {
      const legal = this.world.legal(state);
      if (legal.length === 0) break;
      const chosen = legal[Math.floor(keyedRandom(seed, 'walk', i) * legal.length)]!;
      state = this.world.apply(chosen.action, chosen.args, state);
      plan.push(chosen);
    }
    this.plan = plan;
    const wanted = FACTS.filter((_, i) => keyedRandom(seed, 'goal', i) < 0.4).map((f) =>
      state.facts.includes(f) ? f : `(not ${f})`,
    );
    this.goalText = `(and ${wanted.join(' ')})`;
    this.explained = new PlanExplainer(this.domain, this.problem).explain(
      this.world.initial(),
      plan,
      parseCondition(this.goalText, this.domain, []),
    ) as ExplainedPlan;
  }

  /** What goes wrong when the steps are done in this order; null where the goal is reached. */
  fault(order: readonly number[]): string | null {
    let state: WorldState = this.world.initial();
    for (const i of order) {
      const { action, args } = this.plan[i]!;
      const possible = this.world.applicable(action, args, state);
      if (!possible.ok) return `step ${i} needs ${possible.violated}`;
      state = this.world.apply(action, args, state);
    }
    return this.world.violated(parseCondition(this.goalText, this.domain, []), state);
  }
}

/** One of the orders that a partial order allows, drawn by a seed. */
function linearise({ before }: PartialOrder, count: number, seed: string): readonly number[] {
  const order: number[] = [];
  while (order.length < count) {
    const ready = Array.from({ length: count }, (_, i) => i).filter(
      (i) => !order.includes(i) && [...before[i]!].every((k) => order.includes(k)),
    );
    if (ready.length === 0) throw new Error('the order is circular');
    order.push(ready[Math.floor(keyedRandom(seed, order.length) * ready.length)]!);
  }
  return order;
}

const explain = (domainText: string, problemText: string, plan: readonly string[]): ExplainedPlan => {
  const domain = parseDomain(domainText);
  const problem = parseProblem(problemText, domain);
  const steps = plan.map((text) => ({ action: text.split(' ')[0]!, args: text.split(' ').slice(1) }));
  return new PlanExplainer(domain, problem).explain(
    new Interpreter(domain, problem).initial(),
    steps,
    problem.goal,
  ) as ExplainedPlan;
};
const pairs = ({ before }: PartialOrder): string[] =>
  before.flatMap((set, i) => [...set].map((k) => `${k}<${i}`)).sort();

describe('deOrder', () => {
  it('allows only orders that still run and still reach the goal (de-order.1, de-order.2)', () => {
    fc.assert(
      fc.property(
        fc.array(recipe, { minLength: 1, maxLength: 6 }),
        fc.subarray(FACTS),
        fc.string({ minLength: 1 }),
        (recipes, start, seed) => {
          const one = new Case(recipes, start, seed);
          const order = deOrder(one.explained);
          for (let i = 0; i < 6; i++) expect(one.fault(linearise(order, one.plan.length, `${seed} ${i}`))).toBeNull();
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never asks for an order that the plan itself does not have', () => {
    fc.assert(
      fc.property(
        fc.array(recipe, { minLength: 1, maxLength: 6 }),
        fc.subarray(FACTS),
        fc.string({ minLength: 1 }),
        (recipes, start, seed) => {
          for (const [i, set] of deOrder(new Case(recipes, start, seed).explained).before.entries())
            for (const k of set) expect(k).toBeLessThan(i);
        },
      ),
    );
  });

  const lamps = `(define (domain lamps) (:predicates (on ?l) (dark)) (:functions (oil) (total-cost))
    (:action light :parameters (?l) :effect (and (on ?l) (not (dark)) (increase (total-cost) 1)))
    (:action read :precondition (not (dark)) :effect (and))
    (:action shut :effect (dark))
    (:action fill :effect (increase (oil) 1))
    (:action burn :precondition (>= (oil) 1) :effect (decrease (oil) 1)))`;
  const problem = (goal: string) =>
    `(define (problem p) (:domain lamps) (:objects a b) (:init (dark) (= (oil) 0) (= (total-cost) 0)) (:goal ${goal}))`;

  it('leaves steps that do not touch each other unordered, even where both cost something', () => {
    expect(pairs(deOrder(explain(lamps, problem('(and (on a) (on b))'), ['light a', 'light b'])))).toEqual([
      '0<2',
      '1<2',
    ]);
  });

  it('links a need to its last maker, and the start where nobody made it (de-order.1)', () => {
    const { links } = deOrder(explain(lamps, problem('(and (on a) (not (on b)))'), ['light a', 'light a']));
    expect(links).toEqual([
      { from: 1, to: 2, literal: '(on a)' },
      { from: -1, to: 2, literal: '(not (on b))' },
    ]);
  });

  it('keeps what would undo a link on its side (de-order.2)', () => {
    const order = deOrder(explain(lamps, problem('(dark)'), ['shut', 'light a', 'read', 'shut']));
    expect(pairs(order)).toEqual(['0<1', '1<2', '1<3', '2<3', '3<4']);
  });

  // de-order.4
  it('keeps a step with conditional effects where it is: later steps could make it do more than it did', () => {
    const vase = `(define (domain vase) (:predicates (wet) (broken) (clean))
      (:action shake :effect (when (wet) (broken)))
      (:action rinse :effect (wet))
      (:action admire :precondition (not (broken)) :effect (clean)))`;
    const order = deOrder(
      explain(vase, '(define (problem p) (:domain vase) (:init) (:goal (and (wet) (clean))))', [
        'shake',
        'rinse',
        'admire',
      ]),
    );
    expect(pairs(order)).toEqual(expect.arrayContaining(['0<1', '0<2']));
  });

  // de-order.4
  it('keeps the order of steps that undo each other before a step with conditional effects: it must find what it found', () => {
    const alarm = `(define (domain alarm) (:predicates (open) (loud))
      (:action unlock :effect (open))
      (:action lock :effect (not (open)))
      (:action arm :effect (when (open) (loud))))`;
    const order = deOrder(
      explain(alarm, '(define (problem p) (:domain alarm) (:init) (:goal (not (loud))))', ['unlock', 'lock', 'arm']),
    );
    expect(pairs(order)).toEqual(expect.arrayContaining(['0<1', '0<2', '1<2']));
  });

  it('keeps the order of steps that touch one number (de-order.3)', () => {
    const order = deOrder(explain(lamps, problem('(and)'), ['fill', 'light a', 'burn', 'fill', 'burn']));
    // Each after the last one, and so after all.
    expect([...order.before[2]!]).toEqual([0]);
    expect([...order.before[3]!]).toEqual([2]);
    expect([...order.before[4]!]).toEqual([3]);
    expect(order.before[1]!.size).toBe(0);
  });

  it('asks for no more orders than a long plan has steps where one fact is made and unmade all the time', () => {
    const [on, off] = [
      { needs: ['(not (lit))'], makes: ['(lit)'] },
      { needs: ['(lit)'], makes: ['(not (lit))'] },
    ];
    const steps = Array.from({ length: 10_000 }, (_, i) => ({
      ...(i % 2 ? off : on),
      numbers: [],
      isConditional: false,
    }));
    const order = deOrder({ steps, goal: ['(not (lit))'] } as unknown as ExplainedPlan);
    expect(order.before.reduce((sum, set) => sum + set.size, 0)).toBeLessThan(3 * steps.length);
  });

  it('asks for no more orders than a long plan has steps, whatever its steps share', () => {
    const count = 10_000;
    const step = (i: number, isConditional: boolean) => ({
      ...action(i),
      needs: [`(at s${i})`],
      makes: [`(at s${i + 1})`, `(not (at s${i}))`],
      numbers: ['(fuel)'],
      isConditional,
    });
    const action = (i: number) => ({ action: 'go', args: [`s${i}`], expects: { numbers: {} } });
    for (const isConditional of [false, true]) {
      const steps = Array.from({ length: count }, (_, i) => step(i, isConditional && i % 100 === 0));
      const order = deOrder({ steps, goal: [`(at s${count})`] } as unknown as ExplainedPlan);
      expect(order.before.reduce((sum, set) => sum + set.size, 0)).toBeLessThan(3 * count);
    }
  });
});
