import { negate, type Literal } from '@praxis/core';
import type { ExplainedPlan } from '@praxis/search';

/** A literal that one step makes and another relies on; `from` is -1 where the initial state provides it. */
export interface CausalLink {
  readonly from: number;
  readonly to: number;
  readonly literal: Literal;
}

/** A plan's steps in the weakest order that its causal links allow. */
export interface PartialOrder {
  /** `before[i]`: the steps that must come before step i. */
  readonly before: readonly ReadonlySet<number>[];
  readonly links: readonly CausalLink[];
}

/**
 * De-orders a sequential plan (Veloso; Kambhampati and Kedar: order generalisation by validation structure).
 *
 * de-order.1 Each need is linked to the last step that made it; a maker comes before its user.
 * de-order.2 A step that would undo a link stays on the side of it where it stands: before the maker or after the user.
 * de-order.3 Steps that touch the same number keep their order.
 * de-order.4 A step with conditional effects keeps its place among all others, and what comes before it leaves the
 *            state that it left in the plan: of two steps that make opposite facts the later one stays the later one.
 * The goal counts as a last step, number `steps.length`.
 */
export function deOrder(plan: ExplainedPlan): PartialOrder {
  const count = plan.steps.length;
  const needs = [...plan.steps.map((s) => s.needs), plan.goal];
  const makers = makersOf(plan);
  const before: Set<number>[] = needs.map(() => new Set<number>());
  const links: CausalLink[] = [];
  for (let to = 0; to <= count; to++) {
    for (const literal of needs[to]!) {
      const known = makers.get(literal) ?? [];
      const from = known[countBelow(known, to) - 1] ?? -1;
      links.push({ from, to, literal });
      if (from >= 0) before[to]!.add(from);
    }
  }
  keepLinks(links, makers, before);
  keepNumbers(plan, before);
  keepConditional(plan, makers, before);
  return { before, links };
}

/** The steps that make a literal, in the order of the plan. */
type Makers = ReadonlyMap<Literal, readonly number[]>;

function makersOf(plan: ExplainedPlan): Makers {
  const makers = new Map<Literal, number[]>();
  for (const [k, step] of plan.steps.entries()) {
    for (const literal of new Set(step.makes)) {
      const known = makers.get(literal);
      if (known) known.push(k);
      else makers.set(literal, [k]);
    }
  }
  return makers;
}

/** How many numbers of a rising list lie below a bound. */
function countBelow(list: readonly number[], bound: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Keeps what would undo a link on its side. A step farther away is left out where a whole link of the same literal lies
 * between: that link already orders it.
 */
function keepLinks(links: readonly CausalLink[], makers: Makers, before: readonly Set<number>[]): void {
  const within = latestWithin(links);
  for (const { from, to, literal } of links) {
    const undoers = makers.get(negate(literal)) ?? [];
    let nearest = from;
    for (let at = countBelow(undoers, from) - 1; at >= 0; nearest = undoers[at--]!) {
      if (nearest < from && within(literal, nearest) > undoers[at]!) break;
      before[from]!.add(undoers[at]!);
    }
    nearest = -1;
    for (let at = countBelow(undoers, to + 1); at < undoers.length; nearest = undoers[at++]!) {
      if (nearest >= 0 && within(literal, undoers[at]!) > nearest) break;
      before[undoers[at]!]!.add(to);
    }
  }
}

/** Gives the latest maker among the links of a literal whose user is a step or comes before it; -1 where there is none. */
function latestWithin(links: readonly CausalLink[]): (literal: Literal, step: number) => number {
  const known = new Map<Literal, { readonly users: number[]; readonly makers: number[] }>();
  // The users rise in the order of the links.
  for (const { from, to, literal } of links) {
    const { users, makers } = known.get(literal) ?? { users: [], makers: [] };
    known.set(literal, { users, makers });
    users.push(to);
    makers.push(Math.max(from, makers.at(-1) ?? -1));
  }
  return (literal, step) => {
    const { users, makers } = known.get(literal)!;
    return makers[countBelow(users, step + 1) - 1] ?? -1;
  };
}

/** Each step comes after the last one that touched the same number, and so after all of them. */
function keepNumbers(plan: ExplainedPlan, before: readonly Set<number>[]): void {
  const last = new Map<string, number>();
  for (const [i, { numbers }] of plan.steps.entries()) {
    const names = new Set(numbers.map((n) => n.replace(/^\(([^ )]+).*$/, '$1')));
    names.delete('total-cost');
    for (const name of names) {
      if (last.has(name)) before[i]!.add(last.get(name)!);
      last.set(name, i);
    }
  }
}

function keepConditional(plan: ExplainedPlan, makers: Makers, before: readonly Set<number>[]): void {
  // What comes before the last conditional step comes before this one by way of it.
  let last = -1;
  for (const [i, step] of plan.steps.entries()) {
    if (step.isConditional) for (let k = Math.max(last, 0); k < i; k++) before[i]!.add(k);
    else if (last >= 0) before[i]!.add(last);
    if (step.isConditional) last = i;
  }
  for (let i = 0; i < last; i++) {
    for (const literal of plan.steps[i]!.makes) {
      for (const k of makers.get(negate(literal)) ?? []) if (k < i) before[i]!.add(k);
    }
  }
}
