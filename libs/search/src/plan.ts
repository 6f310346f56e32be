import { DEFAULT_EVALUATED, PraxisError } from '@praxis/core';
import type { SearchControl } from './engines/meter.js';
import { Meter, orStopped } from './engines/meter.js';
import { searchTask } from './engines/search-task.js';
import { groundTask, type GroundOptions } from './ground/ground-task.js';
import type { Task } from './ground/task.js';
import { addPrecondition } from './pddl/add-precondition.js';
import type { Domain, Problem } from './pddl/ast.js';
import { parseCondition } from './pddl/read-condition.js';
import { parseDomain } from './pddl/read-domain.js';
import { parseProblem } from './pddl/read-problem.js';
import { mandatoryFacts } from './heuristics/mandatory-facts.js';
import type { PlanRequest, PlanStep, SearchBudget, SearchConfig, SearchResult, SearchStats } from './request.js';

/** What is used where a request says nothing. */
export const DEFAULT_CONFIG: SearchConfig = { engine: 'greedy', heuristics: ['ff', 'landmarks'], preferred: true, weight: 5, seed: '1' };
export const DEFAULT_BUDGET = { evaluated: DEFAULT_EVALUATED, memory: 1_000_000_000, operators: 1_000_000, rows: 1_000_000_000 } as const satisfies SearchBudget;

/**
 * Answers a planning request: read, add what was learned, ground, search, improve. Bad PDDL throws `invalid` with line
 * and column; everything else is a result. Synchronous and possibly long: services use `PlanPool`.
 */
export function solve(request: PlanRequest, control: SearchControl = {}): SearchResult {
  const { now = () => performance.now() } = control;
  const started = now();
  const domain = (request.guards ?? []).reduce(addPrecondition, parseDomain(request.domain));
  const problem = parseProblem(request.problem, domain);
  const config = configOf(request);
  const budget = { ...DEFAULT_BUDGET, ...request.budget };
  const grounded = groundTask(domain, problem, groundOptions(request, { domain, problem, budget, control }));
  const none = (): SearchStats => ({ facts: 0, operators: 0, expanded: 0, evaluated: 0, generated: 0, milliseconds: Math.round(now() - started) });
  if ('cancelled' in grounded) return { kind: 'cancelled', stats: none() };
  if ('spent' in grounded) return { kind: 'spent', budget: grounded.spent, stats: none() };
  return search(grounded, config, new Meter({ facts: grounded.facts.length, operators: grounded.operators.length }, budget, control, started), request);
}

interface GroundFrame {
  readonly domain: Domain;
  readonly problem: Problem;
  readonly budget: SearchBudget & { readonly operators: number; readonly rows: number };
  readonly control: SearchControl;
}

function groundOptions({ state, goal, avoid, without }: PlanRequest, { domain, problem, budget, control }: GroundFrame): GroundOptions {
  const { operators, rows, milliseconds } = budget;
  return {
    ...(state && { state }),
    ...(goal !== undefined && { goal: parseCondition(goal, domain, [...domain.constants, ...problem.objects], 'goal') }),
    ...(avoid && { avoid }),
    ...(without && { without }),
    limits: { operators, rows, ...(milliseconds !== undefined && { milliseconds }) },
    ...(control.cancelled && { signal: control.cancelled }),
    ...(control.now && { now: control.now }),
  };
}

/** Engines that prove a plan cheapest are guided by LM-cut unless something else is asked for: FF may overestimate. */
function configOf({ config = {} }: PlanRequest): SearchConfig {
  const isExact = config.engine === 'astar' || config.engine === 'qstar';
  const all = { ...DEFAULT_CONFIG, ...(isExact ? { heuristics: ['landmarks'] as const } : {}), ...config };
  if (Number.isFinite(all.weight) && all.weight >= 0) return all;
  throw new PraxisError('invalid', `The weight of a search must be a number of 0 or more, found ${all.weight}.`);
}

function search(task: Task, config: SearchConfig, meter: Meter, request: PlanRequest): SearchResult {
  const result = searchTask(task, config, meter);
  const stats = meter.stats();
  switch (result.kind) {
    case 'found': {
      const steps = result.plan.map((o): PlanStep => {
        const { action, args, cost } = task.operators[o]!;
        return { action, args, cost };
      });
      const landmarks = request.landmarks === true ? { landmarks: orStopped(() => mandatoryFacts(task, meter.step), []) } : {};
      return { kind: 'solved', steps, cost: steps.reduce((sum, s) => sum + s.cost, 0), optimal: result.optimal, stats, ...landmarks };
    }
    case 'unsolvable':
      return { kind: 'unsolvable', reason: result.reason, stats };
    case 'stopped': {
      const reason = meter.stopped ?? 'cancelled';
      return reason === 'cancelled' ? { kind: 'cancelled', stats } : { kind: 'spent', budget: reason, stats };
    }
  }
}
