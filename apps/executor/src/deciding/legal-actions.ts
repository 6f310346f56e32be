import { actionText, type Action } from '@praxis/core';

/** Longest list of legal actions that a model is shown; a list of thousands would fill its context. */
const MOST = 150;

/** Whose turn it is, and what it is about. */
export interface Turn {
  readonly owner: string | null;
  readonly agents: readonly string[];
  readonly condition: string;
  readonly suggested: readonly Action[];
}

/** The legal actions of an actor. */
export interface Narrowed {
  /** Those that a model is shown, best first. */
  readonly shown: readonly Action[];
  /** All that the actor may choose, shown or not. */
  readonly own: readonly Action[];
  /** What is not shown, by skill; empty where all of it is. */
  readonly notes: readonly string[];
}

/**
 * Narrows the legal actions to those of the actor, and to as many as a model can read.
 *
 * legal-actions.1 An action belongs to the first agent among its arguments; one that names no agent belongs to
 *                 everybody.
 * legal-actions.2 Every skill keeps its share of the list, so that many actions of one skill never hide another skill.
 * legal-actions.3 What is not shown is said, and may be chosen nevertheless.
 */
export function narrowActions(legal: readonly Action[], turn: Turn): Narrowed {
  const own = ownActions(legal, turn);
  if (own.length <= MOST) return { shown: ranked(own, turn), own, notes: [] };
  const shown = ranked(withinQuota(ranked(own, turn)), turn);
  return { shown, own, notes: cutNotes(own, shown) };
}

function ownActions(legal: readonly Action[], { owner, agents }: Turn): readonly Action[] {
  if (owner === null) return legal;
  return legal.filter((action) => {
    const actor = objectsOf(action).find((o) => agents.includes(o));
    return actor === undefined || actor === owner;
  });
}

/** Those first that touch what the subgoal is about. */
function ranked(actions: readonly Action[], { condition, suggested }: Turn): readonly Action[] {
  const wanted = new Set([...condition.matchAll(/[^\s()]+/g)].map(([word]) => word));
  const planned = new Set(suggested.map(actionText));
  const near = new Set(suggested.flatMap(objectsOf));
  const rank = (action: Action): number =>
    (planned.has(actionText(action)) ? 1000 : 0) +
    objectsOf(action).reduce((sum, o) => sum + (wanted.has(o) ? 2 : 0) + (near.has(o) ? 1 : 0), 0);
  return actions
    .map((action) => ({ action, rank: rank(action) }))
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ action }) => action);
}

/** The best of every skill in turn, until the list is full. */
function withinQuota(best: readonly Action[]): readonly Action[] {
  const bySkill = new Map<string, Action[]>();
  for (const action of best) {
    const others = bySkill.get(action.skill);
    if (others) others.push(action);
    else bySkill.set(action.skill, [action]);
  }
  const kept: Action[] = [];
  for (let nth = 0; kept.length < MOST; nth++) {
    const round = [...bySkill.values()].flatMap((actions) => actions.slice(nth, nth + 1));
    kept.push(...round.slice(0, MOST - kept.length));
  }
  return kept;
}

function cutNotes(own: readonly Action[], shown: readonly Action[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { skill } of own) counts.set(skill, (counts.get(skill) ?? 0) + 1);
  for (const { skill } of shown) counts.set(skill, counts.get(skill)! - 1);
  const cut = [...counts].filter(([, n]) => n > 0).map(([skill, n]) => `${n} of ${skill}`);
  return [
    `${shown.length} of ${own.length} legal actions are shown; not shown are ${cut.join(', ')}. You may choose one that is not shown: write the call with its arguments.`,
  ];
}

const objectsOf = ({ args }: Action): readonly string[] =>
  Object.values(args).filter((a): a is string => typeof a === 'string');
