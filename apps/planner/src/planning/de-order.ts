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
  const makes = plan.steps.map((s) => new Set(s.makes));
  const before: Set<number>[] = needs.map(() => new Set<number>());
  const links: CausalLink[] = [];
  for (let to = 0; to <= count; to++) {
    for (const literal of needs[to]!) {
      const from = lastMaker(makes, literal, to);
      links.push({ from, to, literal });
      if (from >= 0) before[to]!.add(from);
    }
  }
  for (const link of links) {
    const undo = negate(link.literal);
    for (let k = 0; k < count; k++) {
      if (k === link.from || k === link.to || !makes[k]!.has(undo)) continue;
      if (k < link.from) before[link.from]!.add(k);
      else if (k > link.to) before[k]!.add(link.to);
    }
  }
  keepNumbers(plan, before);
  keepConditional(plan, makes, before);
  return { before, links };
}

function lastMaker(makes: readonly ReadonlySet<Literal>[], literal: Literal, to: number): number {
  for (let k = to - 1; k >= 0; k--) if (makes[k]!.has(literal)) return k;
  return -1;
}

function keepNumbers(plan: ExplainedPlan, before: readonly Set<number>[]): void {
  const names = plan.steps.map(
    (s) => new Set(s.numbers.map((n) => n.replace(/^\(([^ )]+).*$/, '$1')).filter((n) => n !== 'total-cost')),
  );
  for (let i = 0; i < names.length; i++) {
    for (let k = 0; k < i; k++) if ([...names[i]!].some((n) => names[k]!.has(n))) before[i]!.add(k);
  }
}

function keepConditional(
  plan: ExplainedPlan,
  makes: readonly ReadonlySet<Literal>[],
  before: readonly Set<number>[],
): void {
  for (const [i, step] of plan.steps.entries()) {
    if (!step.isConditional) continue;
    for (let k = 0; k < i; k++) before[i]!.add(k);
    for (let k = i + 1; k < plan.steps.length; k++) before[k]!.add(i);
  }
  const last = plan.steps.findLastIndex((s) => s.isConditional);
  for (let i = 0; i < last; i++) {
    for (let k = 0; k < i; k++) if ([...makes[i]!].some((literal) => makes[k]!.has(negate(literal)))) before[i]!.add(k);
  }
}
