import { readFileSync } from 'node:fs';
import type { ProblemText } from '@praxis/core';
import {
  checkPlan,
  parseDomain,
  parseProblem,
  printPlan,
  type PlanPool,
  type PlanRequest,
  type SearchResult,
  type SearchStats,
  type SolvedResult,
} from '@praxis/search';
import type { Instance } from './instances.js';

/** What became of one instance; `plan` is in the IPC format. */
export interface Measurement {
  readonly name: string;
  readonly domain: string;
  readonly outcome: 'solved' | 'unsolvable' | 'spent' | 'hung' | 'invalid' | 'error';
  /** Which budget was spent, why a plan is invalid, or what went wrong. */
  readonly note: string;
  readonly steps: number | null;
  readonly cost: number | null;
  readonly referenceSteps: number | null;
  readonly operators: number;
  readonly expanded: number;
  readonly evaluated: number;
  readonly seconds: number;
  readonly plan: string;
}

/** What one instance may take. */
export interface Limits {
  /** Budgets of evaluated states, tried in order until one suffices. */
  readonly evaluated: readonly number[];
  /** Time for each of them. */
  readonly seconds: number;
}

/** A search that does not look at the clock is ended from outside after this much more. */
const GRACE_SECONDS = 5;

/** Plans one instance and checks the plan. */
export async function measure(instance: Instance, pool: PlanPool, limits: Limits): Promise<Measurement> {
  try {
    const texts = {
      domain: readFileSync(instance.domainFile, 'utf8'),
      problem: readFileSync(instance.problemFile, 'utf8'),
    };
    const result = await searchWithin(pool, texts, limits);
    switch (result.kind) {
      case 'solved':
        return checkedRow(instance, texts, result);
      case 'cancelled':
        return row(instance, result, 'hung', `no answer ${GRACE_SECONDS} s after the limit of ${limits.seconds} s`);
      case 'spent':
        return row(instance, result, 'spent', result.budget);
      case 'unsolvable':
        return row(instance, result, 'unsolvable', result.reason);
    }
  } catch (error) {
    return row(instance, null, 'error', (error as Error).message);
  }
}

function checkedRow(instance: Instance, { domain, problem }: ProblemText, result: SolvedResult): Measurement {
  const rules = parseDomain(domain, instance.domainFile);
  const check = checkPlan(rules, parseProblem(problem, rules, instance.problemFile), result.steps);
  return check.valid
    ? row(instance, result, 'solved', '')
    : row(instance, result, 'invalid', `step ${check.step}: ${check.reason}`);
}

async function searchWithin(pool: PlanPool, texts: ProblemText, { evaluated, seconds }: Limits): Promise<SearchResult> {
  let result: SearchResult | null = null;
  for (const most of evaluated) {
    result = await search(pool, { ...texts, budget: { evaluated: most, milliseconds: seconds * 1000 } }, seconds);
    if (result.kind !== 'spent' || result.budget !== 'evaluated') break;
  }
  return result!;
}

/** The result, with the last counts that were heard of a search that had to be ended. */
async function search(pool: PlanPool, request: PlanRequest, seconds: number): Promise<SearchResult> {
  const started = performance.now();
  let last: SearchStats | null = null;
  const signal = AbortSignal.timeout((seconds + GRACE_SECONDS) * 1000);
  const result = await pool.plan(request, { signal, progress: (stats) => (last = stats) });
  if (result.kind !== 'cancelled') return result;
  return {
    kind: 'cancelled',
    stats: { ...(last ?? result.stats), milliseconds: Math.round(performance.now() - started) },
  };
}

const NOTHING = { operators: 0, expanded: 0, evaluated: 0, milliseconds: 0 };

function row(
  { name, domain, referenceSteps }: Instance,
  result: SearchResult | null,
  outcome: Measurement['outcome'],
  note: string,
): Measurement {
  const { operators, expanded, evaluated, milliseconds } = result?.stats ?? NOTHING;
  const work = { operators, expanded, evaluated, seconds: milliseconds / 1000 };
  const found =
    result?.kind === 'solved'
      ? { steps: result.steps.length, cost: result.cost, plan: printPlan(result.steps, result.cost) }
      : { steps: null, cost: null, plan: '' };
  return { name, domain, outcome, note, referenceSteps, ...work, ...found };
}
