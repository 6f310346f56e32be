import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keyedChoice } from '@praxis/core';
import type { Domain, Problem } from '../pddl/ast.js';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { checkPlan } from './check-plan.js';
import type { GroundAction } from './ground-action.js';
import { Interpreter } from './interpreter.js';
import { parsePlan } from './plan-text.js';

const DOMAIN = parseDomain(`(define (domain ferry) (:types place car)
  (:predicates (at ?c - car ?p - place) (here ?p - place) (on ?c - car) (empty) (road ?p ?q - place)) (:functions (total-cost) (length ?p ?q - place))
  (:action sail :parameters (?p ?q - place) :precondition (and (here ?p) (road ?p ?q)) :effect (and (not (here ?p)) (here ?q) (increase (total-cost) (length ?p ?q))))
  (:action board :parameters (?c - car ?p - place) :precondition (and (here ?p) (at ?c ?p) (empty)) :effect (and (on ?c) (not (at ?c ?p)) (not (empty))))
  (:action leave :parameters (?c - car ?p - place) :precondition (and (on ?c) (here ?p)) :effect (and (at ?c ?p) (not (on ?c)) (empty))))`);

const PROBLEM = parseProblem(
  `(define (problem p) (:domain ferry) (:objects north south - place red blue - car)
  (:init (at red north) (at blue north) (here north) (empty) (road north south) (road south north) (= (length north south) 4) (= (length south north) 2.5))
  (:goal (and (at red south) (here north))) (:metric minimize (total-cost)))`,
  DOMAIN,
);

const GOOD = '(board red north)\n(sail north south)\n(leave red south)\n(sail south north)\n';

describe('checkPlan', () => {
  it('accepts a plan that works, and says what it costs and where it ends', () => {
    const check = checkPlan(DOMAIN, PROBLEM, parsePlan(GOOD));
    expect(check).toMatchObject({ valid: true, cost: 6.5 });
    expect(check.valid && check.final.facts).toEqual([
      '(at blue north)',
      '(at red south)',
      '(empty)',
      '(here north)',
      '(road north south)',
      '(road south north)',
    ]);
    expect(check.valid && check.final.numbers['(total-cost)']).toBe(6.5);
  });

  it.each([
    ['a step too few', GOOD.replace('(sail south north)\n', ''), 3, 'the goal is not reached: (here north)'],
    ['no step at all', '', 0, 'the goal is not reached: (at red south)'],
    [
      'steps in the wrong order',
      '(sail north south)\n(board red north)\n',
      1,
      '(board red north) is not possible: (here north)',
    ],
    [
      'a step done twice',
      '(board red north)\n(board red north)\n',
      1,
      '(board red north) is not possible: (at red north)',
    ],
    [
      'a resource used twice',
      '(board red north)\n(board blue north)\n',
      1,
      '(board blue north) is not possible: (empty)',
    ],
    [
      'an unknown action',
      '(swim red)\n',
      0,
      '(swim red) is not possible: there is no action `swim`; declared: sail, board, leave',
    ],
    [
      'an unknown object',
      '(board rde north)\n',
      0,
      '(board rde north) is not possible: there is no object `rde`; did you mean `red`?',
    ],
    [
      'an object of the wrong type',
      '(board north north)\n',
      0,
      '(board north north) is not possible: `north` is of type place, but argument 1 of `board` must be of type car',
    ],
    [
      'an argument too few',
      '(board red)\n',
      0,
      '(board red) is not possible: `board` takes 2 arguments (?c - car ?p - place), found 1',
    ],
    [
      'a static condition that is false',
      '(sail north north)\n',
      0,
      '(sail north north) is not possible: (road north north)',
    ],
  ])('refuses a plan with %s', (_, text, step, reason) => {
    expect(checkPlan(DOMAIN, PROBLEM, parsePlan(text))).toEqual({ valid: false, step, reason });
  });

  it('carries out a thousand steps', () => {
    const trips = Array.from({ length: 250 }, () =>
      parsePlan('(sail north south)\n(sail south north)\n(board red north)\n(leave red north)'),
    ).flat();
    expect(checkPlan(DOMAIN, PROBLEM, [...trips, ...parsePlan(GOOD)])).toMatchObject({ valid: true, cost: 251 * 6.5 });
  });
});

const CORPUS = fileURLToPath(new URL('../../../../../shared/data/pddl', import.meta.url));

/** Steps chosen among the legal ones by a keyed generator, and the problem of reaching where they lead. */
function walk(domain: Domain, problem: Problem, length: number): { steps: GroundAction[]; reached: Problem } {
  const world = new Interpreter(domain, problem);
  let state = world.initial();
  const steps: GroundAction[] = [];
  for (let at = 0; at < length; at += 1) {
    const legal = world.legal(state);
    if (legal.length === 0) break;
    const step = keyedChoice(legal, problem.name, at);
    state = world.apply(step.action, step.args, state);
    steps.push(step);
  }
  const parts = state.facts.map((fact) => {
    const [predicate, ...args] = fact.slice(1, -1).split(' ');
    return { kind: 'atom' as const, predicate: predicate!, args };
  });
  return { steps, reached: { ...problem, goal: { kind: 'and', parts } } };
}

(existsSync(CORPUS) ? describe : describe.skip)(
  'checkPlan on published benchmarks (skipped where ../shared/data is missing)',
  () => {
    const folders = existsSync(CORPUS)
      ? readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      : [];

    it.each(folders.map(({ name }) => name))('agrees with the interpreter on walks through %s', (folder) => {
      const domain = parseDomain(readFileSync(`${CORPUS}/${folder}/domain.pddl`, 'utf8'));
      const file = readdirSync(`${CORPUS}/${folder}`).find((name) => name.endsWith('.pddl') && name !== 'domain.pddl')!;
      const { steps, reached } = walk(
        domain,
        parseProblem(readFileSync(`${CORPUS}/${folder}/${file}`, 'utf8'), domain),
        12,
      );
      expect(steps.length).toBeGreaterThan(0);
      expect(checkPlan(domain, reached, steps)).toMatchObject({ valid: true });
      expect(checkPlan(domain, reached, [...steps, { action: 'teleport', args: [] }])).toMatchObject({
        valid: false,
        step: steps.length,
      });
    });
  },
);
