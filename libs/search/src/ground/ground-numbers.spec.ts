import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { groundTask } from './ground-task.js';
import type { Task } from './task/task.js';

function ground(domain: string, problem: string): Task {
  const read = parseDomain(`(define (domain d) (:requirements :adl :fluents :action-costs) ${domain})`);
  const task = groundTask(read, parseProblem(`(define (problem p) (:domain d) ${problem})`, read));
  if (!('facts' in task)) throw new Error(`ended: ${JSON.stringify(task)}`);
  return task;
}

const ROADS = `(:predicates (at ?x) (road ?x ?y)) (:functions (total-cost) (length ?x ?y))
  (:action go :parameters (?x ?y) :precondition (and (at ?x) (road ?x ?y)) :effect (and (at ?y) (not (at ?x)) (increase (total-cost) (+ 1 (length ?x ?y)))))`;
const ROAD_PROBLEM =
  '(:objects a b c) (:init (at a) (road a b) (road b c) (= (total-cost) 0) (= (length a b) 4) (= (length b c) 2)) (:goal (at c))';

describe('costs of ground operators', () => {
  it('come from the total cost where the metric minimises it', () => {
    const task = ground(ROADS, `${ROAD_PROBLEM} (:metric minimize (total-cost))`);
    expect(task.operators.map((one) => [one.name, one.cost])).toEqual([
      ['(go a b)', 5],
      ['(go b c)', 3],
    ]);
    expect(task.variables).toEqual([]);
  });

  it('are one without a metric, and follow a metric that is made of it', () => {
    expect(ground(ROADS, ROAD_PROBLEM).operators.map((one) => one.cost)).toEqual([1, 1]);
    expect(
      ground(ROADS, `${ROAD_PROBLEM} (:metric minimize (* 2 (total-cost)))`).operators.map((one) => one.cost),
    ).toEqual([10, 6]);
  });

  it('split an operator whose cost depends on the state', () => {
    const domain = `(:predicates (done) (rain)) (:functions (total-cost))
      (:action walk :parameters () :effect (and (done) (increase (total-cost) 1) (when (rain) (increase (total-cost) 5))))
      (:action shelter :parameters () :effect (not (rain)))`;
    const task = ground(domain, '(:init (rain)) (:goal (done)) (:metric minimize (total-cost))');
    const walks = task.operators
      .filter((one) => one.action === 'walk')
      .map((one) => [one.pre.map((fact) => task.facts[fact]), one.cost]);
    expect(walks).toEqual([
      [['(rain)'], 6],
      [['(not (rain))'], 1],
    ]);
  });

  it('are one where the metric would make some negative, and the task says so', () => {
    const domain =
      '(:predicates (done)) (:functions (total-cost)) (:action earn :parameters () :effect (and (done) (increase (total-cost) -2)))';
    const task = ground(domain, '(:init) (:goal (done)) (:metric minimize (total-cost))');
    expect([task.operators.map((one) => one.cost), task.ignoresMetric]).toEqual([[1], true]);
  });

  const TRIPS = `(:predicates (at ?x) (road ?x ?y)) (:functions (litres ?x ?y) (burnt) (price) (tank))
    (:action go :parameters (?x ?y) :precondition (and (at ?x) (road ?x ?y))
      :effect (and (at ?y) (not (at ?x)) (increase (burnt) (litres ?x ?y)) (decrease (tank) 1)))`;
  const TRIP =
    '(:objects a b) (:init (at a) (road a b) (= (litres a b) 7) (= (burnt) 0) (= (price) 2) (= (tank) 9)) (:goal (at b))';

  it.each([
    ['minimize (burnt)', 7],
    ['minimize (+ (* (price) (burnt)) (* 3 (total-time)))', 17],
    ['minimize (- (/ (burnt) (price)) (tank))', 4.5],
    ['maximize (- (burnt))', 7],
    ['maximize (- (tank) (burnt))', 8],
    ['minimize (* 2 (total-time))', 2],
    ['minimize 5', 0],
  ])('are what each raises the linear metric %s by', (metric, cost) => {
    const task = ground(TRIPS, `${TRIP} (:metric ${metric})`);
    expect([task.operators.map((one) => one.cost), task.ignoresMetric]).toEqual([[cost], undefined]);
  });

  it.each([
    'maximize (burnt)',
    'minimize (tank)',
    'minimize (* (burnt) (burnt))',
    'minimize (/ 1 (burnt))',
    'minimize (litres b a)',
    'maximize (total-time)',
  ])('are one under %s, which the search cannot look for', (metric) => {
    const task = ground(TRIPS, `${TRIP} (:metric ${metric})`);
    expect([task.operators.map((one) => one.cost), task.ignoresMetric]).toEqual([[1], true]);
  });
});

describe('numbers of ground operators', () => {
  const TANK = `(:types truck) (:predicates (there ?t - truck)) (:functions (fuel ?t - truck) (need ?t - truck) (spare))
    (:action drive :parameters (?t - truck) :precondition (and (>= (fuel ?t) (need ?t)) (not (= (need ?t) 0))) :effect (and (there ?t) (decrease (fuel ?t) (need ?t))))
    (:action fill :parameters (?t - truck) :precondition (> (spare) 0) :effect (and (assign (fuel ?t) 9) (decrease (spare) 1)))`;

  it('keep what changes as variables and compile what never does', () => {
    const task = ground(
      TANK,
      '(:objects t u - truck) (:init (= (fuel t) 1) (= (fuel u) 0) (= (need t) 3) (= (need u) 0) (= (spare) 2)) (:goal (there t))',
    );
    expect(task.variables).toEqual(['(fuel t)', '(spare)']);
    expect(task.initNumbers).toEqual([1, 2]);
    expect(task.operators.map((one) => one.name)).toEqual(['(drive t)', '(fill t)', '(fill u)']);
    expect(task.operators[0]!.preNumeric).toEqual([
      {
        op: '>=',
        left: {
          kind: 'binary',
          op: '-',
          left: { kind: 'variable', variable: 0 },
          right: { kind: 'constant', value: 3 },
        },
      },
    ]);
    expect(task.operators[1]!.preNumeric).toEqual([{ op: '>', left: { kind: 'variable', variable: 1 } }]);
    expect(task.operators[0]!.numeric).toEqual([
      { variable: 0, op: 'decrease', value: { kind: 'constant', value: 3 } },
    ]);
  });

  it('settle a goal that compares fixed numbers', () => {
    const objects = '(:objects t - truck) (:init (= (fuel t) 1) (= (need t) 3) (= (spare) 2))';
    expect(ground(TANK, `${objects} (:goal (< (need t) 2))`).unreachable).toBe(
      'the goal part (< (need t) 2) can never hold, even ignoring deletes',
    );
    expect(ground(TANK, `${objects} (:goal (> (need t) 2))`).goalNumeric).toEqual([]);
  });

  it('drop an operator that reads a number which nothing defines', () => {
    const task = ground(
      TANK,
      '(:objects t u - truck) (:init (= (fuel t) 1) (= (need t) 1) (= (fuel u) 5) (= (spare) 2)) (:goal (and (there t)))',
    );
    expect(task.operators.map((one) => one.name)).toEqual(['(drive t)', '(fill t)', '(fill u)']);
    expect(
      ground(TANK, '(:objects u - truck) (:init (= (fuel u) 5) (= (spare) 2)) (:goal (there u))').unreachable,
    ).toMatch(/there u/);
  });

  it('keep the total cost as a variable where a condition reads it', () => {
    const domain =
      '(:predicates (done)) (:functions (total-cost)) (:action work :parameters () :precondition (< (total-cost) 5) :effect (and (done) (increase (total-cost) 2)))';
    const task = ground(domain, '(:init (= (total-cost) 0)) (:goal (done)) (:metric minimize (total-cost))');
    expect(task.variables).toEqual(['(total-cost)']);
    expect(task.operators[0]!.cost).toBe(2);
  });

  it('change once, however many ways there are to satisfy a condition', () => {
    const domain = `(:predicates (on ?x) (go)) (:functions (n))
      (:action count :parameters () :effect (when (exists (?x) (on ?x)) (increase (n) 1))) (:action put :parameters (?x) :effect (on ?x))`;
    const task = ground(domain, '(:objects a b) (:init (= (n) 0)) (:goal (>= (n) 1))');
    const count = task.operators.find((one) => one.action === 'count')!;
    expect(count.conditional).toHaveLength(1);
    expect(task.axioms[0]!.rules).toHaveLength(2);
  });
});
