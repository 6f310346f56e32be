import type { SearchControl } from './engines/meter.js';
import { Meter } from './engines/meter.js';
import { searchTask } from './engines/search-task.js';
import { groundTask } from './ground/ground-task.js';
import type { Task } from './ground/task.js';
import { addPrecondition } from './pddl/add-precondition.js';
import type { Domain } from './pddl/ast.js';
import { parseCondition } from './pddl/read-condition.js';
import { parseDomain } from './pddl/read-domain.js';
import { parseProblem } from './pddl/read-problem.js';
import { mandatoryFacts } from './heuristics/mandatory-facts.js';
import type { PlanRequest, PlanStep, SearchBudget, SearchConfig, SearchResult, SearchStats } from './request.js';

/** What is used where a request says nothing. */
export const DEFAULT_CONFIG: SearchConfig = { engine: 'greedy', heuristics: ['ff', 'landmarks'], preferred: true, weight: 5, seed: '1' };
export const DEFAULT_BUDGET = { evaluated: 1_000_000, memory: 1_000_000_000, operators: 1_000_000 } as const satisfies SearchBudget;

/**
 * Answers a planning request: read, add what was learned, ground, search, improve. Bad PDDL throws `invalid` with line
 * and column; everything else is a result. Synchronous and possibly long: services use `PlanPool`.
 */
export function solve(request: PlanRequest, control: SearchControl = {}): SearchResult {
  const started = performance.now();
  const domain = domainOf(request);
  const problem = parseProblem(request.problem, domain);
  const budget = { ...DEFAULT_BUDGET, ...request.budget };
  const grounded = groundTask(domain, problem, {
    ...(request.state === undefined ? {} : { state: request.state }),
    ...(request.goal === undefined ? {} : { goal: parseCondition(request.goal, domain, [...domain.constants, ...problem.objects], 'goal') }),
    ...(request.avoid === undefined ? {} : { avoid: request.avoid }),
    ...(request.without === undefined ? {} : { without: request.without }),
    limits: { operators: budget.operators, ...(budget.milliseconds === undefined ? {} : { milliseconds: budget.milliseconds }) },
    ...(control.cancelled === undefined ? {} : { signal: control.cancelled }),
  });
  const none: SearchStats = { facts: 0, operators: 0, expanded: 0, evaluated: 0, generated: 0, milliseconds: Math.round(performance.now() - started) };
  if ('cancelled' in grounded) return { kind: 'cancelled', stats: none };
  if ('spent' in grounded) return { kind: 'spent', budget: grounded.spent, stats: none };
  return search(grounded, configOf(request), new Meter({ facts: grounded.facts.length, operators: grounded.operators.length }, budget, control, started), request);
}

/** The rules with what was learned, without what must not be used. */
function domainOf({ domain: text, guards = [], forbidden = [] }: PlanRequest): Domain {
  const domain = guards.reduce(addPrecondition, parseDomain(text));
  return forbidden.length === 0 ? domain : { ...domain, actions: domain.actions.filter((a) => !forbidden.includes(a.name)) };
}

/** Engines that prove a plan cheapest are guided by LM-cut unless something else is asked for: FF may overestimate. */
function configOf({ config = {} }: PlanRequest): SearchConfig {
  const isExact = config.engine === 'astar' || config.engine === 'qstar';
  return { ...DEFAULT_CONFIG, ...(isExact ? { heuristics: ['landmarks'] as const } : {}), ...config };
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
      const landmarks = request.landmarks === true ? { landmarks: mandatoryFacts(task) } : {};
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
