import type { SearchControl } from './engines/meter.js';
import { Meter } from './engines/meter.js';
import { searchTask } from './engines/search-task.js';
import { groundTask } from './ground/ground-task.js';
import type { Operator, Task } from './ground/task.js';
import { firstValue } from './interpret/price.js';
import { pricePlan } from './interpret/price-plan.js';
import { withoutNoise } from './interpret/without-noise.js';
import { addPrecondition } from './pddl/add-precondition.js';
import type { Domain, Problem } from './pddl/ast.js';
import { printMetric } from './pddl/print.js';
import { parseCondition } from './pddl/read-condition.js';
import { parseDomain } from './pddl/read-domain.js';
import { parseProblem } from './pddl/read-problem.js';
import { mandatoryFacts } from './heuristics/mandatory-facts.js';
import type { PlanRequest, PlanStep, SearchBudget, SearchConfig, SearchResult, SearchStats, SolvedResult } from './request.js';

/** What is used where a request says nothing. */
export const DEFAULT_CONFIG: SearchConfig = { engine: 'greedy', heuristics: ['ff', 'landmarks'], preferred: true, weight: 5, seed: '1' };
export const DEFAULT_BUDGET = { evaluated: 1_000_000, memory: 1_000_000_000, operators: 1_000_000 } as const satisfies SearchBudget;

/**
 * Answers a planning request: read, add what was learned, ground, search, improve. Bad PDDL throws `invalid` with line
 * and column; everything else is a result. Synchronous and possibly long: services use `PlanPool`.
 */
export function solve(request: PlanRequest, control: SearchControl = {}): SearchResult {
  const started = performance.now();
  const domain = (request.guards ?? []).reduce(addPrecondition, parseDomain(request.domain));
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
  const meter = new Meter({ facts: grounded.facts.length, operators: grounded.operators.length }, budget, control, started);
  return search(grounded, configOf(request), meter, { domain, problem, request });
}

/** Engines that prove a plan cheapest are guided by LM-cut unless something else is asked for: FF may overestimate. */
function configOf({ config = {} }: PlanRequest): SearchConfig {
  const isExact = config.engine === 'astar' || config.engine === 'qstar';
  return { ...DEFAULT_CONFIG, ...(isExact ? { heuristics: ['landmarks'] as const } : {}), ...config };
}

/** What was planned for, beside the request's own texts. */
interface Asked {
  readonly domain: Domain;
  readonly problem: Problem;
  readonly request: PlanRequest;
}

function search(task: Task, config: SearchConfig, meter: Meter, asked: Asked): SearchResult {
  const result = searchTask(task, config, meter);
  const stats = meter.stats();
  switch (result.kind) {
    case 'found': {
      const landmarks = asked.request.landmarks === true ? { landmarks: mandatoryFacts(task) } : {};
      const operators = result.plan.map((o) => task.operators[o]!);
      return { kind: 'solved', ...priced(task, operators, asked), optimal: result.optimal, stats, ...landmarks };
    }
    case 'unsolvable':
      return { kind: 'unsolvable', reason: result.reason, stats };
    case 'stopped': {
      const reason = meter.stopped ?? 'cancelled';
      return reason === 'cancelled' ? { kind: 'cancelled', stats } : { kind: 'spent', budget: reason, stats };
    }
  }
}

/** The steps and the metric's value after them: from the operators where they sum up to it, else by the PDDL itself. */
function priced(
  task: Task,
  operators: readonly Operator[],
  { domain, problem, request }: Asked,
): Pick<SolvedResult, 'steps' | 'cost' | 'ignoredMetric'> {
  const { metric } = problem;
  const named = operators.map(({ action, args }) => ({ action, args }));
  if (metric !== null && task.ignoresMetric === true) {
    const { steps, cost } = pricePlan(domain, problem, named, request.state);
    const priced = named.map((step, i): PlanStep => ({ ...step, cost: steps[i]! }));
    return { steps: priced, cost, ignoredMetric: printMetric(metric) };
  }
  const sign = metric?.direction === 'maximize' ? -1 : 1;
  const steps = operators.map((operator, i): PlanStep => ({ ...named[i]!, cost: withoutNoise(sign * operator.cost) }));
  const first = firstValue(domain, problem, request.state);
  return { steps, cost: withoutNoise(operators.reduce((sum, { cost }) => sum + sign * cost, first)) };
}
