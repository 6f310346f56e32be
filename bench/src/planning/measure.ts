import { readFileSync } from 'node:fs';
import { checkPlan, parseDomain, parseProblem, printPlan, type PlanPool, type SearchResult } from '@praxis/search';
import type { Instance } from './instances.js';

/** What became of one instance; `plan` is in the IPC format. */
export interface Measurement {
  readonly name: string;
  readonly domain: string;
  readonly outcome: 'solved' | 'unsolvable' | 'spent' | 'invalid' | 'error';
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

/** Budgets of evaluated states, tried in order until one suffices. */
export async function measure(instance: Instance, pool: PlanPool, budgets: readonly number[]): Promise<Measurement> {
  const domain = readFileSync(instance.domainFile, 'utf8');
  const problem = readFileSync(instance.problemFile, 'utf8');
  let result: SearchResult | null = null;
  try {
    for (const evaluated of budgets) {
      result = await pool.plan({ domain, problem, budget: { evaluated } });
      if (result.kind !== 'spent' || result.budget !== 'evaluated') break;
    }
  } catch (error) {
    return row(instance, null, 'error', (error as Error).message);
  }
  if (result?.kind !== 'solved') return row(instance, result, result?.kind === 'unsolvable' ? 'unsolvable' : 'spent', result?.kind === 'spent' ? result.budget : '');
  const rules = parseDomain(domain, instance.domainFile);
  const check = checkPlan(rules, parseProblem(problem, rules, instance.problemFile), result.steps);
  return check.valid ? row(instance, result, 'solved', '') : row(instance, result, 'invalid', `step ${check.step}: ${check.reason}`);
}

const NOTHING = { operators: 0, expanded: 0, evaluated: 0, milliseconds: 0 };

function row({ name, domain, referenceSteps }: Instance, result: SearchResult | null, outcome: Measurement['outcome'], note: string): Measurement {
  const { operators, expanded, evaluated, milliseconds } = result?.stats ?? NOTHING;
  const work = { operators, expanded, evaluated, seconds: milliseconds / 1000 };
  const found = result?.kind === 'solved' ? { steps: result.steps.length, cost: result.cost, plan: printPlan(result.steps, result.cost) } : { steps: null, cost: null, plan: '' };
  return { name, domain, outcome, note, referenceSteps, ...work, ...found };
}
