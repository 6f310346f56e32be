import type { Action } from '@praxis/core';
import type { Capability } from '@praxis/environments';
import type { LampWorldKind } from '../lamp-world.js';
import type { ExpectedGaps, WorldUnderTest } from './world.contract.js';

const act = (skill: string, l: string): Action => ({ skill, args: { l } });

/** How a kind of lamp world is driven to its goal: by a list of actions where neither rules nor legal actions help. */
export function lampOptions({ rules, legal }: LampWorldKind): NonNullable<WorldUnderTest['options']> {
  if (rules || legal) return {};
  return { actions: [act('plug-in', 'right'), act('switch-on', 'left'), act('switch-on', 'right')] };
}

/** The parts that a kind of lamp world does not have. */
export function lampGaps({ rules, legal, snapshots, clones }: LampWorldKind): ExpectedGaps {
  const parts: readonly (readonly [boolean, Capability])[] = [
    [rules, 'rules'],
    [legal, 'legal'],
    [snapshots, 'snapshots'],
    // Without snapshots, the laws about clones are about the snapshots that they are made of.
    [clones || !snapshots, 'clones'],
    [false, 'plain arguments'],
    [false, 'states before actions'],
  ];
  return { lacks: parts.flatMap(([has, what]) => (has ? [] : [what])) };
}
