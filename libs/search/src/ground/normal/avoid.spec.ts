import { parseDomain } from '../../pddl/read/read-domain.js';
import { parseProblem } from '../../pddl/read/read-problem.js';
import type { AvoidedAction } from '../../request.js';
import { groundTask } from '../ground-task.js';

const DOMAIN = parseDomain(`(define (domain d) (:predicates (open ?x) (stuck ?x) (got ?x) (heavy ?x))
  (:action take :parameters (?x) :precondition (open ?x) :effect (got ?x))
  (:action push :parameters (?x) :effect (and (open ?x) (stuck ?x)))
  (:action oil :parameters (?x) :effect (not (stuck ?x))))`);
const PROBLEM = parseProblem(
  '(define (problem p) (:domain d) (:objects box chest) (:init (open box) (heavy box)) (:goal (and (got box) (not (stuck box)))))',
  DOMAIN,
);

function takes(...avoid: AvoidedAction[]): string[] {
  const task = groundTask(DOMAIN, PROBLEM, { avoid });
  if (!('facts' in task)) throw new Error('ended');
  return task.operators
    .filter((one) => one.name === '(take box)')
    .map((one) => one.pre.map((fact) => task.facts[fact]).join(' '));
}

describe('avoided actions', () => {
  it('are tried again only where a literal of the failure no longer holds', () => {
    expect(takes()).toEqual(['']);
    expect(takes({ action: '(take box)', while: ['(stuck box)'] })).toEqual(['(not (stuck box))']);
    expect(takes({ action: '(take box)', while: ['(not (stuck box))', '(heavy box)'] })).toEqual(['(stuck box)']);
    expect(takes({ action: '(take chest)', while: [] })).toEqual(['']);
  });

  it('are never tried again where nothing that held can change', () => {
    expect(takes({ action: '(take box)', while: [] })).toEqual([]);
    expect(takes({ action: '(take box)', while: ['(heavy box)'] })).toEqual([]);
  });

  it('are not held up by a literal that the operator itself rules out', () => {
    expect(takes({ action: '(take box)', while: ['(open box)', '(stuck box)'] })).toEqual(['(not (stuck box))']);
    expect(takes({ action: '(TAKE box)', while: ['(not (open box))'] })).toEqual(['']);
  });

  it('add up over several failures', () => {
    expect(
      takes({ action: '(take box)', while: ['(stuck box)'] }, { action: '(take box)', while: ['(not (stuck box))'] }),
    ).toEqual([]);
  });

  it('are read although they name what the problem does not know', () => {
    expect(takes({ action: '(take box)', while: ['(lost box)', '(stuck lamp)'] })).toEqual(['']);
    expect(() => takes({ action: 'take box', while: [] })).toThrow('is not a ground atom');
  });
});
