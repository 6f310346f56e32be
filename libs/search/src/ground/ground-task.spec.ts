import { parseCondition } from '../pddl/read/read-condition.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { groundTask, type GroundOptions } from './ground-task.js';
import type { Task } from './task/task.js';

interface Text {
  readonly domain: string;
  readonly objects?: string;
  readonly init?: string;
  readonly goal?: string;
  readonly metric?: string;
}

function parse({ domain, objects = '', init = '', goal = '(and)', metric = '' }: Text) {
  const read = parseDomain(
    `(define (domain d) (:requirements :adl :fluents :derived-predicates :action-costs) ${domain})`,
  );
  const problem = parseProblem(
    `(define (problem p) (:domain d) (:objects ${objects}) (:init ${init}) (:goal ${goal}) ${metric})`,
    read,
  );
  return { domain: read, problem };
}

function ground(text: Text, options: GroundOptions = {}): Task {
  const { domain, problem } = parse(text);
  const task = groundTask(domain, problem, options);
  if (!('facts' in task)) throw new Error(`ended: ${JSON.stringify(task)}`);
  return task;
}

/** `name: needs → adds, not deletes` for each operator, sorted. */
function operators(task: Task): string[] {
  const names = (facts: readonly number[]): string =>
    facts
      .map((fact) => task.facts[fact]!)
      .sort()
      .join(' ');
  return task.operators
    .map((one) =>
      `${one.name}: ${names(one.pre)} → ${names(one.add)} without ${names(one.del)}`.replaceAll(/ +/g, ' ').trim(),
    )
    .sort();
}

const CARRY = {
  domain: `(:types room ball)
    (:predicates (here ?r - room) (at ?b - ball ?r - room) (held ?b - ball) (door ?r ?s - room) (free) (heavy ?b - ball))
    (:action go :parameters (?r ?s - room) :precondition (and (here ?r) (door ?r ?s)) :effect (and (here ?s) (not (here ?r))))
    (:action take :parameters (?b - ball ?r - room) :precondition (and (here ?r) (at ?b ?r) (free) (not (heavy ?b)))
      :effect (and (held ?b) (not (at ?b ?r)) (not (free))))
    (:action drop :parameters (?b - ball ?r - room) :precondition (and (here ?r) (held ?b)) :effect (and (at ?b ?r) (free) (not (held ?b))))`,
  objects: 'hall yard - room red iron - ball',
  init: '(here hall) (door hall yard) (door yard hall) (at red hall) (at iron hall) (heavy iron) (free)',
  goal: '(at red yard)',
};

describe('groundTask', () => {
  it('compiles static facts away and grounds only what can be reached', () => {
    const task = ground(CARRY);
    expect(task.facts.join(' ')).not.toMatch(/door|heavy|iron/);
    expect(task.operators.map((one) => one.name).sort()).toEqual([
      '(drop red hall)',
      '(drop red yard)',
      '(go hall yard)',
      '(go yard hall)',
      '(take red hall)',
      '(take red yard)',
    ]);
    expect(task.init.map((fact) => task.facts[fact])).toEqual(['(here hall)', '(at red hall)', '(free)']);
  });

  it('finds the groups of facts that exclude each other (mutex-groups.2)', () => {
    const task = ground(CARRY);
    const groups = task.mutexGroups.map((group) =>
      group
        .map((fact) => task.facts[fact])
        .sort()
        .join(' '),
    );
    expect(groups).toContain('(at red hall) (at red yard) (held red)');
    expect(groups).toContain('(here hall) (here yard)');
    expect(groups).toContain('(free) (held red)');
  });

  it('says which part of the goal cannot be reached and why', () => {
    const reason = (goal: string): string | null => ground({ ...CARRY, goal }).unreachable;
    expect(reason('(and (at red yard) (at iron yard))')).toBe(
      'the goal fact (at iron yard) can never be reached, even ignoring deletes',
    );
    expect(reason('(door hall hall)')).toBe('the goal fact (door hall hall) does not hold and no action changes it');
    expect(reason('(not (at iron hall))')).toBe(
      'the goal (not (at iron hall)) can never hold: (at iron hall) is true and stays true',
    );
    expect(reason('(and (here hall) (here yard))')).toBe(
      'the goal facts (here hall) and (here yard) can never be true together',
    );
    expect(reason('(and (free) (not (free)))')).toBe(
      'the goal contradicts itself: it asks for a fact and for its negation',
    );
    expect(reason('(exists (?b - ball) (and (heavy ?b) (held ?b)))')).toMatch(
      /^the goal part \(exists .* can never hold/,
    );
    expect(reason('(forall (?r - room) (imply (door ?r hall) (at red ?r)))')).toBeNull();
  });

  it('has no operators where the goal holds whatever is done', () => {
    const task = ground({ ...CARRY, goal: '(at iron hall)' });
    expect([task.goal, task.operators.length, task.unreachable]).toEqual([[], 0, null]);
  });

  it('keeps what does not matter for the goal only when asked to', () => {
    const lamp = {
      ...CARRY,
      domain: `${CARRY.domain} (:action wait :parameters (?r - room) :precondition (here ?r) :effect (not (door ?r ?r)))`,
    };
    const extra = {
      ...CARRY,
      domain:
        CARRY.domain.replace('(free) (heavy', '(free) (lit) (heavy') + ' (:action light :parameters () :effect (lit))',
    };
    expect(ground(lamp).operators.some((one) => one.action === 'wait')).toBe(false);
    expect(ground(extra).facts).not.toContain('(lit)');
    expect(ground(extra, { keep: 'all' }).facts).toContain('(lit)');
  });

  it('starts from the given state and works towards the given goal', () => {
    const { domain, problem } = parse(CARRY);
    const goal = parseCondition('(held red)', domain, problem.objects);
    const task = ground(CARRY, {
      state: { facts: ['(here yard)', '(door yard hall)', '(at red hall)', '(free)'], numbers: {} },
      goal,
    });
    expect(task.init.map((fact) => task.facts[fact])).toEqual(['(here yard)', '(at red hall)', '(free)']);
    expect(task.goal.map((fact) => task.facts[fact])).toEqual(['(held red)']);
    expect(operators(task)[2]).toBe('(go yard hall): (here yard) → (here hall) without (here yard)');
    expect(task.operators.map((one) => one.name)).not.toContain('(go hall yard)');
    expect(() => ground(CARRY, { state: { facts: ['(here cellar)'], numbers: {} } })).toThrow(
      'The object "cellar" is not declared',
    );
    expect(() => ground(CARRY, { state: { facts: ['(here)'], numbers: {} } })).toThrow('here takes 1 objects');
  });

  it('leaves out operators that name an object which is to be left alone', () => {
    expect(ground(CARRY, { without: ['yard'] }).unreachable).toMatch(/at red yard/);
    expect(
      ground({ ...CARRY, goal: '(held red)' }, { without: ['yard'] }).operators.map((one) => one.name),
    ).not.toContain('(go hall yard)');
  });

  it('splits a small disjunction into operators of the same name', () => {
    const task = ground({
      domain:
        '(:predicates (a) (b) (c) (g)) (:action make :parameters () :precondition (or (a) (and (b) (not (c)))) :effect (g)) (:action flip :parameters () :effect (and (a) (b) (not (c)) (c)))',
      goal: '(g)',
    });
    expect(operators(task)).toEqual([
      '(flip): → (a) (b) without (not (c))',
      '(make): (a) → (g) without',
      '(make): (b) (not (c)) → (g) without',
    ]);
  });

  it('leaves out a case that needs more than another of the same action', () => {
    const task = ground({
      domain:
        '(:predicates (a) (b) (g)) (:action make :parameters () :precondition (or (a) (and (a) (b))) :effect (g)) (:action get :parameters () :effect (and (a) (b)))',
      goal: '(g)',
    });
    expect(operators(task)).toEqual(['(get): → (a) without', '(make): (a) → (g) without']);
  });

  it('puts an auxiliary fact in the place of a disjunction with many cases', () => {
    const names = Array.from({ length: 20 }, (_, i) => `o${i}`);
    const task = ground({
      domain:
        '(:predicates (on ?x) (g)) (:action make :parameters () :precondition (not (forall (?x) (not (on ?x)))) :effect (g)) (:action toggle :parameters (?x) :precondition (not (on ?x)) :effect (on ?x))',
      objects: names.join(' '),
      goal: '(and (g) (forall (?x) (not (on ?x))))',
      init: '(on o0)',
    });
    expect(task.unreachable).toMatch(/^the goal part \(forall/);
    const reachable = ground({
      domain:
        '(:predicates (on ?x) (g)) (:action make :parameters () :precondition (not (forall (?x) (on ?x))) :effect (g)) (:action toggle :parameters (?x) :precondition (not (on ?x)) :effect (on ?x)) (:action off :parameters (?x) :precondition (on ?x) :effect (not (on ?x)))',
      objects: names.join(' '),
      init: names.map((name) => `(on ${name})`).join(' '),
      goal: '(g)',
    });
    const make = reachable.operators.filter((one) => one.action === 'make');
    expect(make).toHaveLength(1);
    expect(reachable.axioms).toHaveLength(1);
    expect(reachable.axioms[0]!.rules.map((rule) => rule.body.map((fact) => reachable.facts[fact]))).toEqual(
      names.map((name) => [`(not (on ${name}))`]),
    );
    expect(reachable.axioms[0]!.rules.every((rule) => rule.head === make[0]!.pre[0])).toBe(true);
  });

  it('gives an existential precondition a witness, and drops a witness that only static facts need', () => {
    const domain = `(:predicates (near ?x ?y) (in ?x) (g ?x)) (:action put :parameters (?x) :effect (in ?x))`;
    const moving = ground({
      domain: `${domain} (:action make :parameters (?x) :precondition (exists (?y) (and (near ?x ?y) (in ?y))) :effect (g ?x))`,
      objects: 'a b c',
      init: '(near a b) (near a c)',
      goal: '(g a)',
    });
    expect(operators(moving).filter((one) => one.startsWith('(make'))).toEqual([
      '(make a): (in b) → (g a) without',
      '(make a): (in c) → (g a) without',
    ]);
    const fixed = ground({
      domain: `${domain} (:action make :parameters (?x) :precondition (exists (?y) (near ?x ?y)) :effect (g ?x))`,
      objects: 'a b c',
      init: '(near a b) (near a c)',
      goal: '(g a)',
    });
    expect(operators(fixed)).toEqual(['(make a): → (g a) without']);
  });

  it('keeps conditional effects, over all objects, and simplifies them by what the operator needs', () => {
    const task = ground({
      domain: `(:predicates (in ?x) (at ?x ?l) (here ?l)) (:constants home)
        (:action go :parameters (?a ?b) :precondition (and (here ?a) (not (= ?a ?b)) (in bag)) :effect (and (here ?b) (not (here ?a)) (forall (?x) (when (in ?x) (and (at ?x ?b) (not (at ?x ?a)))))))
        (:action pack :parameters (?x ?l) :precondition (and (here ?l) (at ?x ?l)) :effect (in ?x))`
        .replace('(:constants home)', '')
        .replace('(:predicates', '(:constants bag) (:predicates'),
      objects: 'cup home work',
      init: '(here home) (at cup home) (at bag home)',
      goal: '(and (at cup work) (at bag work))',
    });
    const go = task.operators.find((one) => one.name === '(go home work)')!;
    expect(go.add.map((fact) => task.facts[fact])).toContain('(at bag work)');
    expect(go.conditional.map((one) => one.when.map((fact) => task.facts[fact]).join())).toEqual(['(in cup)']);
  });

  // complements.1, complements.2
  it('keeps the negation of a fact that one effect adds and another deletes in step', () => {
    const task = ground({
      domain:
        '(:predicates (a) (b) (f) (g)) (:action flip :parameters () :effect (and (when (a) (f)) (when (b) (not (f))))) (:action set :parameters () :effect (and (a) (b))) (:action make :parameters () :precondition (not (f)) :effect (g)) (:action unset :parameters () :effect (and (not (a)) (not (b))))',
      init: '(f)',
      goal: '(g)',
    });
    const flip = task.operators.find((one) => one.action === 'flip')!;
    const negation = task.facts.indexOf('(not (f))');
    const makers = flip.conditional.filter((one) => one.add.includes(negation));
    expect(makers.map((one) => one.when.map((fact) => task.facts[fact]))).toEqual([['(b)', '(not (a))']]);
  });

  it('settles derived facts in layers, their negations after them', () => {
    const task = ground({
      domain: `(:predicates (on ?x ?y) (above ?x ?y) (clear ?x) (g))
        (:derived (above ?x ?y) (or (on ?x ?y) (exists (?z) (and (on ?x ?z) (above ?z ?y)))))
        (:derived (clear ?x) (not (exists (?y) (above ?y ?x))))
        (:action stack :parameters (?x ?y) :precondition (and (clear ?y) (not (= ?x ?y))) :effect (on ?x ?y))
        (:action lift :parameters (?x ?y) :precondition (on ?x ?y) :effect (not (on ?x ?y)))`,
      objects: 'a b',
      init: '(on a b)',
      goal: '(and (clear b) (above b a))',
    });
    expect(task.axioms).toHaveLength(2);
    expect(task.axioms[0]!.complements.map((pair) => task.facts[pair.complement]).sort()).toEqual([
      '(not (above a a))',
      '(not (above a b))',
      '(not (above b a))',
      '(not (above b b))',
    ]);
    expect(task.init.map((fact) => task.facts[fact])).toEqual(['(on a b)']);
  });

  it('compiles derived facts away where they follow from static facts alone', () => {
    const task = ground({
      domain: `(:predicates (road ?x ?y) (linked ?x ?y) (at ?x))
        (:derived (linked ?x ?y) (or (road ?x ?y) (exists (?z) (and (road ?x ?z) (linked ?z ?y)))))
        (:action jump :parameters (?x ?y) :precondition (and (at ?x) (linked ?x ?y) (not (linked ?y ?x))) :effect (and (at ?y) (not (at ?x))))`,
      objects: 'a b c',
      init: '(road a b) (road b c) (at a)',
      goal: '(at c)',
    });
    expect(task.axioms).toEqual([]);
    expect(task.operators.map((one) => one.name).sort()).toEqual(['(jump a b)', '(jump a c)', '(jump b c)']);
  });

  it('refuses derived facts that depend on their own negation', () => {
    const domain =
      '(:predicates (p) (d) (e)) (:derived (d) (not (e))) (:derived (e) (and (p) (d))) (:action flip :parameters () :effect (p))';
    expect(() => ground({ domain, goal: '(d)' })).toThrow('depends on its own negation');
  });

  it('ends where a limit is reached or it is told to', () => {
    const { domain, problem } = parse(CARRY);
    expect(groundTask(domain, problem, { limits: { operators: 3 } })).toEqual({ spent: 'operators' });
    expect(groundTask(domain, problem, { signal: () => true })).toEqual({ cancelled: true });
  });

  it('joins each fact once, so that the work grows as the facts do (reachability.1)', () => {
    const names = Array.from({ length: 300 }, (_, i) => `o${i}`);
    const links = names.slice(1).map((name, i) => `(link o${i} ${name})`);
    const task = ground(
      {
        domain:
          '(:predicates (at ?x) (link ?x ?y)) (:action go :parameters (?x ?y) :precondition (and (at ?x) (link ?x ?y)) :effect (at ?y))',
        objects: names.join(' '),
        init: `(at o0) ${links.join(' ')}`,
        goal: '(at o299)',
      },
      { limits: { rows: 20 * names.length } },
    );
    expect(task.operators).toHaveLength(299);
  });

  it('ends in the middle of the work when told to', () => {
    const { domain, problem } = parse({
      domain: '(:predicates (p ?x ?y)) (:action put :parameters (?x ?y) :effect (p ?x ?y))',
      objects: Array.from({ length: 80 }, (_, i) => `o${i}`).join(' '),
    });
    let asked = 0;
    expect(groundTask(domain, problem, { signal: () => ++asked > 2 })).toEqual({ cancelled: true });
  });
});
