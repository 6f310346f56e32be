import type { ModelRole, NodeView, ServedModel } from '@praxis/core';

/**
 * Which models a role tries, best first; roles that are not named have the default. An empty chain: whatever chat
 * models there are.
 */
export interface ModelChains {
  readonly byRole: Readonly<Partial<Record<ModelRole, readonly string[]>>>;
  readonly fallback: readonly string[];
}

/** Names by which lists of models show that one makes vectors or ranks instead of answering. */
const NO_CHAT = /embed|rerank|\b(bge|e5|gte)-/i;

/** The models to try for a call, best first. */
export function chainOf(
  role: ModelRole,
  own: readonly string[] | undefined,
  chains: ModelChains,
  views: readonly NodeView[],
): readonly string[] {
  const named = own !== undefined && own.length > 0 ? own : (chains.byRole[role] ?? chains.fallback);
  return named.length > 0 ? [...new Set(named)] : listedModels(views, 'chat');
}

/**
 * The models of a kind that nodes say they have, those on the most nodes first, so that calls of a run stay with one.
 */
export function listedModels(views: readonly NodeView[], kind: ServedModel['kind']): readonly string[] {
  const nodes = new Map<string, number>();
  for (const view of views) {
    for (const name of namesOf(view, kind)) nodes.set(name, (nodes.get(name) ?? 0) + 1);
  }
  return [...nodes].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name]) => name);
}

function namesOf({ spec, load }: NodeView, kind: ServedModel['kind']): readonly string[] {
  if (spec.serves.length > 0) return spec.serves.filter((served) => served.kind === kind).map(({ name }) => name);
  const listed = load?.models ?? [];
  if (kind !== 'chat' && kind !== 'embedding') return [];
  return listed.filter((name) => NO_CHAT.test(name) === (kind === 'embedding'));
}
