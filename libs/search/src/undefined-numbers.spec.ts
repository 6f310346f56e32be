import { checkPlan } from './interpret/check-plan.js';
import { parseDomain } from './pddl/read/read-domain.js';
import { parseProblem } from './pddl/read/read-problem.js';
import { solve } from './plan.js';

/** `f` and `g` start without a value, unless `init` says otherwise, but an action that costs 50 can give them one. */
function planned(effect: string, { precondition = '()', init = '', goal = '(done)' } = {}): readonly string[] | string {
  const domain = `(define (domain d) (:predicates (done) (p)) (:functions (f) (g) (h ?x) (total-cost))
    (:constants a b)
    (:action set-f :effect (and (assign (f) 1) (increase (total-cost) 50)))
    (:action set-g :effect (and (assign (g) 1) (increase (total-cost) 50)))
    (:action act :precondition ${precondition} :effect (and (done) ${effect})))`;
  const problem = `(define (problem p) (:domain d) (:init ${init}) (:goal ${goal}) (:metric minimize (total-cost)))`;
  const result = solve({ domain, problem, config: { engine: 'astar' } });
  if (result.kind !== 'solved') return result.kind;
  const read = parseDomain(domain);
  expect(checkPlan(read, parseProblem(problem, read), result.steps)).toMatchObject({ valid: true, cost: result.cost });
  expect(result.optimal).toBe(result.ignoredMetric === undefined);
  return result.steps.map(({ action }) => action);
}

describe('a number without a value', () => {
  it.each([
    ['(> (f) 0)'],
    ['(not (> (f) 3))'],
    ['(not (= (f) 5))'],
    ['(or (< (f) 5) (>= (f) 5))'],
    ['(not (and (p) (> (f) 3)))'],
    ['(imply (> (f) 3) (done))'],
    ['(not (exists (?x) (> (f) 3)))'],
    ['(forall (?x) (not (> (f) 3)))'],
  ])('makes no precondition true: %s waits for it', (precondition) => {
    expect(planned('', { precondition, init: '(p)' })).toEqual(['set-f', 'act']);
  });

  it.each([
    '(> (h a) 0)',
    '(not (> (h a) 0))',
    '(exists (?x) (not (> (h ?x) 0)))',
    '(= (h a) (h a))',
    '(> (/ 1 (h b)) 0)',
    '(not (> (/ 1 (h b)) 0))',
  ])('makes nothing true where it never gets one: %s', (part) => {
    expect(planned('', { precondition: part, init: part.includes('h b') ? '(= (h b) 0)' : '' })).toBe('unsolvable');
    expect(planned('', { goal: `(and (done) ${part})`, init: part.includes('h b') ? '(= (h b) 0)' : '' })).toBe(
      'unsolvable',
    );
  });

  it('leaves a condition true that does not depend on it', () => {
    expect(planned('', { precondition: '(or (p) (> (f) 3))', init: '(p)' })).toEqual(['act']);
    expect(planned('', { precondition: '(not (and (p) (> (f) 3)))' })).toEqual(['act']);
  });

  it('makes no conditional effect happen, and no cost be paid', () => {
    expect(planned('(when (not (> (f) 3)) (p))', { goal: '(and (done) (p))' })).toEqual(['set-f', 'act']);
    expect(planned('(when (> (f) 0) (increase (total-cost) 5))')).toEqual(['act']);
    expect(planned('(when (not (> (f) 3)) (increase (total-cost) 5))')).toEqual(['act']);
  });

  it('does not keep a fact that a condition over it would have kept', () => {
    expect(planned('(not (p)) (when (> (f) 0) (p))', { init: '(p)', goal: '(not (p))' })).toEqual(['act']);
  });

  it.each([
    ['(increase (f) 1)', ['set-f', 'act']],
    ['(scale-up (f) 2)', ['set-f', 'act']],
    ['(assign (g) (f))', ['set-f', 'act']],
    ['(assign (g) (+ 1 (* 2 (f))))', ['set-f', 'act']],
    ['(increase (total-cost) (f))', ['set-f', 'act']],
    ['(assign (f) 2) (increase (f) 1)', ['act']],
    ['(when (p) (increase (f) 1))', ['act']],
    ['(when (not (p)) (increase (f) 1))', ['set-f', 'act']],
    ['(when (> (f) 0) (increase (g) 1))', ['act']],
    ['(when (> (f) 0) (increase (total-cost) (h a)))', ['act']],
    ['(increase (h a) 1)', 'unsolvable'],
    ['(increase (total-cost) (h a))', 'unsolvable'],
    ['(assign (g) (/ 1 (h b)))', 'unsolvable'],
    ['(forall (?x) (increase (g) (h ?x)))', 'unsolvable'],
  ])(
    'makes an action impossible whose effect %s builds on it, whether or not the goal needs the effect',
    (effect, plan) => {
      expect(planned(effect, { init: '(= (h b) 0)' })).toEqual(plan);
    },
  );
});
