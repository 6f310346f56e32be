import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { parseCondition } from '../pddl/read/read-condition.js';
import { holds } from './evaluate.js';
import { ObjectTable } from './object-table.js';
import { EarlierSituation, Situation } from './situation.js';
import { StepMeter } from './step-meter.js';

const NAMES = Array.from({ length: 50 }, (_, i) => `o${i}`);
const DOMAIN = parseDomain('(define (domain d) (:requirements :adl) (:predicates (p ?x) (q ?x)))');
const PROBLEM = parseProblem(
  `(define (problem p) (:domain d) (:objects ${NAMES.join(' ')}) (:init) (:goal (and)))`,
  DOMAIN,
);
const TABLE = new ObjectTable(DOMAIN, PROBLEM);
const at = (facts: readonly string[], meter?: StepMeter): Situation =>
  new Situation(TABLE, new Set(facts), new Map(), meter);

describe('Situation', () => {
  it('keeps what is derived apart from its base (situation.1)', () => {
    const one = at(['(p o1)']);
    one.derive('(q o1)');
    expect([[...one.base], [...one.facts]]).toEqual([['(p o1)'], ['(p o1)', '(q o1)']]);
  });

  it('finds by its indexes what was derived after they were built, in the order in which it came (situation.2)', () => {
    const one = at(['(p o1)']);
    expect(one.candidates('p', [undefined])).toEqual([['o1']]);
    one.derive('(p o0)');
    one.derive('(p o2)');
    expect(one.candidates('p', [undefined])).toEqual([['o1'], ['o0'], ['o2']]);
    expect(one.candidates('p', ['o2'])).toEqual([['o2']]);
  });

  it('can be read as it was before a fact came (situation.3)', () => {
    const one = at(['(p o1)']);
    for (const fact of ['(p o5)', '(p o3)', '(p o4)']) one.derive(fact);
    const earlier = new EarlierSituation(one, '(p o3)');
    expect(earlier.candidates('p', [undefined])).toEqual([['o1'], ['o5']]);
    expect([earlier.has('(p o5)'), earlier.has('(p o3)')]).toEqual([true, false]);
  });
});

describe('a join', () => {
  const facts = [...NAMES.map((name) => `(p ${name})`), '(q o49)'];
  const stepsOf = (text: string): number => {
    const meter = new StepMeter();
    expect(holds(parseCondition(text, DOMAIN, PROBLEM.objects), new Map(), at(facts, meter))).toBe(true);
    return meter.steps;
  };

  it('begins with the atom that has the fewest rows (interpret-join.2)', () => {
    expect(stepsOf('(exists (?x) (and (p ?x) (q ?x)))')).toBeLessThan(NAMES.length);
  });

  it('tests a variable as soon as it is bound, not for each value of the others (interpret-join.3)', () => {
    expect(stepsOf('(exists (?x ?y) (and (p ?x) (p ?y) (= ?x o49)))')).toBeLessThan(5 * NAMES.length);
  });
});
