import { DEFAULT_EVALUATED, PraxisError } from '@praxis/core';
import type { SearchControl } from './engines/meter.js';
import { Meter, orStopped } from './engines/meter.js';
import { searchTask } from './engines/states/search-task.js';
import { groundTask, type GroundOptions } from './ground/ground-task.js';
import type { Operator, Task } from './ground/task/task.js';
import { firstValue } from './interpret/price.js';
import { pricePlan } from './interpret/price-plan.js';
import { withoutNoise } from './interpret/without-noise.js';
import { addPrecondition } from './pddl/add-precondition.js';
import type { Domain, Problem } from './pddl/ast.js';
import { printMetric } from './pddl/print.js';
import { parseCondition } from './pddl/read/read-condition.js';
import { parseDomain } from './pddl/read/read-domain.js';
import { parseProblem } from './pddl/read/read-problem.js';
import { mandatoryFacts } from './heuristics/mandatory-facts.js';
import type {
  PlanRequest,
  PlanStep,
  SearchBudget,
  SearchConfig,
  SearchResult,
  SearchStats,
  SolvedResult,
} from './request.js';

/** What is used where a request says nothing. */
export const DEFAULT_CONFIG: SearchConfig = {
  engine: 'greedy',
  heuristics: ['ff', 'landmarks'],
  preferred: true,
  weight: 5,
  seed: '1',
};
export const DEFAULT_BUDGET = {
  evaluated: DEFAULT_EVALUATED,
  memory: 1_000_000_000,
  operators: 1_000_000,
  rows: 400_000_000,
} as const satisfies SearchBudget;

/**
 * Answers a planning request: read, add what was learned, ground, search, improve. Bad PDDL throws `invalid` with line
 * and column; everything else is a result. Synchronous and possibly long: services use `PlanPool`.
 */
export function solve(request: PlanRequest, control: SearchControl = {}): SearchResult {
  const { now = () => performance.now() } = control;
  const started = now();
  const domain = domainOf(request);
  const problem = parseProblem(request.problem, domain);
  const config = configOf(request);
  const budget = { ...DEFAULT_BUDGET, ...request.budget };
  const grounded = groundTask(domain, problem, groundOptions(request, { domain, problem, budget, control }));
  const none = (): SearchStats => ({
    facts: 0,
    operators: 0,
    expanded: 0,
    evaluated: 0,
    generated: 0,
    milliseconds: Math.round(now() - started),
  });
  if ('cancelled' in grounded) return { kind: 'cancelled', stats: none() };
  if ('spent' in grounded) return { kind: 'spent', budget: grounded.spent, stats: none() };
  const meter = new Meter(
    { facts: grounded.facts.length, operators: grounded.operators.length },
    budget,
    control,
    started,
  );
  return search(grounded, config, meter, { domain, problem, request });
}

interface GroundFrame {
  readonly domain: Domain;
  readonly problem: Problem;
  readonly budget: SearchBudget & { readonly operators: number; readonly rows: number };
  readonly control: SearchControl;
}

function groundOptions(
  { state, goal, avoid, without }: PlanRequest,
  { domain, problem, budget, control }: GroundFrame,
): GroundOptions {
  const { operators, rows, milliseconds } = budget;
  return {
    ...(state && { state }),
    ...(goal !== undefined && {
      goal: parseCondition(goal, domain, [...domain.constants, ...problem.objects], 'goal'),
    }),
    ...(avoid && { avoid }),
    ...(without && { without }),
    limits: { operators, rows, ...(milliseconds !== undefined && { milliseconds }) },
    ...(control.cancelled && { signal: control.cancelled }),
    ...(control.now && { now: control.now }),
  };
}

/** The rules with what was learned, without what must not be used. */
function domainOf({ domain: text, guards = [], forbidden = [] }: PlanRequest): Domain {
  const domain = guards.reduce(addPrecondition, parseDomain(text));
  return forbidden.length === 0
    ? domain
    : { ...domain, actions: domain.actions.filter((a) => !forbidden.includes(a.name)) };
}

/** Engines that prove a plan cheapest are guided by LM-cut unless something else is asked for: FF may overestimate. */
function configOf({ config = {} }: PlanRequest): SearchConfig {
  const isExact = config.engine === 'astar' || config.engine === 'qstar';
  const all = { ...DEFAULT_CONFIG, ...(isExact ? { heuristics: ['landmarks'] as const } : {}), ...config };
  if (Number.isFinite(all.weight) && all.weight >= 0) return all;
  throw new PraxisError('invalid', `The weight of a search must be a number of 0 or more, found ${all.weight}.`);
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
      const landmarks =
        asked.request.landmarks === true ? { landmarks: orStopped(() => mandatoryFacts(task, meter.step), []) } : {};
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
