import { addPrecondition } from './add-precondition.js';
import { printFormula } from './print.js';
import { parseDomain } from './read/read-domain.js';

const DOMAIN =
  parseDomain(`(define (domain d) (:types robot door) (:constants front - door) (:predicates (open ?d - door) (near ?r - robot ?d - door))
  (:action go :parameters (?r - robot ?d - door) :precondition (near ?r ?d) :effect ()))`);

function added(requires: string, parameters = ['?d', '?r'], action = 'go'): string {
  return printFormula(addPrecondition(DOMAIN, { action, parameters, requires }).actions[0]!.precondition);
}

describe('addPrecondition', () => {
  it("puts the literal into the action's own variables by position, even where the names are swapped", () => {
    expect(added('(open ?r)')).toBe('(and (near ?r ?d) (open ?d))');
    expect(added('(not (near ?d ?r))')).toBe('(and (near ?r ?d) (not (near ?r ?d)))');
    expect(added('(near ?a front)', ['?a', '?b'], 'GO')).toBe('(and (near ?r ?d) (near ?r front))');
  });

  it('changes nothing where the literal is there already', () => {
    expect(addPrecondition(DOMAIN, { action: 'go', parameters: ['?a', '?b'], requires: '(near ?a ?b)' })).toBe(DOMAIN);
  });

  it.each([
    [
      '(open ?b)',
      ['?a', '?b'],
      'og',
      'The guard does not fit the domain: there is no action `og`; did you mean `go`?.',
    ],
    ['(open ?b)', ['?a'], 'go', '`go` has 2 parameters (?r - robot ?d - door), the guard names 1'],
    ['(open ?b)', ['?a', '?a'], 'go', 'it names a parameter twice (?a ?a)'],
    ['(open ?b)', ['a', '?b'], 'go', '`a` is no variable; write it as ?x'],
    ['(opne ?b)', ['?a', '?b'], 'go', 'guard:1:2: unknown predicate `opne`; did you mean `open`?'],
    ['(open ?a)', ['?a', '?b'], 'go', 'guard:1:7: `?a` is of type robot'],
    ['(or (open ?b))', ['?a', '?b'], 'go', 'guard:1:1: expected one literal'],
    ['(open ?c)', ['?a', '?b'], 'go', 'guard:1:7: unknown variable `?c`'],
  ])('refuses %s over %j for %s', (requires, parameters, action, message) => {
    expect(() => added(requires, parameters, action)).toThrow(message);
  });
});
