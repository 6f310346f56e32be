import { conjunction, negate, type Literal } from '@praxis/core';
import type { ExplainedPlan, ExplainedStep } from '@praxis/search';

/** Steps that one agent does in a row. */
export interface StepGroup {
  readonly owner: string | null;
  readonly steps: readonly number[];
  /** Groups that must be over before, by number. */
  readonly after: readonly number[];
  /** Holds at its end, and is what others or the goal rely on. */
  readonly achieves: string;
}

/** A group ends after so many steps at the latest. */
const LONGEST = 12;

interface Open {
  readonly owner: string | null;
  readonly steps: number[];
  readonly after: Set<number>;
  isClosed: boolean;
}

/**
 * Groups the steps of a plan by agent.
 *
 * group-steps.1 Two steps keep their order where one makes what the other needs, or undoes what it needs or makes,
 *               where they touch the same number, or where one has conditional effects. Everything else may go on side
 *               by side.
 * group-steps.2 A group that another one waits for gets no further steps, and groups of one agent follow each other: so
 *               nobody waits in a circle.
 * group-steps.3 A group ends where it has brought about a fact of the goal.
 * group-steps.4 A group comes behind those that it waits for, also where it began before them.
 */
export function groupSteps(plan: ExplainedPlan, agents: readonly string[]): readonly StepGroup[] {
  const groups: Open[] = [];
  const home: number[] = [];
  const current = new Map<string | null, number>();
  const finishing = new Set(plan.goal.map((literal) => plan.steps.findLastIndex((s) => s.makes.includes(literal))));
  for (const [i, step] of plan.steps.entries()) {
    const owner = agents.length === 1 ? agents[0]! : (step.args.find((a) => agents.includes(a)) ?? null);
    const needed = plan.steps.slice(0, i).flatMap((before, k) => (keepOrder(before, step) ? [home[k]!] : []));
    let index = current.get(owner);
    for (const g of needed) if (g !== index) groups[g]!.isClosed = true;
    if (index === undefined || groups[index]!.isClosed) {
      groups.push({ owner, steps: [], after: new Set(index === undefined ? [] : [index]), isClosed: false });
      index = groups.length - 1;
      current.set(owner, index);
    }
    const group = groups[index]!;
    for (const g of needed) if (g !== index) group.after.add(g);
    group.steps.push(i);
    home[i] = index;
    group.isClosed = finishing.has(i) || group.steps.length >= LONGEST;
  }
  const ordered = inOrder(groups);
  const after = withoutDetours(ordered);
  return ordered.map(({ owner, steps }, g) => ({ owner, steps, after: after[g]!, achieves: achievedBy(steps, plan) }));
}

function keepOrder(first: ExplainedStep, second: ExplainedStep): boolean {
  if (first.isConditional || second.isConditional) return true;
  const isTouched = (literal: Literal, step: ExplainedStep): boolean =>
    step.makes.includes(literal) || step.makes.includes(negate(literal));
  if (second.needs.some((l) => isTouched(l, first)) || first.needs.some((l) => isTouched(l, second))) return true;
  if (second.makes.some((l) => first.makes.includes(negate(l)))) return true;
  const numbers = new Set(first.numbers.map(functionOf));
  return second.numbers.map(functionOf).some((name) => name !== 'total-cost' && numbers.has(name));
}

function functionOf(term: string): string {
  return /[^\s()]+/.exec(term)![0];
}

/** Each group behind those that it waits for, otherwise as they began (group-steps.4). */
function inOrder(groups: readonly Open[]): readonly Open[] {
  const order: number[] = [];
  const place = (g: number): void => {
    if (order.includes(g)) return;
    for (const d of [...groups[g]!.after].sort((a, b) => a - b)) place(d);
    order.push(g);
  };
  for (const g of groups.keys()) place(g);
  return order.map((g) => ({ ...groups[g]!, after: new Set([...groups[g]!.after].map((d) => order.indexOf(d))) }));
}

/** Drops what is waited for anyway, by way of something else. */
function withoutDetours(groups: readonly Open[]): readonly (readonly number[])[] {
  const above: Set<number>[] = [];
  return groups.map(({ after }, g) => {
    above[g] = new Set([...after].flatMap((d) => [d, ...above[d]!]));
    return [...after].filter((d) => ![...after].some((e) => above[e]!.has(d))).sort((a, b) => a - b);
  });
}

/** What the steps leave behind and somebody else relies on; where nobody does, what the last of them left behind. */
function achievedBy(steps: readonly number[], plan: ExplainedPlan): string {
  const left = new Set<Literal>();
  for (const s of steps) {
    for (const literal of plan.steps[s]!.makes) {
      left.delete(negate(literal));
      left.add(literal);
    }
  }
  const others = plan.steps.filter((_, i) => i > steps[0]! && !steps.includes(i)).flatMap((s) => s.needs);
  const wanted = [...new Set([...plan.goal, ...others])].filter((l) => left.has(l));
  if (wanted.length > 0) return conjunction(wanted);
  const last = plan.steps[steps.at(-1)!]!;
  if (last.makes.length > 0) return conjunction(last.makes);
  const values = Object.entries(last.expects.numbers).flatMap(([term, value]) =>
    value === null || term === '(total-cost)' ? [] : [`(= ${term} ${value})`],
  );
  return conjunction(values);
}
