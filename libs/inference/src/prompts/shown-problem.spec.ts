import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseDomain, parseProblem } from '@praxis/search';
import { shownProblem } from './shown-problem.js';

const world = (file: string): string =>
  readFileSync(new URL(`../../../environments/worlds/household/${file}`, import.meta.url), 'utf8');
const problem = `(define (problem p) ; (:goal in a comment)
  (:domain d)
  (:objects a b - thing)
  (:init (on a b) (Linked a b) (linked b a) (not (open a)) (= (fuel a) 3))
  (:goal (and (on b a)
    (not (on a b)))))`;
const now = (changing: readonly string[] | null, facts: readonly string[] = []) => ({
  now: { changing: changing === null ? null : new Set(changing), facts: new Set(facts) },
});

describe('a problem as it is shown', () => {
  it('has no goal of its own beside that of the prompt', () => {
    expect(shownProblem(problem, { now: null })).toBe(`(define (problem p) ; (:goal in a comment)
  (:domain d)
  (:objects a b - thing)
  (:init (on a b) (Linked a b) (linked b a) (not (open a)) (= (fuel a) 3)))`);
  });

  it('has no initial state once the world has moved on, but for what never changes and the facts do not tell', () => {
    expect(shownProblem(problem, now(['on', 'open'], ['(linked b a)']))).toContain('(:init (linked a b))');
    expect(shownProblem(problem, now(['on', 'linked']))).not.toContain(':init');
    expect(shownProblem(problem, now(null))).not.toContain(':init');
    expect(shownProblem(problem, now(null))).toContain('(:objects a b - thing)');
  });

  it.each(['breakfast-a', 'dinner-a'])('can still be read by whoever plans with it: %s', (scenario) => {
    const [domain, told] = [parseDomain(world('domain.pddl')), world(`scenarios/${scenario}.pddl`)];
    const before = parseProblem(told, domain);
    for (const view of [{ now: null }, now(null), now(['on', 'at', 'in', 'holding', 'free', 'dry', 'clean', 'open'])]) {
      const shown = shownProblem(told, view);
      const read = parseProblem(shown.replace(/\)\s*$/, '(:goal (and)))'), domain);
      expect(read.objects).toEqual(before.objects);
    }
  });

  it('is given back as it is where it is no PDDL at all', () => {
    fc.assert(
      fc.property(
        fc.string().filter((s) => !s.includes(':')),
        (text) => expect(shownProblem(text, now(null))).toBe(text),
      ),
    );
  });
});
