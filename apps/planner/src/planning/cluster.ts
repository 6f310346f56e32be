import { conjunction, type Literal } from '@praxis/core';
import type { ExplainedPlan } from '@praxis/search';
import type { PartialOrder } from './de-order.js';

/** Steps that one agent does in a row, as one subgoal. */
export interface Cluster {
  readonly owner: string | null;
  readonly steps: readonly number[];
  /** Clusters, by number, that must be done first. */
  readonly after: readonly number[];
  readonly pre: readonly Literal[];
  readonly post: string;
}

/** Where clusters may end. */
export interface ClusterRules {
  readonly agents: readonly string[];
  /** Facts worth ending a subgoal at: the goal's and landmarks. */
  readonly marks: ReadonlySet<Literal>;
  /** A cluster with fewer steps than this goes on past a landmark (never past a goal fact). */
  readonly least: number;
  readonly most: number;
}

interface Open {
  readonly owner: string | null;
  readonly steps: number[];
  readonly after: Set<number>;
  closed: boolean;
}

/**
 * Groups the steps of a plan into subgoals.
 *
 * cluster.1 A cluster's steps are one agent's, in the order of the plan.
 * cluster.2 A cluster is closed as soon as a step of another cluster must come after one of its own; so every edge
 *           leads from a cluster closed earlier to one closed later, and the graph of clusters has no circle.
 * cluster.3 Clusters of one agent follow each other: an agent does one thing at a time.
 * cluster.4 `post` is what later clusters and the goal rely on, and nothing else; where nothing does, what its last
 *           step left.
 */
export function cluster(plan: ExplainedPlan, order: PartialOrder, rules: ClusterRules): readonly Cluster[] {
  const clusters: Open[] = [];
  const home: number[] = [];
  const current = new Map<string | null, number>();
  const goalMakers = new Set(order.links.filter((l) => l.to === plan.steps.length).map((l) => l.from));
  for (const [i, step] of plan.steps.entries()) {
    const owner =
      step.args.find((a) => rules.agents.includes(a)) ?? (rules.agents.length === 1 ? rules.agents[0]! : null);
    const needed = [...order.before[i]!].map((k) => home[k]!);
    const index = place(clusters, current, owner, needed);
    clusters[index]!.steps.push(i);
    home[i] = index;
    const long = clusters[index]!.steps.length;
    const landmark = long >= rules.least && step.makes.some((l) => rules.marks.has(l));
    if (goalMakers.has(i) || landmark || long >= rules.most) clusters[index]!.closed = true;
  }
  const after = withoutDetours(clusters.map((c) => [...c.after]));
  const crossing = crossings(clusters.length, home, order);
  return clusters.map((open, c) => ({ ...describe(open, plan, crossing[c]!), after: after[c]! }));
}

/** Drops what is waited for anyway, by way of something else (transitive reduction). */
function withoutDetours(after: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const all: Set<number>[] = [];
  const above = (c: number): Set<number> => (all[c] ??= new Set(after[c]!.flatMap((d) => [d, ...above(d)])));
  return after.map((direct) =>
    direct.filter((d) => !direct.some((e) => e !== d && above(e).has(d))).sort((a, b) => a - b),
  );
}

function place(
  clusters: Open[],
  current: Map<string | null, number>,
  owner: string | null,
  needed: readonly number[],
): number {
  let index = current.get(owner);
  for (const c of needed) if (c !== index) clusters[c]!.closed = true;
  if (index === undefined || clusters[index]!.closed) {
    clusters.push({ owner, steps: [], after: new Set(index === undefined ? [] : [index]), closed: false });
    index = clusters.length - 1;
    current.set(owner, index);
  }
  for (const c of needed) if (c !== index) clusters[index]!.after.add(c);
  return index;
}

/** What a cluster relies on from outside, and what others rely on from it, in the order of the links. */
interface Crossing {
  readonly pre: Literal[];
  readonly wanted: Literal[];
}

function crossings(count: number, home: readonly number[], { links }: PartialOrder): readonly Crossing[] {
  const found = Array.from({ length: count }, (): Crossing => ({ pre: [], wanted: [] }));
  for (const { from, to, literal } of links) {
    const [maker, user] = [from < 0 ? undefined : home[from], home[to]];
    if (maker === user) continue;
    if (user !== undefined) found[user]!.pre.push(literal);
    if (maker !== undefined) found[maker]!.wanted.push(literal);
  }
  return found;
}

function describe(open: Open, plan: ExplainedPlan, { pre, wanted }: Crossing): Omit<Cluster, 'after'> {
  // What a later step of the same cluster undoes does not hold at its end.
  const makes = new Map<Literal, number>();
  for (const s of open.steps) for (const l of plan.steps[s]!.makes) makes.set(l.replace(/^\(not (\(.*\))\)$/, '$1'), s);
  const lasting = wanted.filter((l) =>
    plan.steps[makes.get(l.replace(/^\(not (\(.*\))\)$/, '$1'))!]!.makes.includes(l),
  );
  const post = lasting.length > 0 ? lasting : effectOf(plan.steps[open.steps.at(-1)!]!);
  return { owner: open.owner, steps: open.steps, pre: [...new Set(pre)], post: conjunction([...new Set(post)]) };
}

/** What a step leaves behind: literals, or else the values of its numbers. Cost is no purpose. */
function effectOf({ makes, expects }: ExplainedPlan['steps'][number]): readonly string[] {
  if (makes.length > 0) return makes;
  return Object.entries(expects.numbers).flatMap(([term, value]) =>
    value === null || term === '(total-cost)' ? [] : [`(= ${term} ${value})`],
  );
}
