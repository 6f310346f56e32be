import { applyChange, snapshotsOf, type Action, type Observation, type World, type WorldSession } from '@praxis/core';
import { MemorySessions } from '../memory-sessions.js';
import { PddlWorld } from '../pddl/pddl-world.js';
import { shippedWorld } from '../pddl/world-kind.js';
import { lampOptions } from '../../../testing/src/contracts/lamp-world-gaps.js';
import { LampWorld, WORLD_KINDS, type LampWorldKind } from '../../../testing/src/lamp-world.js';
import { checkWorld } from './check-world.js';
import { GOAL_LAW } from './goal-laws.js';
import type { LawResult } from './law.js';

const sound = (): World => new PddlWorld(shippedWorld('household'), new MemorySessions());

/** A world whose sessions differ from sound ones in some methods. */
function spoilt(change: (session: WorldSession) => Partial<WorldSession>): World {
  const world = sound();
  const wrap = (session: WorldSession): WorldSession => ({
    id: session.id,
    briefing: () => session.briefing(),
    observe: () => session.observe(),
    act: (action, key) => session.act(action, key),
    legal: () => session.legal!(),
    check: (condition) => session.check(condition),
    snapshots: {
      ...snapshotsOf(session),
      clone: async (snapshot, seed) => wrap(await snapshotsOf(session).clone(snapshot, seed)),
    },
    close: () => session.close(),
    ...change(session),
  });
  return {
    describe: () => world.describe(),
    open: async (request) => wrap(await world.open(request)),
    resume: async (id) => wrap(await world.resume(id)),
  };
}

async function broken(world: World): Promise<readonly string[]> {
  const laws: string[] = [];
  for await (const { law, outcome } of checkWorld(world, { scenario: 'dinner-a' }))
    if (outcome === 'broken') laws.push(law);
  return laws;
}

/** Neither rules nor legal actions, nor snapshots. */
const MUTE: LampWorldKind = { rules: false, legal: false, snapshots: false, clones: false };

let fresh = 0;
const blind = (observation: Observation): Observation => ({
  ...observation,
  state: observation.state && applyChange(observation.state, { added: ['(ghost)'], removed: [], numbers: {} }),
});

const backdated = (seen: Observation): Observation => ({ ...seen, before: { facts: ['(ghost)'], numbers: {} } });
const asStale = (seen: Observation, decidedOn: string | undefined): Observation =>
  seen.result.ok || decidedOn === undefined || seen.result.code !== 'not-applicable'
    ? seen
    : { ...seen, result: { ...seen.result, code: 'stale' } };

describe('checkWorld', () => {
  it('finds nothing wrong with a sound world', async () => {
    expect(await broken(sound())).toEqual([]);
  });

  it.each(WORLD_KINDS)(
    'reaches the goal of a world with %j where something says how, and otherwise says that it is not shown',
    async (kind) => {
      const results: LawResult[] = [];
      for await (const result of checkWorld(new LampWorld(kind))) results.push(result);
      expect(results.filter((r) => r.outcome === 'broken')).toEqual([]);
      const goal = results.find((r) => r.law === GOAL_LAW)!;
      expect(goal.outcome).toBe(kind.rules || kind.legal ? 'holds' : 'not-shown');
    },
  );

  it('notices a world whose goal is out of reach though its rules say otherwise', async () => {
    const results: LawResult[] = [];
    for await (const result of checkWorld(new LampWorld({ ...MUTE, rules: true, isBroken: true })))
      results.push(result);
    expect(results.filter((r) => r.outcome === 'broken').map((r) => r.law)).toEqual([GOAL_LAW]);
  });

  it('drives a world that tells nothing by the actions that are given, and says where they do not reach the goal', async () => {
    const goal = async (world: World, actions: readonly Action[]): Promise<LawResult> => {
      for await (const result of checkWorld(world, { actions })) if (result.law === GOAL_LAW) return result;
      throw new Error('nothing was said of the goal');
    };
    const way = lampOptions(MUTE).actions!;
    expect(await goal(new LampWorld(MUTE), way)).toMatchObject({ outcome: 'holds' });
    expect(await goal(new LampWorld(MUTE), way.slice(1))).toMatchObject({
      outcome: 'broken',
      detail: expect.stringMatching(
        /^the 2 given actions do not reach .*: \(lit right\) does not hold; \(switch-on right\) was refused with not-applicable/,
      ) as string,
    });
    expect(await goal(new LampWorld({ ...MUTE, isBroken: true }), way)).toMatchObject({ outcome: 'broken' });
  });

  it('does not take a goal that holds from the beginning for one that was reached', async () => {
    const world = sound();
    const open: World = {
      ...spoilt((s) => ({
        briefing: async () => ({ ...(await s.briefing()), condition: (await s.observe()).facts[0]! }),
      })),
      describe: () => world.describe(),
    };
    const results: LawResult[] = [];
    for await (const result of checkWorld(open)) results.push(result);
    expect(results.find((r) => r.law === GOAL_LAW)).toMatchObject({
      outcome: 'not-shown',
      detail: expect.stringContaining('holds before anything is done') as string,
    });
  });

  it.each<[string, string, (session: WorldSession) => Partial<WorldSession>]>([
    ['forgets its keys', 'environment.1', (s) => ({ act: (action: Action) => s.act(action, `fresh-${fresh++}`) })],
    [
      'acts while it looks',
      'environment.2',
      (s) => ({ observe: async () => (await s.act((await s.legal!())[fresh++ % 2]!, `look-${fresh}`)).state! }),
    ],
    [
      'restores nothing',
      'environment.3 restore',
      (s) => ({ snapshots: { ...snapshotsOf(s), restore: async () => {} } }),
    ],
    [
      'gives itself as its clone',
      'environment.3 a clone',
      (s) => ({ snapshots: { ...snapshotsOf(s), clone: async () => s } }),
    ],
    ['cannot do what it offers', 'environment.7', () => ({ snapshots: undefined })],
    [
      'cannot clone what it offers to',
      'environment.7',
      (s) => ({ snapshots: { take: snapshotsOf(s).take, restore: async () => {} } }),
    ],
    [
      'throws what it refuses',
      'environment.5',
      (s) => ({
        act: async (action: Action, key: string) =>
          (await s.act(action, key)).result.ok ? s.act(action, key) : Promise.reject(new Error('no')),
      }),
    ],
    [
      'shows other facts than there are',
      'actions that may be possible',
      (s) => ({ act: async (action: Action, key: string) => blind(await s.act(action, key)) }),
    ],
    ['finds everything true', 'environment.8', () => ({ check: async () => ({ holds: true, problems: [] }) })],
    [
      'does not say what is wrong',
      'environment.8',
      (s) => ({ check: async (c: string) => ({ ...(await s.check(c)), problems: [] }) }),
    ],
    [
      'finds fault with what holds',
      'environment.8',
      (s) => ({ check: async (c: string) => ({ ...(await s.check(c)), problems: ['hm'] }) }),
    ],
    ['stays open', 'a closed session', () => ({ close: async () => {} })],
    ['offers what it cannot do', 'legal actions', () => ({ legal: async () => [{ skill: 'fly', args: {} }] })],
    [
      'takes what is possible for stale',
      'environment.6',
      (s) => ({
        act: async (action: Action, key: string, _signal?: AbortSignal, decidedOn?: string) =>
          decidedOn?.startsWith('0000')
            ? { result: { ok: false as const, code: 'stale' as const, message: '' }, state: await s.observe() }
            : s.act(action, key),
      }),
    ],
    [
      'takes a refusal for stale where nothing has changed',
      'environment.6',
      (s) => ({
        act: async (action: Action, key: string, _signal?: AbortSignal, decidedOn?: string) =>
          asStale(await s.act(action, key), decidedOn),
      }),
    ],
    [
      'does not know what was before',
      'the facts that an action shows from before',
      (s) => ({ act: async (action: Action, key: string) => backdated(await s.act(action, key)) }),
    ],
    [
      'rolls its dice anew',
      'environment.4',
      (s) => ({
        act: async (action: Action, key: string) =>
          fresh++ % 3 === 0
            ? {
                result: { ok: false as const, code: 'effect-mismatch' as const, message: `slip ${fresh}` },
                state: await s.observe(),
              }
            : s.act(action, key),
      }),
    ],
  ])('notices a world that %s', async (_, law, change) => {
    expect((await broken(spoilt(change))).some((found) => found.startsWith(law))).toBe(true);
  });
});
