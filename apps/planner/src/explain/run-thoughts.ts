import type { RunEvent, RunHistory } from '@praxis/core';
import type { ToldThought } from './thoughts-of.js';

/** What models thought for the run itself: how its request was understood, and whether its constraints were kept. */
export interface RunThoughts {
  readonly understanding: readonly ToldThought[];
  readonly judgement: readonly ToldThought[];
}

/** Reads a run's own stream for what models thought. */
export function runThoughts({ state, events, stored }: RunHistory): RunThoughts {
  const { request } = state.goal;
  const told = events.flatMap((event, i) => (event.type === 'opened' || event.type === 'checked' ? [{ event, at: stored[i]!.at, before: stored[i - 1]?.at ?? stored[i]!.at }] : []));
  const thoughts = told.flatMap(({ event, at, before }): readonly (ToldThought & { readonly of: RunEvent['type'] })[] => {
    if (event.call === undefined) return [];
    const shared = { isEarlier: false, at, tookMs: Math.max(0, at - before), note: '', spent: event.spent ?? null };
    const thought = event.type === 'opened' ? { id: 'request', kind: 'propose' as const, by: 'grounder', about: '', results: understood(request, event) } : { id: 'constraints', kind: 'verify' as const, by: 'judge', about: 'the constraints of the request', results: verdicts(event) };
    return [{ of: event.type, thought: { ...thought, ...shared }, call: event.call }];
  });
  return { understanding: thoughts.filter((t) => t.of === 'opened'), judgement: thoughts.filter((t) => t.of === 'checked') };
}

function understood(request: string, { condition, constraints = [] }: Extract<RunEvent, { type: 'opened' }>): readonly string[] {
  return [`asked for: ${request.replace(/\s+/g, ' ').trim()}`, `understood as: ${condition}`, ...constraints.map((text) => `constraint: ${text}`)];
}

function verdicts({ constraints = [] }: Extract<RunEvent, { type: 'checked' }>): readonly string[] {
  return constraints.map(({ text, verdict, why }) => `${text}: ${verdict}${why === '' ? '' : `, ${why}`}`);
}
