import * as fc from 'fast-check';
import type { WorldState } from '@praxis/core';
import { checkPlan } from './interpret/check-plan.js';
import { Interpreter } from './interpret/interpreter.js';
import type { Domain, Problem } from './pddl/ast.js';
import { parseDomain } from './pddl/read/read-domain.js';
import { parseProblem } from './pddl/read/read-problem.js';
import { solve } from './plan.js';
import type { SearchConfig, SearchResult } from './request.js';

const FACTS = ['a', 'b', 'c'];
const fact = fc.constantFrom(...FACTS);
const literal = fc.tuple(fact, fc.boolean()).map(([name, positive]) => (positive ? `(${name})` : `(not (${name}))`));
const amount = fc.constantFrom('0', '1', '2', '0.5', '(rate)', '(slope)');
const number = fc.constantFrom('(level)', '(spare)', '(rate)', '1', '2', '(/ 2 (slope))');
const comparison = fc
  .tuple(fc.constantFrom('<', '<=', '=', '>', '>='), number, number, fc.boolean())
  .map(([op, left, right, positive]) => (positive ? `(${op} ${left} ${right})` : `(not (${op} ${left} ${right}))`));
const condition = fc.oneof(
  { weight: 4, arbitrary: literal },
  { weight: 2, arbitrary: comparison },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('and', 'or'), literal, comparison)
      .map(([word, x, y]) => `(not (${word} ${x} ${y}))`),
  },
);
const raise = fc.tuple(fc.constantFrom('burnt', 'spent'), amount).map(([name, by]) => `(increase (${name}) ${by})`);
const change = fc.oneof(
  { weight: 5, arbitrary: literal },
  { weight: 3, arbitrary: raise },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '(assign (level) 1)',
      '(assign (level) (rate))',
      '(decrease (spare) 1)',
      '(assign (spare) 2)',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(condition, fc.oneof(literal, raise)).map(([when, what]) => `(when ${when} ${what})`),
  },
);
const list = (parts: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(parts, { minLength: 1, maxLength }).map((all) => `(and ${all.join(' ')})`);
const action = fc.tuple(list(condition, 2), list(change, 3));

const domains = fc.array(action, { minLength: 2, maxLength: 5 }).map(
  (actions) =>
    `(define (domain d) (:predicates (a) (b) (c)) (:functions (burnt) (spent) (level) (spare) (rate) (slope))
  ${actions.map(([needs, does], i) => `(:action act-${i} :precondition ${needs} :effect ${does})`).join('\n  ')})`,
);

const term = fc.constantFrom(
  '(burnt)',
  '(spent)',
  '(total-time)',
  '(rate)',
  '(* 2 (burnt))',
  '(* (rate) (spent))',
  '(- (burnt))',
  '(/ (spent) 2)',
  '(* (burnt) (spent))',
  '(level)',
);
const metric = fc.option(
  fc.tuple(fc.constantFrom('minimize', 'minimize', 'maximize'), fc.constantFrom('+', '-'), term, term),
  { freq: 8, nil: null },
);
const value = (name: string) =>
  fc
    .option(fc.constantFrom(0, 1, 2, 0.5), { freq: 3, nil: null })
    .map((value) => (value === null ? '' : `(= (${name}) ${value})`));
const values = fc
  .tuple(...['burnt', 'spent', 'level', 'spare', 'rate', 'slope'].map(value))
  .map((all) => all.join(' '));
const problems = fc.tuple(fc.subarray(FACTS), values, list(condition, 2), metric).map(
  ([facts, numbers, goal, metric]) =>
    `(define (problem p) (:domain d) (:init ${facts.map((name) => `(${name})`).join(' ')} ${numbers}) (:goal ${goal})
  ${metric === null ? '' : `(:metric ${metric[0]} (${metric.slice(1).join(' ')}))`})`,
);

const STATES = 1500;

/** The best value of the metric among all plans through few states, found without anything that the search uses. */
class Exhaustive {
  readonly #world: Interpreter;
  readonly #sign: number;

  constructor(
    readonly domain: Domain,
    readonly problem: Problem,
  ) {
    this.#world = new Interpreter(domain, problem);
    this.#sign = problem.metric?.direction === 'maximize' ? -1 : 1;
  }

  /** Whether some plan is better than this one by what its steps add to the metric, each at least nothing. */
  beats(cost: number): boolean {
    const open: { state: WorldState; cost: number }[] = [{ state: this.#world.initial(), cost: 0 }];
    const seen = new Map<string, number>();
    while (open.length > 0 && seen.size < STATES) {
      open.sort((x, y) => y.cost - x.cost);
      const node = open.pop()!;
      if (node.cost >= cost - 1e-9) return false;
      const key = JSON.stringify(node.state);
      if ((seen.get(key) ?? Infinity) <= node.cost) continue;
      seen.set(key, node.cost);
      if (this.#world.holds(this.problem.goal, node.state)) return true;
      for (const { action, args } of this.#world.legal(node.state)) {
        const step = this.#sign * this.#world.cost(action, args, node.state);
        open.push({ state: this.#world.apply(action, args, node.state), cost: node.cost + step });
      }
    }
    return false;
  }

  /** Whether any state that is found satisfies the goal. */
  reaches(): boolean {
    const queue = [this.#world.initial()];
    const seen = new Set<string>();
    for (const state of queue) {
      if (this.#world.holds(this.problem.goal, state)) return true;
      if (seen.size >= STATES) return false;
      if (seen.has(JSON.stringify(state))) continue;
      seen.add(JSON.stringify(state));
      for (const { action, args } of this.#world.legal(state)) queue.push(this.#world.apply(action, args, state));
    }
    return false;
  }
}

function examine(domainText: string, problemText: string, engine: SearchConfig['engine']): SearchResult['kind'] {
  const domain = parseDomain(domainText);
  const problem = parseProblem(problemText, domain);
  const result = solve({ domain: domainText, problem: problemText, config: { engine }, budget: { evaluated: 3000 } });
  if (result.kind === 'unsolvable') expect(new Exhaustive(domain, problem).reaches()).toBe(false);
  if (result.kind !== 'solved') return result.kind;
  const check = checkPlan(domain, problem, result.steps);
  expect(check).toMatchObject({ valid: true, cost: result.cost });
  if (result.ignoredMetric !== undefined) expect(result.optimal).toBe(false);
  else if (engine === 'astar') expect(result.optimal).toBe(true);
  if (!result.optimal) return 'solved';
  const added = result.steps.reduce((sum, { cost }) => sum + cost, 0);
  expect(new Exhaustive(domain, problem).beats(problem.metric?.direction === 'maximize' ? -added : added)).toBe(false);
  return 'solved';
}

describe('what the search claims, beside the interpreter that knows nothing of it', () => {
  it.each(['astar', 'qstar', 'greedy'] as const)(
    'plans of %s hold, cost what they say, and are optimal where they say so',
    (engine) => {
      const kinds = new Map<string, number>();
      fc.assert(
        fc.property(domains, problems, (domain, problem) => {
          const kind = examine(domain, problem, engine);
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }),
        { numRuns: 400 },
      );
      expect(kinds.get('solved')).toBeGreaterThan(50);
      expect(kinds.get('unsolvable')).toBeGreaterThan(50);
    },
  );
});
