import { PraxisError } from '@praxis/core';
import { parseDomain } from './read-domain.js';

function failure(text: string): string {
  try {
    parseDomain(text, 'd.pddl');
  } catch (error) {
    expect(error).toBeInstanceOf(PraxisError);
    const { code, message, details } = error as PraxisError;
    expect(code).toBe('invalid');
    expect(message.startsWith(`d.pddl:${details['line']}:${details['column']}: `)).toBe(true);
    return message.slice('d.pddl:'.length);
  }
  throw new Error('it was read without an error');
}

const HEAD = `(define (domain d) (:types room thing - object box - thing)
(:constants hall - room) (:predicates (at ?x - thing ?r - room) (open ?x - thing) (lit) (far ?a ?b - room)) (:functions (fuel ?x - thing))
`;

function inAction(parts: string): string {
  return failure(`${HEAD}(:action a :parameters (?b - box ?r - room) ${parts}))`);
}

describe('parseDomain', () => {
  it('reads types, constants, either, functions and actions with every kind of formula and effect', () => {
    const domain = parseDomain(`(DEFINE (domain Full) (:requirements :ADL)
      (:types a b - top c)
      (:constants k - (either a b))
      (:predicates (p ?x - (either a c) ?y) (q))
      (:functions (total-cost) - number (f ?x - a) - number (g))
      (:action ACT :parameters (?x ?y - a ?z)
        :precondition (and (p ?x ?z) (imply (q) (not (= ?x ?y))) (forall (?u - b) (exists (?v) (or (q) (p k ?v)))) (>= (+ (f ?x) 1 2) (- (g))))
        :effect (and (q) (not (p ?x ?y)) (when (q) (p ?x ?x)) (forall (?w - a) (increase (total-cost) (f ?w))) (scale-up (g) 2.5))))`);
    expect(domain.name).toBe('full');
    expect(domain.requirements).toEqual([':adl']);
    expect([...domain.types]).toEqual([
      ['object', []],
      ['a', ['top']],
      ['b', ['top']],
      ['c', ['object']],
      ['top', ['object']],
    ]);
    expect(domain.constants).toEqual([{ name: 'k', types: ['a', 'b'] }]);
    expect(domain.predicates[0]!.parameters).toEqual([
      { name: '?x', types: ['a', 'c'] },
      { name: '?y', types: ['object'] },
    ]);
    expect(domain.functions.map(({ name }) => name)).toEqual(['total-cost', 'f', 'g']);
    const [action] = domain.actions;
    expect(action).toMatchObject({ name: 'act', position: { line: 6, column: 7 } });
    expect(action!.parameters.map(({ types }) => types)).toEqual([['a'], ['a'], ['object']]);
    expect(action!.precondition).toMatchObject({
      kind: 'and',
      parts: [
        { kind: 'atom' },
        {
          kind: 'or',
          parts: [
            { kind: 'not', part: { kind: 'atom', predicate: 'q' } },
            { kind: 'not', part: { kind: 'equal', left: '?x', right: '?y' } },
          ],
        },
        { kind: 'forall', part: { kind: 'exists' } },
        {
          kind: 'compare',
          op: '>=',
          left: { op: '+' },
          right: { op: '-', parts: [{ kind: 'fluent', function: 'g', args: [] }] },
        },
      ],
    });
    expect(action!.effect).toMatchObject({
      parts: [
        { kind: 'add' },
        { kind: 'delete' },
        { kind: 'when' },
        { kind: 'forall', part: { kind: 'assign', op: 'increase', value: { kind: 'fluent' } } },
        { kind: 'assign', op: 'scale-up', value: { kind: 'number', value: 2.5 } },
      ],
    });
  });

  it('takes missing parts and empty brackets as nothing', () => {
    const domain = parseDomain(
      '(define (domain d) (:action a) (:action b :parameters () :precondition () :effect ()))',
    );
    for (const action of domain.actions)
      expect(action).toMatchObject({
        parameters: [],
        precondition: { kind: 'and', parts: [] },
        effect: { kind: 'and', parts: [] },
      });
  });

  it('lets a predicate share its name with a type or an assignment, and `object` be declared', () => {
    const domain =
      parseDomain(`(define (domain d) (:types room object) (:predicates (room ?x - room) (assign ?x ?y) (at ?x))
      (:action a :parameters (?x - room) :precondition (room ?x) :effect (and (assign ?x ?x) (at ?x))))`);
    expect(domain.actions[0]!.effect).toMatchObject({
      parts: [
        { kind: 'add', predicate: 'assign' },
        { kind: 'add', predicate: 'at' },
      ],
    });
  });

  it('gives a rule the types of the declaration where it names none', () => {
    const domain = parseDomain(
      '(define (domain d) (:types t) (:predicates (p ?x - t) (q ?x - t)) (:derived (p ?y) (not (q ?y))))',
    );
    expect(domain.derived[0]).toMatchObject({ name: 'p', parameters: [{ name: '?y', types: ['t'] }] });
  });

  it('tells a comparison of numbers from one of objects', () => {
    const domain = parseDomain(
      '(define (domain d) (:constants k) (:functions (f)) (:action a :parameters (?x) :precondition (and (= ?x k) (= (f) 3) (= f 3))))',
    );
    expect(domain.actions[0]!.precondition).toMatchObject({
      parts: [{ kind: 'equal' }, { kind: 'compare' }, { kind: 'compare' }],
    });
  });

  it.each([
    ['(define (problem p))', '1:10: found "problem", expected "domain"; is this the right file?'],
    ['(defin (domain d))', '1:2: found "defin", expected "define"'],
    ['(define (domain))', '1:16: found ")", expected the name of the domain'],
    ['(define (domain d) stray)', '1:20: found "stray", expected "(" and a section such as (:requirements …)'],
    ['(define (domain d) (:predicate (p)))', '1:21: unknown section `:predicate`; did you mean `:predicates`?'],
    ['(define (domain d) (:types a) (:types b))', '1:31: a second `:types`; join it with the first'],
    ['(define (domain d) (:requirements strips))', '1:35: found "strips", expected a requirement such as :typing'],
    [
      '(define (domain d) (:types a b - c - d))',
      '1:36: found "-" after a type, expected a name before it; for a chain of types write `a - b b - c`',
    ],
    ['(define (domain d) (:types a -))', '1:31: found ")", expected a type after "-"'],
    [
      '(define (domain d) (:types a - b b - a))',
      '1:28: the types run in a circle: a - b - a; name one of them below `object` or another type instead',
    ],
    ['(define (domain d) (:types room) (:constants k - rom))', '1:50: unknown type `rom`; did you mean `room`?'],
    ['(define (domain d) (:predicates (p) (p ?x)))', '1:37: the predicate `p` is declared twice, and not alike'],
    [
      '(define (domain d) (:predicates (and)))',
      '1:33: found "and", expected the name of a predicate; "and" is reserved',
    ],
    ['(define (domain d) (:predicates (p x)))', '1:36: found "x", expected a variable such as ?x'],
    ['(define (domain d) (:functions (f) (f ?x)))', '1:36: the function `f` is declared twice, and not alike'],
    ['(define (domain d) (:action a) (:action a))', '1:32: the action `a` is declared twice'],
    [
      '(define (domain d) (:action a :parameter (?x)))',
      '1:31: unknown part `:parameter` of an action; did you mean `:parameters`?',
    ],
    ['(define (domain d) (:action a :effect))', '1:38: found ")", expected "(" after :effect'],
    ['(define (domain d) (:action a :effect () :effect ()))', '1:42: a second `:effect`; an action has only one'],
    [
      '(define (domain d) (:action a :parameters (?x ?x)))',
      '1:47: `?x` stands twice in this list; give each a name of its own',
    ],
    [
      '(define (domain d) (:predicates (p)) (:derived (p) (not (p))))',
      '1:38: `p` depends on its own negation; rules must be free of such circles',
    ],
    [
      '(define (domain d) (:predicates (p)) (:derived (p) (and)) (:action a :effect (p)))',
      '1:78: `p` is derived by a rule, so no action may set it',
    ],
    [
      '(define (domain d) (:predicates (p ?x)) (:derived (p) (and)))',
      '1:51: `p` is declared with 1 parameters, found 0',
    ],
  ])('points at what is wrong in %s', (text, message) => {
    expect(failure(text)).toBe(message);
  });

  it.each([
    [':precondition (opne ?b)', '3:60: unknown predicate `opne`; did you mean `open`?'],
    [':precondition (at ?b)', '3:59: `at` takes 2 arguments (?x - thing ?r - room), found 1'],
    [':precondition (lit ?b)', '3:59: `lit` takes no arguments, found 1'],
    [':precondition (open ?c)', '3:65: unknown variable `?c`; did you mean `?b`?'],
    [':precondition (at ?b hal)', '3:66: unknown object `hal`; did you mean `hall`?'],
    [':precondition (open ?r)', '3:65: `?r` is of type room, but argument 1 of `open` must be of type thing'],
    [':precondition (open hall)', '3:65: `hall` is of type room, but argument 1 of `open` must be of type thing'],
    [':precondition (> (fule ?b) 0)', '3:63: unknown function `fule`; did you mean `fuel`?'],
    [':precondition (> ?b 0)', '3:62: found "?b", expected a number or "(" and a function'],
    [':precondition (not (lit) (lit))', '3:70: found "(lit …", expected ")"'],
    [':precondition (imply (lit))', '3:71: found ")", expected a second condition'],
    [':precondition (forall ?x (lit))', '3:67: found "?x", expected "(" and variables'],
    [':precondition (= ?b)', '3:64: found ")", expected the right side of "="'],
    [':precondition lit', '3:59: found "lit", expected "(" and the value of :precondition'],
    [':precondition (> (/ (fuel ?b)) 1)', '3:74: found ")", expected two numbers for "/"'],
    [':effect (increase (fule ?b) 1)', '3:64: unknown function `fule`; did you mean `fuel`?'],
    [':effect (not (and (lit)))', '3:59: found "and", expected a predicate; "and" is reserved'],
    [':effect (or (lit))', '3:54: found "or", expected a predicate; "or" is reserved'],
    [':effect (when (lit))', '3:64: found ")", expected an effect'],
  ])('points at what is wrong in an action with %s', (parts, message) => {
    expect(inAction(parts)).toBe(message);
  });

  it.each([
    ['(:durative-action a)', 'durative actions'],
    ['(:action a :duration (= ?duration 1))', 'durative actions'],
    ['(:constraints (always (p)))', 'constraints'],
    ['(:timeless (p))', 'timeless facts (list them in the :init of each problem)'],
    ['(:functions (f) - room)', 'functions of type `room`; only `number` is'],
    ['(:action a :precondition (preference x (p)))', 'preferences'],
    ['(:action a :precondition (sometime (p)))', 'constraints (`sometime`)'],
  ])('says plainly that it cannot do %s', (section, what) => {
    expect(failure(`(define (domain d) ${section})`)).toMatch(`not supported: ${what}`);
  });

  it('does not ask for requirements', () => {
    expect(
      parseDomain('(define (domain d) (:requirements :strips :nonsense) (:types t) (:functions (f)))').types.has('t'),
    ).toBe(true);
  });
});
