import { laneOf } from '@praxis/actions';
import {
  draftText,
  nextPlanVersion,
  skillOfFailure,
  type Condition,
  type Fact,
  type FailureCode,
  type Plan,
  type PlanNode,
  type Run,
  type SkillManifest,
  type WorldState,
} from '@praxis/core';
import type { Search } from '../planning/search-planner.js';
import { planFromSearch } from './plan-from-search.js';
import { readSkill } from './read-skill.js';
import { readSkillGoal } from './skill-goal.js';
import { literalText, type SkillLiteral } from './skill-literal.js';
import { synthesizeDomain, type SkillDomain } from './synthesize-domain.js';
import { missingLiteral } from './usable-skills.js';

/** A goal in a world that tells no rules, and what there is to reach it. */
export interface SkillTask {
  readonly condition: Condition;
  /** Names of the goal's inputs. */
  readonly inputs: readonly string[];
  /** Names of outputs that there are. */
  readonly outputs: readonly string[];
  /** Facts of the world; null where they are not known yet, so that any may hold. */
  readonly facts: readonly Fact[] | null;
  readonly skills: readonly SkillManifest[];
  /** Whether the world takes in the facts that skills ensure. */
  readonly recordsFacts: boolean;
}

/** Whether skills can be searched for a goal: `none` where the goal or the world leaves nothing to be searched. */
export type SkillOutlook =
  | { readonly kind: 'none' | 'searchable' }
  | { readonly kind: 'hopeless'; readonly why: string };

/** Says before a search whether it has a chance; what it says is hopeless really is. */
export function skillOutlook({ condition, inputs, outputs, facts, skills, recordsFacts }: SkillTask): SkillOutlook {
  const goal = recordsFacts ? readSkillGoal(condition) : null;
  if (goal === null) return { kind: 'none' };
  if (typeof goal === 'string') return { kind: 'hopeless', why: goal };
  const slots = [...inputs, ...outputs].map((name) => `(have ${name.toLowerCase()})`);
  const known = new Set([...(facts ?? []).map((f) => f.toLowerCase()), ...slots]);
  const holds = (literal: SkillLiteral): boolean => {
    if (facts === null && literal.predicate !== 'have') return true;
    const fact = literalText({ ...literal, isNegated: false }, (a) => a);
    return known.has(fact) !== literal.isNegated;
  };
  const read = new Map(skills.map((s) => [s.name, readSkill(s, inputs)]));
  const why = missingLiteral(goal, { skills: read, holds });
  return why === null ? { kind: 'searchable' } : { kind: 'hopeless', why };
}

/** A run whose plan is to be made of declared skills. */
export interface SkillPlanning {
  readonly state: Run;
  /** Nodes that stay. */
  readonly kept: readonly PlanNode[];
  readonly from: WorldState;
  /** All that live executors offer. */
  readonly skills: readonly SkillManifest[];
  readonly recordsFacts: boolean;
  readonly search: Search;
  readonly signal: AbortSignal;
  readonly turn?: string;
}

/** A plan over skills, or why there is none. */
export type SkillPlan =
  | { readonly plan: Plan; readonly evaluated: number }
  | { readonly plan: null; readonly reason: string };

/**
 * Plans over what skills declare.
 *
 * search-skills.1 Skills that rules deny, or that were refused for good, are not used.
 * search-skills.2 Skills that failed are used only where there is no other way.
 * search-skills.3 What inputs and earlier nodes left is there to be used.
 * search-skills.4 A step that failed although none of its calls did, such as by a reference that leads nowhere, is not
 *                 planned again as it was: the run ends with that reason.
 */
export async function searchSkills(planning: SkillPlanning): Promise<SkillPlan> {
  const { state, skills, from, recordsFacts } = planning;
  const { goal, opened, outputs } = state;
  const { refused, failed } = avoided(state);
  const allowed = skills.filter((s) => !refused.has(s.name));
  const inputs = Object.keys(goal.inputs);
  const there = Object.keys(outputs);
  const { condition } = opened!;
  const task = { condition, inputs, outputs: there, facts: from.facts, skills: allowed, recordsFacts };
  const outlook = skillOutlook(task);
  if (outlook.kind === 'none')
    return {
      plan: null,
      reason: `the world ${goal.world} tells no rules to search by, and the goal names no fact that skills could ensure there`,
    };
  if (outlook.kind === 'hopeless') return { plan: null, reason: `${outlook.why}${without(refused)}` };
  const careful = allowed.filter((s) => !failed.has(s.name));
  const first = await searchWith(planning, careful);
  if (first.plan !== null || careful.length === allowed.length) return first;
  const second = await searchWith(planning, allowed);
  const again = second.plan === null ? null : plannedAgain(state, second.plan);
  return again === null ? second : { plan: null, reason: again };
}

/** Why a plan would fail as one before it did; null where it may not (search-skills.4). */
function plannedAgain({ failures }: Run, { nodes }: Plan): string | null {
  const steps = new Set(nodes.flatMap(({ script = [] }) => script.map(draftText)));
  const known = failures.find(({ code, action }) => UNCALLED.has(code) && steps.has(action));
  return known === undefined ? null : `${known.action} failed before: ${known.reason ?? known.code}`;
}

/** How a step fails that is not even called, or that somebody does not want. */
const UNCALLED: ReadonlySet<FailureCode> = new Set(['invalid-args', 'denied']);

const skillOf = ({ script }: PlanNode): string => script?.[0]?.do ?? '';

function avoided({ opened, failures, plan, nodes }: Run) {
  const lost = (plan?.nodes ?? []).filter((n) => nodes.get(n.id)?.status === 'failed');
  const refused = failures.filter((f) => f.permanent === true).map((f) => skillOfFailure(f));
  return {
    refused: new Set([...(opened?.denied ?? []), ...refused]),
    failed: new Set([...failures.map((f) => skillOfFailure(f)), ...lost.map(skillOf)]),
  };
}

const without = (refused: ReadonlySet<string>): string =>
  refused.size === 0 ? '' : `; denied or refused for good: ${[...refused].join(', ')}`;

async function searchWith(planning: SkillPlanning, skills: readonly SkillManifest[]): Promise<SkillPlan> {
  const { state, from, kept, search, signal, turn } = planning;
  const { goal, opened, outputs } = state;
  const inputs = Object.keys(goal.inputs);
  const start = { facts: from.facts, outputs: Object.keys(outputs) };
  const made = synthesizeDomain(skills, inputs, opened!.condition, start);
  const request = {
    domain: made.domain,
    problem: made.problem,
    budget: { evaluated: goal.budget.evaluated },
    ...(turn !== undefined && { turn }),
  };
  const result = await search(request, signal);
  signal.throwIfAborted();
  if (result.kind === 'unsolvable') return { plan: null, reason: `${NO_WAY}${leftText(made)}` };
  if (result.kind !== 'solved')
    return {
      plan: null,
      reason: `no plan over declared skills was found within the budget of the search, and none proved impossible`,
    };
  const manifests = new Map(skills.map((s) => [s.name, s]));
  const version = nextPlanVersion(state);
  const nodes = planFromSearch(result.steps, made.words, {
    version,
    taken: [...start.outputs, ...kept.flatMap((n) => (n.script ?? []).map((s) => s.id))],
    lane: (skill) => laneOf([manifests.get(skill)!]),
    schema: (skill) => manifests.get(skill)?.output,
    recorder: recorderOf(skills),
  });
  return { plan: { version, nodes: [...kept, ...nodes] }, evaluated: result.stats.evaluated };
}

const NO_WAY = 'proved unsolvable with what the declared skills require and ensure';

/** Skills that might have helped, with why they could not. */
function leftText({ left }: SkillDomain): string {
  const told = left.filter(({ why }) => !/^(it declares nothing|nothing that it ensures)/.test(why)).slice(0, 5);
  return told.length === 0 ? '' : `; left out: ${told.map(({ skill, why }) => `${skill} (${why})`).join('; ')}`;
}

/** The skill that calculates, where it is offered: it does nothing but let the world take in facts. */
const recorderOf = (skills: readonly SkillManifest[]): string | undefined =>
  skills.find((s) => s.name === 'calc' && s.effect === 'pure' && s.parameters.some((p) => p.name === 'expression'))
    ?.name;
