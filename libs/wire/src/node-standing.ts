import { NODE_SILENCE_MS, type NodeView } from '@praxis/core';
import type { NodeStanding } from './nodes-api.js';

/**
 * How a node stands for whoever looks now, and why; `seenAt` is null for nodes of the settings, which never fall
 * silent.
 */
export function nodeStandingOf(
  view: NodeView,
  seenAt: number | null,
  now: number,
): { readonly standing: NodeStanding; readonly note: string } {
  const { load, isDraining, broken } = view;
  const silentMs = seenAt === null ? 0 : now - seenAt;
  if (silentMs > NODE_SILENCE_MS)
    return { standing: 'silent', note: `gave no sign of life for ${Math.round(silentMs / 1000)} s` };
  if (load && !load.isUp) return { standing: 'down', note: load.note };
  const note = [
    ...(broken.length === 0 ? [] : [`too many calls failed: ${broken.join(', ')}`]),
    ...(load === null || load.note === '' ? [] : [load.note]),
  ].join('; ');
  if (isDraining) return { standing: 'draining', note };
  if (load === null) return { standing: 'unknown', note };
  return { standing: isBusy(view) ? 'busy' : 'up', note };
}

/**
 * Whether one more call would wait, as far as can be told: what the engine says, and what this process knows by itself.
 */
function isBusy({ spec, load, inFlight, queued }: NodeView): boolean {
  const working = Math.max(inFlight, load?.running ?? 0);
  return queued > 0 || (load?.waiting ?? 0) > 0 || (spec.slots !== null && working >= spec.slots);
}
