import type { StrategyEvent } from '@praxis/core';

/**
 * Why nobody thought about what was asked: a person refuses what it would cost, now and later; null where somebody did.
 */
export function refusalOf(event: StrategyEvent): string | null {
  return ('refused' in event ? event.refused : undefined) ?? null;
}
