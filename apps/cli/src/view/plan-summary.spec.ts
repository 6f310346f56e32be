import { solve, type SolvedResult } from '@praxis/search';
import { planSummary } from './plan-summary.js';

const DOMAIN = `(define (domain trips) (:types town) (:predicates (in ?t - town) (road ?a ?b - town))
  (:functions (litres ?a ?b - town) (burnt) (fun))
  (:action go :parameters (?a ?b - town) :precondition (and (in ?a) (road ?a ?b))
    :effect (and (in ?b) (not (in ?a)) (increase (burnt) (litres ?a ?b)) (increase (fun) 1))))`;

function solved(metric: string): SolvedResult {
  const problem = `(define (problem p) (:domain trips) (:objects a b c - town)
    (:init (in a) (road a b) (road b c) (road a c) (= (litres a b) 0.1) (= (litres b c) 0.2) (= (litres a c) 50) (= (burnt) 0) (= (fun) 0))
    (:goal (in c)) ${metric === '' ? '' : `(:metric ${metric})`})`;
  const result = solve({ domain: DOMAIN, problem, config: { engine: 'astar' } });
  if (result.kind !== 'solved') throw new Error(result.kind);
  return result;
}

const IGNORED = (metric: string): string =>
  `; the search does not look for (${metric}), only for a short plan; the cost is the metric's value`;

describe('planSummary', () => {
  it.each([
    ['', '1 step, cost 1 (optimal), checked'],
    ['minimize (total-time)', '1 step, cost 1 (optimal), checked'],
    ['minimize (burnt)', '2 steps, cost 0.3 (optimal), checked'],
    ['maximize (- (burnt))', '2 steps, cost -0.3 (optimal), checked'],
    ['minimize (+ (burnt) (* 100 (total-time)))', '1 step, cost 150 (optimal), checked'],
    ['minimize (total-cost)', '1 step, cost 1 (optimal), checked'],
    ['maximize (fun)', `1 step, cost 1, checked${IGNORED('maximize (fun)')}`],
    ['maximize (burnt)', `1 step, cost 50, checked${IGNORED('maximize (burnt)')}`],
    ['minimize (* (burnt) (burnt))', `1 step, cost 2500, checked${IGNORED('minimize (* (burnt) (burnt))')}`],
  ])('claims of a plan under the metric %j only what is true', (metric, text) => {
    expect(planSummary(solved(metric))).toBe(text);
  });
});
