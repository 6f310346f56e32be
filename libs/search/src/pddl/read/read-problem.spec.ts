import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PraxisError } from '@praxis/core';
import { parseDomain } from './read-domain.js';
import { parseProblem } from './read-problem.js';

const DOMAIN = parseDomain(`(define (domain d) (:types room thing - object box - thing) (:constants hall - room)
  (:predicates (at ?x - thing ?r - room) (heavy ?x - thing)) (:functions (fuel ?x - thing) (total-cost))
  (:derived (heavy ?x) (> (fuel ?x) 5)))`);

function failure(sections: string): string {
  try {
    parseProblem(`(define (problem p)\n${sections})`, DOMAIN, 'p.pddl');
  } catch (error) {
    const { message, details } = error as PraxisError;
    expect(message.startsWith(`p.pddl:${details['line']}:${details['column']}: `)).toBe(true);
    return message.slice('p.pddl:'.length);
  }
  throw new Error('it was read without an error');
}

describe('parseProblem', () => {
  it('reads objects, facts, numbers, goal and metric in any order of sections', () => {
    const problem = parseProblem(
      `(define (problem P) (:goal (and (at b hall))) (:init (AT b hall) (at b hall) (not (at c hall)) (= (fuel b) 2.5) (= total-cost 0))
       (:metric minimize (+ (total-cost) (fuel b))) (:objects b - box c - thing hall - room) (:domain D) (:requirements :adl) (:length (:serial 3)))`,
      DOMAIN,
    );
    expect(problem).toEqual({
      name: 'p',
      domain: 'd',
      objects: [
        { name: 'b', types: ['box'] },
        { name: 'c', types: ['thing'] },
      ],
      init: {
        atoms: [{ predicate: 'at', args: ['b', 'hall'] }],
        numbers: new Map([
          ['(fuel b)', 2.5],
          ['(total-cost)', 0],
        ]),
      },
      goal: { kind: 'and', parts: [{ kind: 'atom', predicate: 'at', args: ['b', 'hall'] }] },
      metric: { direction: 'minimize', value: expect.objectContaining({ kind: 'arithmetic', op: '+' }) },
    });
  });

  it('reads a plan time as no metric, since actions take no time', () => {
    expect(
      parseProblem('(define (problem p) (:domain d) (:goal ()) (:metric minimize (total-time)))', DOMAIN).metric,
    ).toBeNull();
  });

  it.each([
    ['(:domain other) (:goal (and))', '2:10: this problem is for the domain `other`, but the domain given is `d`'],
    ['(:goal (and))', '2:14: found ")", expected (:domain …)'],
    ['(:domain d)', '2:12: found ")", expected (:goal …)'],
    ['(:domain d) (:goals (and))', '2:14: unknown section `:goals`; did you mean `:goal`?'],
    ['(:domain d) (:objects b - bx)', '2:27: unknown type `bx`; did you mean `box`?'],
    ['(:domain d) (:objects ?b - box)', '2:23: found "?b", expected the name of an object'],
    ['(:domain d) (:objects b - box) (:init (at b hal))', '2:45: unknown object `hal`; did you mean `hall`?'],
    [
      '(:domain d) (:objects b - box) (:init (at hall b))',
      '2:43: `hall` is of type room, but argument 1 of `at` must be of type thing',
    ],
    [
      '(:domain d) (:objects b) (:init (at b hall))',
      '2:37: `b` is of type object, but argument 1 of `at` must be of type thing',
    ],
    [
      '(:domain d) (:objects b - box) (:init (heavy b))',
      '2:39: `heavy` is derived by a rule, so it cannot be listed in :init',
    ],
    ['(:domain d) (:objects b - box) (:init (= (fuel b) much))', '2:51: found "much", expected a number'],
    ['(:domain d) (:objects b - box) (:init (= (fuel b) 1) (= (fuel b) 2))', '2:54: `(fuel b)` is given two values'],
    [
      '(:domain d) (:objects b - box) (:init (at 5 (at b hall)))',
      '2:39: not supported: facts that become true at a time',
    ],
    ['(:domain d) (:objects b - box) (:init (at ?x hall))', '2:43: unknown variable `?x`; none is declared'],
    ['(:domain d) (:goal (and) (and))', '2:26: found "(and …", expected ")"'],
    ['(:domain d) (:goal (at ?x hall))', '2:24: unknown variable `?x`; none is declared'],
    [
      '(:domain d) (:goal (and)) (:metric least (total-cost))',
      '2:36: found "least", expected "minimize" or "maximize"',
    ],
    [
      '(:domain d) (:goal (and)) (:metric minimize (cost))',
      '2:46: unknown function `cost`; declared: total-cost, fuel, total-time',
    ],
    ['(:domain d) (:goal (and)) (:constraints (and))', '2:28: not supported: constraints'],
  ])('points at what is wrong in %s', (sections, message) => {
    expect(failure(sections)).toBe(message);
  });

  it('reads a file of five megabytes', () => {
    const names = Array.from({ length: 60_000 }, (_, at) => `object-number-${at}`);
    const facts = names.map((name) => `(at ${name} hall) (= (fuel ${name}) 1)\n`).join('');
    const text = `(define (problem p) (:domain d) (:objects ${names.join(' ')} - box) (:init ${facts}) (:goal (at object-number-7 hall)))`;
    expect(text.length).toBeGreaterThan(4_000_000);
    expect(parseProblem(text, DOMAIN).init.atoms).toHaveLength(60_000);
  });
});

const CORPUS = fileURLToPath(new URL('../../../../../../shared/data/pddl', import.meta.url));

(existsSync(CORPUS) ? describe : describe.skip)(
  'parseProblem on published benchmarks (skipped where ../shared/data is missing)',
  () => {
    const folders = existsSync(CORPUS)
      ? readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      : [];

    it.each(folders.map(({ name }) => name))('reads every problem of %s', (folder) => {
      const domain = parseDomain(readFileSync(`${CORPUS}/${folder}/domain.pddl`, 'utf8'), `${folder}/domain.pddl`);
      const files = readdirSync(`${CORPUS}/${folder}`).filter(
        (file) => file !== 'domain.pddl' && file.endsWith('.pddl'),
      );
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const problem = parseProblem(readFileSync(`${CORPUS}/${folder}/${file}`, 'utf8'), domain, `${folder}/${file}`);
        expect(problem.init.atoms.length).toBeGreaterThan(0);
      }
    });
  },
);
