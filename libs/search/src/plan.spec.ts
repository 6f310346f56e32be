import { solve } from './plan.js';

const domain = `(define (domain errands)
  (:requirements :strips :typing :action-costs)
  (:types place thing)
  (:predicates (here ?p - place) (at ?t - thing ?p - place) (held ?t - thing) (road ?a ?b - place) (open ?p - place))
  (:functions (total-cost) - number)
  (:action go :parameters (?a ?b - place) :precondition (and (here ?a) (road ?a ?b))
    :effect (and (here ?b) (not (here ?a)) (increase (total-cost) 3)))
  (:action take :parameters (?t - thing ?p - place) :precondition (and (here ?p) (at ?t ?p))
    :effect (and (held ?t) (not (at ?t ?p)) (increase (total-cost) 1)))
  (:action unlock :parameters (?p - place) :precondition (here ?p) :effect (and (open ?p) (increase (total-cost) 1))))`;
const problem = `(define (problem p) (:domain errands)
  (:objects home shop bank - place bread money - thing)
  (:init (here home) (road home shop) (road home bank) (road bank shop) (road bank home) (at bread shop) (at money bank) (= (total-cost) 0))
  (:goal (held bread)) (:metric minimize (total-cost)))`;

const steps = (result: ReturnType<typeof solve>): string[] | string =>
  result.kind === 'solved' ? result.steps.map((s) => [s.action, ...s.args].join(' ')) : result.kind;

describe('solve', () => {
  it('reads, grounds, searches and gives steps with their costs', () => {
    const result = solve({ domain, problem });
    expect(steps(result)).toEqual(['go home shop', 'take bread shop']);
    expect(result).toMatchObject({ cost: 4, steps: [{ cost: 3 }, { cost: 1 }] });
  });

  it('plans from another state and for another goal', () => {
    const state = {
      facts: ['(here bank)', '(road bank home)', '(road bank shop)', '(at money bank)', '(at bread home)'],
      numbers: {},
    };
    expect(steps(solve({ domain, problem, state, goal: '(and (held money) (held bread))' }))).toEqual([
      'take money bank',
      'go bank home',
      'take bread home',
    ]);
  });

  it('keeps a learned precondition', () => {
    const guards = [{ action: 'take', parameters: ['?t', '?p'], requires: '(open ?p)' }];
    expect(steps(solve({ domain, problem, guards }))).toEqual(['go home shop', 'unlock shop', 'take bread shop']);
  });

  it('goes round an action that failed while what it met still holds', () => {
    const avoid = [{ action: '(go home shop)', while: ['(here home)'] }];
    expect(steps(solve({ domain, problem, avoid }))).toEqual(['go home bank', 'go bank shop', 'take bread shop']);
  });

  it('leaves out actions that name an object it must do without', () => {
    expect(steps(solve({ domain, problem, without: ['shop'] }))).toBe('unsolvable');
  });

  it.each(['astar', 'qstar'] as const)('proves a plan cheapest with %s', (engine) => {
    expect(solve({ domain, problem, config: { engine } })).toMatchObject({ kind: 'solved', cost: 4, optimal: true });
    expect(solve({ domain, problem, config: { engine, heuristics: ['ff'] } })).toMatchObject({
      kind: 'solved',
      optimal: false,
    });
  });

  it('says which budget was used up, and counts what it did', () => {
    expect(solve({ domain, problem, budget: { evaluated: 1 } })).toMatchObject({
      kind: 'spent',
      budget: 'evaluated',
      stats: { evaluated: 1 },
    });
    expect(solve({ domain, problem, budget: { operators: 1 } })).toMatchObject({ kind: 'spent', budget: 'operators' });
  });

  it('throws on bad PDDL with where it is', () => {
    expect(() => solve({ domain: '(define (domain d)', problem })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });
});
