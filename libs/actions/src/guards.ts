import type { Tool } from '@praxis/core';
import type { AddedPrecondition } from '@praxis/search';

/** The preconditions that these tools teach a planner, each once. */
export function guardsOf(tools: readonly Tool[]): readonly AddedPrecondition[] {
  const guards = new Map<string, AddedPrecondition>();
  for (const { body } of tools) {
    if (body.kind !== 'guard') continue;
    const { action, parameters, requires } = body;
    guards.set(`${action} ${parameters.join(' ')} ${requires}`, { action, parameters, requires });
  }
  return [...guards.values()];
}
