import { readFileSync } from 'node:fs';
import { PraxisError, type ProblemText, type Scenario, type SkillManifest } from '@praxis/core';
import { nearestName, parseDomain, parseProblem, printFormula } from '@praxis/search';
import { z } from 'zod';
import { CALM, natureSchema } from './nature.js';
import { checkRules, skillsOf, type Rules } from './rules.js';

/** What distinguishes one PDDL world from another. */
export interface WorldKind {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly domain: string;
  readonly skills: readonly SkillManifest[];
  readonly scenarios: readonly Scenario[];
  /** The rules of a scenario or of a caller's problem; `missing` or `invalid` where there are none. */
  rules(scenario: string, problem: ProblemText | null): Rules;
}

const AGENT_TYPE = 'agent';
const RULES_KEPT = 32;

/**
 * The world of the caller's own problems: what is believed is so, and nothing happens by chance. Objects of a type
 * `agent` act.
 */
export function ownProblems(): WorldKind {
  const known = new Map<string, Rules>();
  return {
    name: 'pddl',
    version: '1',
    summary: 'A planning problem of your own: give it a domain and a problem in PDDL.',
    domain: 'pddl',
    skills: [],
    scenarios: [],
    rules(scenario, problem) {
      if (problem === null)
        throw new PraxisError(
          'invalid',
          `The world pddl has no scenarios${scenario === '' ? '' : ` such as ${scenario}`}; give it a domain and a problem of your own.`,
        );
      const key = `${problem.domain}\u0000${problem.problem}`;
      const found = known.get(key) ?? ownRules(problem);
      known.delete(key);
      known.set(key, found);
      if (known.size > RULES_KEPT) known.delete(known.keys().next().value!);
      return found;
    },
  };
}

/** Nothing is read here: what a caller wrote is read by the evaluator. */
function ownRules({ domain, problem }: ProblemText): Rules {
  const texts = { domain, problem };
  return { believed: texts, truth: texts, nature: CALM, agentType: AGENT_TYPE };
}

const WORLDS = new URL('../../worlds/', import.meta.url);

const fileSchema = natureSchema.extend({
  name: z.string(),
  version: z.string(),
  summary: z.string(),
  agents: z.string(),
  /** Titles by name. */
  scenarios: z.record(z.string(), z.string()),
});

/** Reads a world that comes with the package: its two domains, what happens by chance, and its scenarios. */
export function shippedWorld(name: string): WorldKind {
  const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, WORLDS), 'utf8');
  const { agents, slips, events, scenarios, ...about } = fileSchema.parse(JSON.parse(read('world.json')));
  const domainText = read('domain.pddl');
  const truthText = read('truth.pddl');
  const believed = parseDomain(domainText, `${name}/domain.pddl`);
  const truth = parseDomain(truthText, `${name}/truth.pddl`);
  const nature = { slips, events };
  checkRules({ believed, truth, nature });
  const conditions = new Map<string, string>();
  const tasks = new Map<string, Rules>();
  for (const scenario of Object.keys(scenarios)) {
    const problem = read(`scenarios/${scenario}.pddl`);
    const { goal } = parseProblem(problem, believed, `${name}/${scenario}.pddl`);
    conditions.set(scenario, printFormula(goal));
    tasks.set(scenario, {
      believed: { domain: domainText, problem },
      truth: { domain: truthText, problem },
      nature,
      agentType: agents,
    });
  }
  return {
    ...about,
    domain: believed.name,
    skills: skillsOf(believed, `world:${about.name}`),
    scenarios: [...conditions].map(([scenario, condition]) => ({
      name: scenario,
      title: scenarios[scenario]!,
      condition,
    })),
    rules(scenario, problem) {
      const found = tasks.get(scenario);
      if (problem !== null)
        throw new PraxisError(
          'invalid',
          `The world ${name} opens only its own scenarios; use the world pddl for a problem of your own.`,
        );
      if (found) return found;
      throw new PraxisError(
        'missing',
        `The world ${name} has no scenario "${scenario}"; it has ${nearestFirst(scenario, [...tasks.keys()]).join(', ')}.`,
      );
    },
  };
}

/** Names with the one that was probably meant in front. */
export function nearestFirst(wanted: string, names: readonly string[]): readonly string[] {
  const near = nearestName(wanted, names);
  return near === null ? names : [near, ...names.filter((name) => name !== near)];
}
