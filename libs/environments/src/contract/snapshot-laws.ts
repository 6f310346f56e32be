import type { Snapshots, WorldSession } from '@praxis/core';
import { must, mustEqual, mustFail, offered, sorted, type Law } from './law.js';
import { doAction, walk } from './walk.js';

/** What snapshots and clones must do, where a world claims to have them. */
export const SNAPSHOT_LAWS: readonly Law[] = [
  {
    law: 'environment.3 restore brings back the facts of the snapshot',
    async check(trial) {
      const session = await trial.open();
      const snapshots = snapshotsIn(session);
      await walk(trial, session, 3, 'before');
      const then = sorted(await session.observe());
      const snapshot = await snapshots.take();
      mustEqual(sorted(await session.observe()), then, 'the facts after taking a snapshot');
      await walk(trial, session, trial.steps, 'after');
      await snapshots.restore(snapshot);
      mustEqual(sorted(await session.observe()), then, 'the facts after restore');
    },
  },
  {
    law: 'environment.3 a clone and its original never touch each other',
    async check(trial) {
      const session = await trial.open();
      const snapshots = cloningIn(session);
      await walk(trial, session, 2, 'before');
      const then = sorted(await session.observe());
      const clone = await snapshots.clone(await snapshots.take(), 'other');
      must(clone.id !== session.id, 'the clone has the id of its original');
      mustEqual(sorted(await clone.observe()), then, 'the facts of the clone');
      await walk(trial, clone, trial.steps, 'in-clone');
      mustEqual(sorted(await session.observe()), then, 'the facts of the original after actions in the clone');
      const cloned = sorted(await clone.observe());
      await walk(trial, session, trial.steps, 'in-original');
      mustEqual(sorted(await clone.observe()), cloned, 'the facts of the clone after actions in the original');
      await clone.close();
      await session.observe();
    },
  },
  {
    law: 'environment.4 a clone with the same seed sees what its original sees',
    async check(trial) {
      const session = await trial.open();
      const snapshots = cloningIn(session);
      await walk(trial, session, 3, 'before');
      const clone = await snapshots.clone(await snapshots.take(), trial.seed);
      const taken = await walk(trial, session, trial.steps, 'after');
      for (const { action, key, observation } of taken)
        mustEqual(await doAction(clone, action, key), observation, `the observation of ${action.skill} (${key})`);
      await clone.close();
    },
  },
  {
    law: 'a text that is no snapshot is invalid',
    async check(trial) {
      const session = await trial.open();
      const snapshots = snapshotsIn(session);
      const before = sorted(await session.observe());
      await mustFail(snapshots.restore('no snapshot'), 'invalid', 'restore of a broken snapshot');
      mustEqual(sorted(await session.observe()), before, 'the facts after a failed restore');
    },
  },
];

function snapshotsIn({ snapshots }: WorldSession): Snapshots {
  offered(snapshots !== undefined, 'snapshots', 'the world takes no snapshots');
  return snapshots;
}

function cloningIn(session: WorldSession): Required<Snapshots> {
  const snapshots = snapshotsIn(session);
  offered(snapshots.clone !== undefined, 'clones', 'the world makes no clones');
  return snapshots as Required<Snapshots>;
}
