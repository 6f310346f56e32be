import {
  PraxisError,
  conjunction,
  diffStates,
  makeState,
  negate,
  type Fact,
  type JsonSchema,
  type Literal,
  type PlanNode,
  type ScriptStep,
} from '@praxis/core';
import type { ExplainedPlan, ExplainedStep } from '@praxis/search';
import { deOrder } from '../planning/de-order.js';
import type { SearchSkill } from './read-skill.js';
import { atomsOf, conditionHolds } from './skill-goal.js';
import { literalText, type SkillLiteral } from './skill-literal.js';
import type { SkillWords } from './synthesize-domain.js';

/** A step as an engine found it. */
export interface FoundStep {
  readonly action: string;
  readonly args: readonly string[];
}

/** What the nodes of a plan are made with. */
export interface SkillPlanFrame {
  /** Version of the plan: ids of its nodes begin with it. */
  readonly version: number;
  /** Names of outputs that no step may have. */
  readonly taken?: readonly string[];
  lane?(skill: string): string;
  /** JSON Schema of a skill's output, where it is known. */
  schema?(skill: string): JsonSchema | undefined;
  /**
   * A pure skill that takes an `expression`. A step that is done once for each item is followed by a call of it, which
   * records its facts when all items are done, also where there are none.
   */
  readonly recorder?: string | undefined;
}

/** A step with its slots by variable. */
interface BoundStep {
  readonly skill: SearchSkill;
  readonly slots: ReadonlyMap<string, string>;
  readonly needs: readonly Literal[];
  readonly makes: readonly Literal[];
}

/**
 * The steps that a search found as nodes of a plan, one each.
 *
 * plan-slots.1 The steps are carried out on facts first, without the search's code: one that cannot be done, or an end
 *              at which the goal does not hold, is a bug and no plan.
 * plan-slots.2 A node waits for what it refers to, and keeps its place beside what makes or undoes its facts; any order
 *              that the nodes allow reaches the goal.
 * plan-slots.3 No two nodes leave an output of one name, and none leaves one of an input's name.
 */
export function planFromSearch(
  steps: readonly FoundStep[],
  words: SkillWords,
  frame: SkillPlanFrame,
): readonly PlanNode[] {
  const bound = bindSteps(steps, words);
  const explained = explain(bound, words);
  const after = reduced(orderOf(explained));
  const names = stepNames(bound, words, frame);
  return bound.map((step, i): PlanNode => {
    const { skill, makes } = step;
    const script = scriptOf(step, names[i]!, words, frame);
    const schema = skill.each === null ? frame.schema?.(skill.name) : undefined;
    return {
      id: `${frame.version}.${i + 1}`,
      title: titleOf(step),
      pre: step.needs.filter((l) => !l.startsWith('(have ')),
      post: conjunction(makes),
      after: [...after[i]!].sort((a, b) => a - b).map((k) => `${frame.version}.${k + 1}`),
      owner: null,
      lane: frame.lane?.(skill.name) ?? 'default',
      steps: [],
      cost: 1,
      // What only records is used here and by nobody else: it is no part of what the run gives.
      uses: [...usesOf(step, words), ...script.slice(1).map((s) => s.id)],
      gives: [{ name: names[i]!, ...(schema && { schema: { ...schema } }) }],
      script: [...script],
    };
  });
}

/** Slots that only the search chose get the first names that are free, in the order of the steps. */
function bindSteps(
  steps: readonly FoundStep[],
  { skills, objects, fresh, goal, start }: SkillWords,
): readonly BoundStep[] {
  const literals = [...atomsOf(goal), ...[...skills.values()].flatMap((s) => [...s.needs, ...s.makes])];
  const named = new Set(literals.flatMap((l) => l.args));
  for (const fact of start) for (const word of fact.slice(1, -1).split(' ').slice(1)) named.add(word);
  const free = new Map([...fresh].map(([variable, slots]) => [variable, slots.filter((s) => !named.has(s))]));
  const renamed = new Map<string, string>();
  return steps.map(({ action, args }) => {
    const skill = skills.get(action);
    if (skill === undefined) throw new PraxisError('bug', `The search found a step of an unknown skill: ${action}.`);
    const { output } = skill;
    const found = args.map((a) => objects.get(a)!);
    const own = found.at(-1);
    if (output !== null && own !== undefined && !named.has(own)) renamed.set(own, free.get(output)!.shift()!);
    const variables = [...skill.slots, ...(output === null ? [] : [output])];
    const slots = new Map(variables.map((v, i) => [v, renamed.get(found[i]!) ?? found[i]!]));
    const ground = (l: SkillLiteral): Literal => literalText(l, (a) => slots.get(a.slice(1)) ?? a);
    const wanted = new Set(skill.makes.map(ground));
    // As in PDDL, what a step both makes and undoes is made.
    const makes = [...wanted].filter((l) => !l.startsWith('(not ') || !wanted.has(negate(l)));
    return { skill, slots, needs: [...new Set(skill.needs.map(ground))], makes };
  });
}

/** Carries the steps out (plan-slots.1). */
function explain(steps: readonly BoundStep[], { start, goal }: SkillWords): ExplainedPlan {
  let facts = new Set<Fact>(start);
  const holds = (l: Literal): boolean => (l.startsWith('(not ') ? !facts.has(negate(l)) : facts.has(l));
  const explained = steps.map((step): ExplainedStep => {
    const { skill, needs, makes } = step;
    const missing = needs.find((l) => !holds(l));
    if (missing !== undefined)
      throw new PraxisError('bug', `The plan that was found cannot be carried out: ${skill.name} needs ${missing}.`);
    const before = makeState([...facts]);
    facts = new Set([...facts].filter((f) => !makes.includes(negate(f))));
    for (const literal of makes) if (!literal.startsWith('(not ')) facts.add(literal);
    const expects = diffStates(before, makeState([...facts]));
    return { action: skill.name, args: [], needs, makes, expects, numbers: [], isConditional: false, cost: 1 };
  });
  const text = (l: SkillLiteral): Literal => literalText(l, (a) => a);
  if (!conditionHolds(goal, (l) => holds(text(l))))
    throw new PraxisError('bug', 'The plan that was found does not reach the goal.');
  // Each literal of the goal stays as it is at the end, so that the goal does, whatever shape it has.
  const rests = atomsOf(goal).map(text);
  return { steps: explained, goal: rests.map((l) => (holds(l) ? l : negate(l))), final: makeState([...facts]) };
}

/** Which steps come before each one; opposite facts are made in the order of the search, so that each can be verified. */
function orderOf(explained: ExplainedPlan): readonly ReadonlySet<number>[] {
  const { steps } = explained;
  const before = deOrder(explained)
    .before.slice(0, steps.length)
    .map((set) => new Set(set));
  for (const [later, { makes }] of steps.entries()) {
    const opposite = new Set(makes.map(negate));
    for (let earlier = 0; earlier < later; earlier++)
      if (steps[earlier]!.makes.some((l) => opposite.has(l))) before[later]!.add(earlier);
  }
  return before;
}

/** The same order without what follows from the rest of it. */
function reduced(before: readonly ReadonlySet<number>[]): readonly ReadonlySet<number>[] {
  const all: Set<number>[] = [];
  for (const set of before) all.push(new Set([...set].flatMap((k) => [k, ...(all[k] ?? [])])));
  return before.map((set) => new Set([...set].filter((k) => ![...set].some((other) => all[other]!.has(k)))));
}

/** The names of the steps' outputs (plan-slots.3). */
function stepNames(steps: readonly BoundStep[], words: SkillWords, { taken = [] }: SkillPlanFrame): readonly string[] {
  const slots = [...words.references.keys()];
  const used = new Set([...taken, ...words.references.values()].map((n) => n.toLowerCase()));
  for (const slot of slots) used.add(slot);
  return steps.map(({ skill, slots: own }) => {
    if (skill.output !== null) return own.get(skill.output)!;
    const base = skill.name.replace(/[^\w-]/g, '-').replace(/^(?![A-Za-z_])/, '_');
    let name = base;
    for (let n = 2; used.has(name.toLowerCase()); n++) name = `${base}-${n}`;
    used.add(name.toLowerCase());
    return name;
  });
}

const usesOf = ({ skill, slots }: BoundStep, { references }: SkillWords): ReadonlySet<string> => {
  const referred = [...skill.passed.map(([, v]) => v), ...(skill.each === null ? [] : [skill.each.list])];
  return new Set([...referred.map((v) => references.get(slots.get(v)!)!), ...skill.bound.map(([, input]) => input)]);
};

function scriptOf(step: BoundStep, id: string, words: SkillWords, { recorder }: SkillPlanFrame): readonly ScriptStep[] {
  const { skill, slots, makes } = step;
  const refer = (variable: string): string => `$${words.references.get(slots.get(variable)!)!}`;
  const plain = { after: [], retry: 0, onFail: 'fail', check: [] } as const;
  const args: Record<string, string> = {
    ...Object.fromEntries(skill.passed.map(([parameter, variable]) => [parameter, refer(variable)])),
    ...Object.fromEntries(skill.bound.map(([parameter, input]) => [parameter, `$${input}`])),
  };
  const call = { ...plain, after: [], check: [], id, do: skill.name };
  if (skill.each === null) return [{ ...call, with: args, ensures: [...makes] }];
  const { parameter, list } = skill.each;
  const used = usesOf(step, words);
  let as = /^[A-Za-z_][\w-]*$/.test(parameter) ? parameter : 'item';
  while (used.has(as) || as === id) as = `${as}-item`;
  const each = { of: refer(list), as, parallel: 1, most: 1_000 };
  const many = { ...call, with: { ...args, [parameter]: `$${as}` }, each };
  if (recorder === undefined) return [{ ...many, ensures: [...makes] }];
  const done = { ...plain, check: [], id: `${id}-done`, do: recorder, with: { expression: 'true' }, after: [id] };
  return [many, { ...done, ensures: [...makes] }];
}

function titleOf({ skill, makes }: BoundStep): string {
  const telling = makes.filter((l) => !l.startsWith('(have ') && !l.startsWith('(not '));
  const shown = telling.length > 0 ? telling : makes;
  const more = shown.length > 2 ? ` and ${shown.length - 2} more` : '';
  return `${skill.name}: ${shown.slice(0, 2).join(' ')}${more}`;
}
