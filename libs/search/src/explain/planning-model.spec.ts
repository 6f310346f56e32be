import { literalHolds, makeFailure, makeState } from '@praxis/core';
import { PlanningModel } from './planning-model.js';

const domain = `(define (domain larder)
  (:types shelf cup - thing robot)
  (:constants robby - robot)
  (:predicates (at ?x ?y - thing) (open ?s - shelf) (raining) (holding ?r - robot ?c - cup) (hidden ?c - cup))
  (:derived (hidden ?c) (exists (?s - shelf) (and (at ?c ?s) (not (open ?s)))))
  (:action take :parameters (?c - cup ?s - shelf) :precondition (at ?c ?s) :effect (and (not (at ?c ?s)) (holding robby ?c)))
  (:action open :parameters (?s - shelf) :precondition (not (open ?s)) :effect (open ?s)))`;
const problem =
  '(define (problem p) (:domain larder) (:objects cup1 cup2 - cup top - shelf) (:init (at cup1 top)) (:goal (holding robby cup1)))';
const model = new PlanningModel({ domain, problem });
const start = makeState(['(at cup1 top)']);

describe('PlanningModel', () => {
  it("reads an empty condition as the problem's own goal", () => {
    expect(model.condition('')).toEqual(model.condition('(holding robby cup1)'));
    expect(model.holds('', start)).toBe(false);
    expect(model.holds('', makeState(['(holding robby cup1)']))).toBe(true);
  });

  it('knows what follows by rules', () => {
    expect(model.holds('(hidden cup1)', start)).toBe(true);
    expect(model.holds('(hidden cup1)', makeState(['(at cup1 top)', '(open top)']))).toBe(false);
  });

  it('says of each part of a condition why it does not hold', () => {
    expect(model.unmet('(and (at cup1 top) (not (open top)))', start)).toEqual([]);
    expect(model.unmet('(and (open top) (and (at cup1 top) (not (at cup1 top))) (raining))', start)).toEqual([
      '(open top) does not hold',
      '(not (at cup1 top)) does not hold',
      '(raining) does not hold',
    ]);
    expect(model.unmet('(forall (?c - cup) (holding robby ?c))', makeState(['(holding robby cup1)']))).toEqual([
      '(holding robby cup2) does not hold',
    ]);
  });

  it('tells a part that cannot be evaluated from one that is false, and names only so many', () => {
    const fuel = new PlanningModel({
      domain:
        '(define (domain d) (:predicates (p ?x)) (:functions (fuel ?x)) (:action a :parameters () :precondition (and) :effect (and)))',
      problem: `(define (problem x) (:domain d) (:objects ${Array.from({ length: 30 }, (_, i) => `o${i}`).join(' ')}) (:goal (and)))`,
    });
    expect(fuel.unmet('(and (p o1) (> (fuel o1) 3))', makeState([]))).toEqual([
      '(p o1) does not hold',
      '(> (fuel o1) 3) cannot be evaluated, since a number in it has no value or cannot be calculated',
    ]);
    const all = `(and ${Array.from({ length: 30 }, (_, i) => `(p o${i})`).join(' ')})`;
    expect(fuel.unmet(all, makeState([]))).toHaveLength(21);
    expect(fuel.unmet(all, makeState([])).at(-1)).toBe('10 more parts do not hold');
  });

  it('names the parameters of its actions, and of others none', () => {
    expect(model.parametersOf('take')).toEqual(['c', 's']);
    expect(model.parametersOf('fly')).toEqual([]);
  });

  it('plans as if a learned precondition were a rule', () => {
    const wiser = new PlanningModel({ domain, problem }, [
      { action: 'take', parameters: ['?cup', '?from'], requires: '(open ?from)' },
    ]);
    const take = { action: 'take', args: ['cup1', 'top'] };
    expect(model.explain(start, [take], '')).toHaveProperty('final');
    expect(wiser.explain(start, [take], '')).toEqual({ brokenAt: 0, reason: expect.stringContaining('(open top)') });
    expect(wiser.explain(start, [{ action: 'open', args: ['top'] }, take], '')).toMatchObject({
      steps: [{}, { needs: ['(at cup1 top)', '(open top)'] }],
    });
  });
});

describe('PlanningModel.avoid', () => {
  it('waits until something about the arguments has changed, be it a fact that is gone or one that came', () => {
    const failure = makeFailure({ skill: 'take', args: { c: 'cup1', s: 'top' } }, 'not-applicable', start);
    const avoided = model.avoid(failure);
    expect(avoided.action).toBe('(take cup1 top)');
    expect(avoided.while).toEqual(expect.arrayContaining(['(at cup1 top)', '(not (open top))', '(not (raining))']));
    const stillSo = (...facts: string[]): boolean => avoided.while.every((l) => literalHolds(l, makeState(facts)));
    expect(stillSo('(at cup1 top)', '(at cup2 top)')).toBe(true);
    expect(stillSo()).toBe(false);
    expect(stillSo('(at cup1 top)', '(open top)')).toBe(false);
  });

  it('leaves out what follows by rules, which no state lists', () => {
    const failure = makeFailure({ skill: 'take', args: { c: 'cup1', s: 'top' } }, 'not-applicable', start);
    expect(model.avoid(failure).while.filter((l) => l.includes('hidden'))).toEqual([]);
  });

  it('says nothing about other objects, and asks only what fits the types', () => {
    const { while: literals } = model.avoid({ action: '(take cup1 top)', facts: [] });
    expect(literals.filter((l) => l.includes('cup2') || l.includes('robby'))).toEqual([]);
    expect(literals).not.toContain('(not (open cup1))');
  });
});
