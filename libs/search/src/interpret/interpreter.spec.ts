import { makeState } from '@praxis/core';
import type { TypedName } from '../pddl/ast.js';
import { parseCondition } from '../pddl/read/read-condition.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { Interpreter } from './interpreter.js';

const DOMAIN = parseDomain(`(define (domain house)
  (:types place thing - object box cup - thing)
  (:constants hall - place)
  (:predicates (at ?x - thing ?p - place) (in ?x ?y - thing) (open ?b - box) (broken ?x - thing) (lit ?p - place) (link ?p ?q - place)
    (within ?x ?y - thing) (hidden ?x - thing) (joined ?p ?q - place) (apart ?p ?q - place))
  (:functions (weight ?x - thing) (load ?b - box) (total-cost))
  (:derived (within ?x ?y) (or (in ?x ?y) (exists (?z - thing) (and (in ?x ?z) (within ?z ?y)))))
  (:derived (hidden ?x) (exists (?b - box) (and (within ?x ?b) (not (open ?b)))))
  (:derived (joined ?p ?q) (or (link ?p ?q) (joined ?q ?p) (exists (?r - place) (and (joined ?p ?r) (joined ?r ?q)))))
  (:derived (apart ?p ?q) (and (not (= ?p ?q)) (not (joined ?p ?q))))
  (:action swap :parameters (?p ?q - place) :precondition (lit ?p) :effect (and (not (lit ?p)) (lit ?q)))
  (:action toggle :parameters (?b - box) :effect (and (when (open ?b) (not (open ?b))) (when (not (open ?b)) (open ?b))))
  (:action drop :parameters (?b - box ?p - place) :precondition (at ?b ?p)
    :effect (and (broken ?b) (forall (?x - cup) (when (within ?x ?b) (broken ?x))) (increase (total-cost) 2)))
  (:action put :parameters (?x - thing ?b - box ?p - place)
    :precondition (and (at ?x ?p) (at ?b ?p) (open ?b) (not (= ?x ?b)) (<= (+ (load ?b) (weight ?x)) 10))
    :effect (and (not (at ?x ?p)) (in ?x ?b) (increase (load ?b) (weight ?x)) (increase (total-cost) (weight ?x))))
  (:action weigh-all :parameters (?b - box) :effect (and (assign (load ?b) 0) (forall (?x - thing) (when (in ?x ?b) (increase (load ?b) (weight ?x))))))
  (:action level :parameters (?a ?b - box) :effect (and (assign (load ?a) (load ?b)) (assign (load ?b) (load ?a))))
  (:action halve :parameters (?b - box ?x - thing) :effect (scale-down (load ?b) (weight ?x)))
  (:action inspect :parameters (?b - box) :precondition (forall (?x - cup) (imply (within ?x ?b) (not (broken ?x)))))
  (:action look :parameters (?x - thing) :precondition (not (exists (?b - box) (and (in ?x ?b) (not (open ?b)))))))`);

const PROBLEM = parseProblem(
  `(define (problem p) (:domain house) (:objects crate tin - box mug jug - cup yard shed - place)
  (:init (at crate hall) (at tin hall) (at mug hall) (in jug tin) (lit hall) (open crate) (link hall yard)
    (= (weight tin) 4) (= (weight mug) 1.5) (= (load crate) 0) (= (load tin) 3))
  (:goal (and)) (:metric minimize (total-cost)))`,
  DOMAIN,
);

const OBJECTS: readonly TypedName[] = PROBLEM.objects;
const world = new Interpreter(DOMAIN, PROBLEM);
const start = world.initial();

function holds(text: string, state = start): boolean {
  return world.holds(parseCondition(text, DOMAIN, OBJECTS), state);
}

describe('Interpreter.initial', () => {
  it('lists facts in order and numbers by key', () => {
    expect(start.facts).toEqual([...start.facts].sort());
    expect(start.facts).toContain('(at crate hall)');
    expect(start.numbers).toEqual({ '(weight tin)': 4, '(weight mug)': 1.5, '(load crate)': 0, '(load tin)': 3 });
  });
});

describe('Interpreter.holds', () => {
  it.each([
    ['(and)', true],
    ['(or)', false],
    ['(at mug hall)', true],
    ['(not (at mug yard))', true],
    ['(= mug mug)', true],
    ['(= mug jug)', false],
    ['(imply (at mug yard) (or))', true],
    ['(forall (?x - box) (at ?x hall))', true],
    ['(forall (?x - thing) (at ?x hall))', false],
    ['(exists (?x - cup) (not (at ?x hall)))', true],
    ['(exists (?x - box ?p - place) (and (at ?x ?p) (lit ?p) (not (open ?x))))', true],
    ['(forall (?x - cup) (exists (?y) (or (at ?x hall) (in ?x tin))))', true],
    ['(exists (?x - box) (forall (?x - cup) (broken ?x)))', false],
    ['(exists (?x - thing) (and (at ?x hall) (exists (?x - thing) (in ?x tin)) (= ?x mug)))', true],
    ['(forall (?x - place) (imply (lit ?x) (forall (?y - box) (at ?y ?x))))', true],
    ['(> (load tin) 2)', true],
    ['(= (load tin) (- (weight tin) 1))', true],
    ['(< (/ (load tin) 2) (* 1 1))', false],
    ['(> (weight jug) 0)', false],
    ['(<= (weight jug) 0)', false],
    ['(not (> (weight jug) 0))', false],
    ['(or (not (> (weight jug) 0)) (= (total-cost) 0))', true],
    ['(not (and (> (weight jug) 0) (> (total-cost) 0)))', true],
    ['(forall (?x - thing) (not (> (weight ?x) 100)))', false],
    ['(exists (?x - thing) (not (< (weight ?x) 100)))', false],
    ['(> (/ 1 (load crate)) 0)', false],
    ['(= (total-cost) 0)', true],
  ])('finds %s to be %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('takes a quantifier over no objects as true for all and false for some', () => {
    const domain = parseDomain('(define (domain d) (:types none) (:predicates (p)))');
    const empty = new Interpreter(
      domain,
      parseProblem('(define (problem p) (:domain d) (:init (p)) (:goal (p)))', domain),
    );
    expect(empty.holds(parseCondition('(forall (?x - none) (not (p)))', domain, []), empty.initial())).toBe(true);
    expect(empty.holds(parseCondition('(exists (?x - none) (p))', domain, []), empty.initial())).toBe(false);
  });
});

describe('Interpreter.derivedFacts', () => {
  it('follows rules to their least fixed point, and negation only after it', () => {
    const state = makeState(['(in mug tin)', '(in tin crate)', '(link hall yard)', '(open tin)']);
    expect(world.derivedFacts(state)).toEqual([
      '(apart hall shed)',
      '(apart shed hall)',
      '(apart shed yard)',
      '(apart yard shed)',
      '(hidden mug)',
      '(hidden tin)',
      '(joined hall hall)',
      '(joined hall yard)',
      '(joined yard hall)',
      '(joined yard yard)',
      '(within mug crate)',
      '(within mug tin)',
      '(within tin crate)',
    ]);
  });

  it('does not believe derived facts that are listed, nor keep them (semantics.2)', () => {
    const state = makeState([...start.facts, '(hidden mug)']);
    expect(holds('(hidden mug)', state)).toBe(false);
    expect(world.apply('toggle', ['crate'], state).facts).not.toContain('(hidden mug)');
  });

  it('follows a chain of a hundred links', () => {
    const domain = parseDomain(`(define (domain d) (:predicates (on ?x ?y) (above ?x ?y))
      (:derived (above ?x ?y) (or (on ?x ?y) (exists (?z) (and (on ?x ?z) (above ?z ?y))))))`);
    const names = Array.from({ length: 100 }, (_, at) => `b${at}`);
    const facts = names.slice(1).map((name, at) => `(on ${name} b${at})`);
    const problem = parseProblem(
      `(define (problem p) (:domain d) (:objects ${names.join(' ')}) (:init ${facts.join('')}) (:goal (above b99 b0)))`,
      domain,
    );
    const tower = new Interpreter(domain, problem);
    expect(tower.derivedFacts(tower.initial())).toHaveLength((100 * 99) / 2);
  });
});

describe('Interpreter.applicable', () => {
  it.each([
    ['put', ['mug', 'crate', 'hall'], null],
    ['PUT', ['Mug', 'CRATE', 'hall'], null],
    ['put', ['mug', 'tin', 'hall'], '(open tin)'],
    ['put', ['crate', 'crate', 'hall'], '(not (= crate crate))'],
    ['put', ['jug', 'crate', 'hall'], '(at jug hall)'],
    ['inspect', ['tin'], null],
    ['look', ['jug'], '(or (not (in jug tin)) (open tin))'],
    ['look', ['mug'], null],
    ['putt', ['mug'], 'there is no action `putt`; did you mean `put`?'],
    ['put', ['mug'], '`put` takes 3 arguments (?x - thing ?b - box ?p - place), found 1'],
    ['put', ['mgu', 'crate', 'hall'], 'there is no object `mgu`; did you mean `mug`?'],
    ['put', ['mug', 'jug', 'hall'], '`jug` is of type cup, but argument 2 of `put` must be of type box'],
    [
      'halve',
      ['tin', 'jug'],
      'the new value of (load tin) cannot be computed: it reads a number without value or divides by zero',
    ],
  ])('says of %s %j what forbids it: %s', (action, args, violated) => {
    expect(world.applicable(action, args, start)).toEqual(violated === null ? { ok: true } : { ok: false, violated });
  });

  it('names the one instance of a forall that is false', () => {
    const broken = makeState([...start.facts, '(broken jug)'], start.numbers);
    expect(world.applicable('inspect', ['tin'], broken)).toEqual({
      ok: false,
      violated: '(or (not (within jug tin)) (not (broken jug)))',
    });
  });

  it('compares numbers', () => {
    const heavy = makeState(start.facts, { ...start.numbers, '(load crate)': 9 });
    expect(world.applicable('put', ['mug', 'crate', 'hall'], heavy)).toEqual({
      ok: false,
      violated: '(<= (+ (load crate) (weight mug)) 10)',
    });
  });

  it('refuses to divide by zero', () => {
    const light = makeState(start.facts, { ...start.numbers, '(weight mug)': 0 });
    expect(world.applicable('halve', ['tin', 'mug'], light)).toEqual({
      ok: false,
      violated: '(load tin) would be divided by zero',
    });
  });
});

describe('Interpreter.apply', () => {
  it('deletes before it adds (semantics.1)', () => {
    expect(world.apply('swap', ['hall', 'hall'], start)).toEqual(start);
  });

  it('reads every condition before the step (effects.1)', () => {
    const shut = world.apply('toggle', ['crate'], start);
    expect(shut.facts).not.toContain('(open crate)');
    expect(world.apply('toggle', ['crate'], shut)).toEqual(start);
  });

  it('does something to every object, through what is derived', () => {
    const { facts } = world.apply('drop', ['tin', 'hall'], start);
    expect(facts.filter((fact) => fact.startsWith('(broken'))).toEqual(['(broken jug)', '(broken tin)']);
  });

  it('changes numbers, adding up what several objects add', () => {
    const full = makeState(['(in mug crate)', '(in tin crate)'], start.numbers);
    expect(world.apply('weigh-all', ['crate'], full).numbers).toMatchObject({ '(load crate)': 5.5 });
  });

  it('reads every number before the step (effects.1)', () => {
    expect(world.apply('level', ['crate', 'tin'], start).numbers).toMatchObject({ '(load crate)': 3, '(load tin)': 0 });
  });

  it('changes one number several times in the order of the text (effects.2)', () => {
    const domain = parseDomain(
      `(define (domain d) (:functions (x)) (:action act :parameters () :effect (and (increase (x) 1) (assign (x) 5) (scale-up (x) 3))))`,
    );
    const problem = parseProblem('(define (problem p) (:domain d) (:init (= (x) 7)) (:goal (and)))', domain);
    const one = new Interpreter(domain, problem);
    expect(one.apply('act', [], one.initial()).numbers).toEqual({ '(x)': 15 });
  });

  it('leaves the state it began with alone', () => {
    const before = JSON.stringify(start);
    world.apply('put', ['mug', 'crate', 'hall'], start);
    expect(JSON.stringify(start)).toBe(before);
  });

  it('throws where the action is not applicable', () => {
    expect(() => world.apply('put', ['mug', 'tin', 'hall'], start)).toThrow(
      '(put mug tin hall) cannot be done in this state: (open tin). Ask for the legal actions first.',
    );
  });
});

describe('Interpreter.cost', () => {
  it('is what the step adds to the total cost', () => {
    expect(world.cost('put', ['mug', 'crate', 'hall'], start)).toBe(1.5);
    expect(world.cost('drop', ['tin', 'hall'], start)).toBe(2);
    expect(world.cost('toggle', ['tin'], start)).toBe(0);
  });

  it('does not lose small costs behind large ones', () => {
    const late = makeState(start.facts, { ...start.numbers, '(total-cost)': 1e17 });
    expect(world.cost('put', ['mug', 'crate', 'hall'], late)).toBe(1.5);
  });

  it('is the change of the metric where that is something else', () => {
    const other = new Interpreter(DOMAIN, {
      ...PROBLEM,
      metric: parseProblem(
        '(define (problem p) (:domain house) (:objects crate tin - box) (:goal (and)) (:metric minimize (+ (* 2 (load crate)) (total-cost))))',
        DOMAIN,
      ).metric,
    });
    expect(other.cost('put', ['mug', 'crate', 'hall'], start)).toBe(4.5);
  });

  it('is 1 where there is no metric', () => {
    expect(new Interpreter(DOMAIN, { ...PROBLEM, metric: null }).cost('put', ['mug', 'crate', 'hall'], start)).toBe(1);
  });
});

describe('Interpreter.violated', () => {
  it('is null for a true formula and the false part of a false one', () => {
    const goal = parseCondition(
      '(and (at mug hall) (and (open crate) (forall (?b - box) (open ?b))))',
      DOMAIN,
      OBJECTS,
    );
    expect(world.violated(goal, start)).toBe('(open tin)');
    expect(world.violated(goal, makeState([...start.facts, '(open tin)']))).toBeNull();
    expect(world.violated(parseCondition('(not (or (lit yard) (lit hall)))', DOMAIN, OBJECTS), start)).toBe(
      '(not (lit hall))',
    );
  });
});

describe('Interpreter.legal', () => {
  it('lists what can be done, in a fixed order, whatever the order of the facts', () => {
    const legal = world.legal(start, { actions: ['swap', 'put'] });
    expect(legal).toEqual([
      { action: 'swap', args: ['hall', 'hall'] },
      { action: 'swap', args: ['hall', 'shed'] },
      { action: 'swap', args: ['hall', 'yard'] },
      { action: 'put', args: ['mug', 'crate', 'hall'] },
      { action: 'put', args: ['tin', 'crate', 'hall'] },
    ]);
    expect(world.legal({ ...start, facts: [...start.facts].reverse() }, { actions: ['swap', 'put'] })).toEqual(legal);
  });

  it('leaves out actions that name an object', () => {
    expect(world.legal(start, { actions: ['put'], without: ['tin'] })).toEqual([
      { action: 'put', args: ['mug', 'crate', 'hall'] },
    ]);
  });

  it('lists no action whose effect cannot be computed (semantics.3)', () => {
    expect(world.legal(start, { actions: ['halve'] }).map(({ args }) => args.join(' '))).toEqual([
      'crate mug',
      'crate tin',
      'tin mug',
      'tin tin',
    ]);
  });

  it('is not confused by facts of a shape that the domain does not know', () => {
    const strange = makeState(
      [...start.facts, '(at mug)', '(at)', '(at mug hall late)', '(at ghost hall)', '(weather fine)'],
      start.numbers,
    );
    expect(world.legal(strange)).toEqual(world.legal(start));
  });
});
