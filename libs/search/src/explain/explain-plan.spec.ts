import * as fc from 'fast-check';
import { applyChange, literalHolds, type WorldState } from '@praxis/core';
import { Interpreter } from '../interpret/interpreter.js';
import { parseCondition } from '../pddl/read/read-condition.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { PlanExplainer, type ExplainedPlan } from './explain-plan.js';

const DOMAIN = parseDomain(`(define (domain kitchen)
  (:types place thing)
  (:predicates (at ?p - place) (link ?p ?q - place) (in ?x - thing ?p - place) (held ?x - thing) (wet ?x - thing) (burning ?p - place) (safe ?p - place))
  (:functions (charge) (total-cost))
  (:derived (safe ?p) (not (burning ?p)))
  (:action go :parameters (?p ?q - place) :precondition (and (at ?p) (or (link ?p ?q) (link ?q ?p)) (safe ?q) (>= (charge) 1))
    :effect (and (not (at ?p)) (at ?q) (decrease (charge) 1) (increase (total-cost) 3)))
  (:action take :parameters (?x - thing ?p - place) :precondition (and (at ?p) (in ?x ?p)) :effect (and (held ?x) (not (in ?x ?p)) (increase (total-cost) 1)))
  (:action throw :parameters (?x - thing ?p - place) :precondition (and (held ?x) (at ?p))
    :effect (and (not (held ?x)) (in ?x ?p) (when (and (wet ?x) (burning ?p)) (not (burning ?p)))))
  (:action soak :parameters (?x - thing) :precondition (held ?x) :effect (and (wet ?x) (held ?x))))`);
const PROBLEM = parseProblem(
  `(define (problem p) (:domain kitchen) (:objects hall stove - place rag pan - thing)
  (:init (at hall) (link stove hall) (in rag hall) (in pan hall) (= (charge) 5) (= (total-cost) 0)) (:goal (and)) (:metric minimize (total-cost)))`,
  DOMAIN,
);
const explainer = new PlanExplainer(DOMAIN, PROBLEM);
const world = new Interpreter(DOMAIN, PROBLEM);
const start = world.initial();
const goal = (text: string) => parseCondition(text, DOMAIN, PROBLEM.objects);
const step = (text: string) => ({ action: text.split(' ')[0]!, args: text.split(' ').slice(1) });
const explain = (steps: readonly string[], text = '(and)', from = start) =>
  explainer.explain(from, steps.map(step), goal(text));

describe('PlanExplainer', () => {
  it('says what each step needs, makes and costs', () => {
    const { steps, goal } = explain(
      ['take rag hall', 'soak rag', 'go hall stove'],
      '(and (at stove) (wet rag))',
    ) as ExplainedPlan;
    expect(steps.map((s) => s.needs)).toEqual([
      ['(at hall)', '(in rag hall)'],
      ['(held rag)'],
      ['(at hall)', '(not (burning stove))'],
    ]);
    expect(steps.map((s) => s.makes)).toEqual([
      ['(held rag)', '(not (in rag hall))'],
      ['(wet rag)', '(held rag)'],
      ['(at stove)', '(not (at hall))'],
    ]);
    expect(steps.map((s) => s.cost)).toEqual([1, 0, 3]);
    expect(goal).toEqual(['(at stove)', '(wet rag)']);
  });

  it('tells what a step makes from what it really changes', () => {
    const { steps } = explain(['take rag hall', 'soak rag']) as ExplainedPlan;
    expect(steps[1]!.expects).toEqual({ added: ['(wet rag)'], removed: [], numbers: {} });
  });

  it('names the numbers that a step reads or writes', () => {
    const { steps } = explain(['go hall stove', 'take rag hall'].slice(0, 1)) as ExplainedPlan;
    expect(steps[0]!.numbers.map((n) => n.replace(/[()]/g, ''))).toEqual(
      expect.arrayContaining(['charge', 'total-cost']),
    );
    expect(steps[0]!.expects.numbers).toEqual({ '(charge)': 4, '(total-cost)': 3 });
  });

  it('needs the condition of a conditional effect that takes place, and not of one that does not', () => {
    const fire: WorldState = applyChange(start, {
      added: ['(burning hall)', '(wet rag)', '(held rag)', '(held pan)'],
      removed: [],
      numbers: {},
    });
    const { steps } = explain(['throw pan hall', 'throw rag hall'], '(and)', fire) as ExplainedPlan;
    expect(steps[0]!.needs).toEqual(['(held pan)', '(at hall)']);
    expect(steps[1]!.needs).toEqual(['(held rag)', '(at hall)', '(wet rag)', '(burning hall)']);
    expect(steps[1]!.makes).toContain('(not (burning hall))');
  });

  it.each([
    [['go hall hall'], '(and)', 0, 'link hall hall'],
    [['take rag hall', 'take rag hall'], '(and)', 1, '(in rag hall)'],
    [['take rag stove'], '(and)', 0, '(at stove)'],
    [['fly hall'], '(and)', 0, 'there is no action `fly`'],
    [['take rag'], '(and)', 0, 'takes 2 arguments'],
    [['take rag hall'], '(wet rag)', 1, '(wet rag)'],
    [[], '(at stove)', 0, '(at stove)'],
  ])('finds where %j towards %s breaks', (steps, text, brokenAt, reason) => {
    expect(explain(steps, text)).toEqual({ brokenAt, reason: expect.stringContaining(reason) });
  });

  it('gives expects that lead through the very states of the interpreter', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (choices) => {
        const { plan, states } = walk(choices);
        const explained = explainer.explain(start, plan, goal('(and)')) as ExplainedPlan;
        let state = start;
        for (const [i, { needs, makes, expects }] of explained.steps.entries()) {
          for (const literal of needs) expect(literalHolds(literal, state)).toBe(true);
          state = applyChange(state, expects);
          expect(state).toEqual(states[i]);
          for (const literal of makes) expect(literalHolds(literal, state)).toBe(true);
          const changed = [...expects.added, ...expects.removed.map((f) => `(not ${f})`)];
          expect(makes).toEqual(expect.arrayContaining(changed));
        }
        expect(explained.final).toEqual(states.at(-1) ?? start);
      }),
    );
  });
});

/** A random walk along legal actions. */
function walk(choices: readonly number[]): {
  plan: { action: string; args: readonly string[] }[];
  states: WorldState[];
} {
  const plan = [];
  const states = [];
  let state = start;
  for (const choice of choices) {
    const legal = world.legal(state);
    if (legal.length === 0) break;
    const chosen = legal[choice % legal.length]!;
    state = world.apply(chosen.action, chosen.args, state);
    plan.push(chosen);
    states.push(state);
  }
  return { plan, states };
}
