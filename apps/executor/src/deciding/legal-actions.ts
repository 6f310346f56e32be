import { actionText, type Action } from '@praxis/core';

/** Longest list of legal actions that a model is shown; a list of thousands would fill its context and help nobody. */
const MOST = 150;

/** Whose turn it is, and what it is about. */
export interface Turn {
  readonly owner: string | null;
  readonly agents: readonly string[];
  readonly condition: string;
  readonly suggested: readonly Action[];
}

/** The legal actions of whoever acts, those first that touch what the subgoal is about; the rest is cut off. */
export function narrowActions(legal: readonly Action[], { owner, agents, condition, suggested }: Turn): readonly Action[] {
  const others = owner === null ? [] : agents.filter((a) => a !== owner);
  const own = legal.filter((action) => !objectsOf(action).some((o) => others.includes(o)));
  const wanted = new Set([...condition.matchAll(/[^\s()]+/g)].map(([word]) => word));
  const planned = new Set(suggested.map(actionText));
  const near = new Set(suggested.flatMap(objectsOf));
  const rank = (action: Action): number => (planned.has(actionText(action)) ? 1000 : 0) + objectsOf(action).reduce((sum, o) => sum + (wanted.has(o) ? 2 : 0) + (near.has(o) ? 1 : 0), 0);
  const ranked = own.map((action) => ({ action, rank: rank(action) })).toSorted((a, b) => b.rank - a.rank);
  return ranked.slice(0, MOST).map(({ action }) => action);
}

const objectsOf = ({ args }: Action): readonly string[] => Object.values(args).filter((a): a is string => typeof a === 'string');
