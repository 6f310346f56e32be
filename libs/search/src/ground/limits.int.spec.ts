import { solve } from '../plan.js';

const objects = (count: number): string => Array.from({ length: count }, (_, i) => `o${i}`).join(' ');
const variables = (count: number): string => Array.from({ length: count }, (_, i) => `?v${i}`).join(' ');
const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const domain = (
  body: string,
): string => `(define (domain d) (:requirements :adl :derived-predicates) (:predicates (p ?x) (q ?x) (done)) ${body}
  (:action finish :parameters () :effect (done)) (:action flip :parameters (?x) :effect (and (p ?x) (not (q ?x)))))`;
const problem = (count: number, goal: string): string =>
  `(define (problem one) (:domain d) (:objects ${objects(count)}) (:init ${each(count, (i) => `(q o${i})`)}) (:goal ${goal}))`;

describe('grounding that would never be complete', () => {
  it.each([
    [
      'a goal with a quantifier over 8 variables and 60 objects',
      domain(''),
      `(and (done) (forall (${variables(8)}) (or ${each(8, (i) => `(p ?v${i})`)})))`,
    ],
    [
      'a precondition with a quantifier over 8 variables',
      domain(
        `(:action most :parameters () :precondition (not (exists (${variables(8)}) (and ${each(8, (i) => `(p ?v${i})`)}))) :effect (done))`,
      ),
      '(and (done) (p o1))',
    ],
    [
      'an effect for all of 8 variables',
      domain(
        `(:action all :parameters () :effect (forall (${variables(8)}) (when (and ${each(8, (i) => `(p ?v${i})`)}) (done))))`,
      ),
      '(and (done) (p o1))',
    ],
  ])('ends by its budget of rows: %s', (_, text, goal) => {
    const result = solve({ domain: text, problem: problem(60, goal), budget: { rows: 2_000_000 } });
    expect(result).toMatchObject({ kind: 'spent', budget: 'rows' });
  });

  it("ends by the caller's cancel and by time in the midst of a quantifier", () => {
    const request = {
      domain: domain(''),
      problem: problem(60, `(and (done) (forall (${variables(8)}) (or ${each(8, (i) => `(p ?v${i})`)})))`),
    };
    let asked = 0;
    expect(solve(request, { cancelled: () => ++asked > 20 }).kind).toBe('cancelled');
    let now = 0;
    expect(solve({ ...request, budget: { milliseconds: 50 } }, { now: () => now++ })).toMatchObject({
      kind: 'spent',
      budget: 'milliseconds',
    });
  });

  it('counts the conditional effects of an operator while it looks for invariants', () => {
    const text = `(define (domain belt) (:requirements :adl) (:predicates (on ?x) (next ?x ?y) (done))
      ${each(20, (i) => `(:action turn${i} :parameters () :effect (forall (?x ?y) (when (and (next ?x ?y) (on ?x)) (and (on ?y) (not (on ?x))))))`)})`;
    const ring = `(define (problem p) (:domain belt) (:objects ${objects(100)}) (:init (on o0) ${each(100, (i) => `(next o${i} o${(i + 1) % 100})`)}) (:goal (on o3)))`;
    expect(solve({ domain: text, problem: ring })).toMatchObject({ kind: 'solved', cost: 3 });
    // Grounding itself looks at some ten thousand rows; comparing 2,000 conditional effects takes more.
    expect(solve({ domain: text, problem: ring, budget: { rows: 20_000 } })).toMatchObject({
      kind: 'spent',
      budget: 'rows',
    });
  });
});

describe('the work between grounding and search', () => {
  it('ends when the caller gives up while heuristics are being built', () => {
    const rooms = 120;
    const text = `(define (domain line) (:predicates (at ?x) (next ?x ?y) (seen ?x))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (next ?x ?y)) :effect (and (at ?y) (seen ?y) (not (at ?x)))))`;
    const task = `(define (problem p) (:domain line) (:objects ${objects(rooms)}) (:init (at o0) ${each(rooms - 1, (i) => `(next o${i} o${i + 1})`)}) (:goal (seen o${rooms - 1})))`;
    let looks = 0;
    const free = solve({ domain: text, problem: task }, { cancelled: () => (looks++, false) });
    expect(free.kind).toBe('solved');
    // Wherever the search is when the caller gives up, it says so and returns.
    for (let at = 1; at < looks; at += Math.ceil(looks / 25)) {
      let asked = 0;
      const result = solve({ domain: text, problem: task }, { cancelled: () => ++asked >= at });
      expect(['cancelled', 'solved']).toContain(result.kind);
      if (at < looks / 4) expect(result.kind).toBe('cancelled');
    }
  });
});
