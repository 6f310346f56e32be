import { applyChange, type Action, type Observation, type World, type WorldSession } from '@praxis/core';
import { MemorySessions } from '../memory-sessions.js';
import { PddlWorld } from '../pddl/pddl-world.js';
import { shippedWorld } from '../pddl/world-kind.js';
import { LampWorld, WORLD_KINDS } from '../../../testing/src/lamp-world.js';
import { checkWorld } from './check-world.js';
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
    legal: () => session.legal(),
    check: (condition) => session.check(condition),
    snapshot: () => session.snapshot(),
    restore: (snapshot) => session.restore(snapshot),
    clone: async (snapshot, seed) => wrap(await session.clone(snapshot, seed)),
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
  for await (const { law, ok } of checkWorld(world, { scenario: 'dinner-a' })) if (!ok) laws.push(law);
  return laws;
}

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
    'reaches the goal of a world with %j, and never asks for what it says it cannot do',
    async (kind) => {
      const results: LawResult[] = [];
      for await (const result of checkWorld(new LampWorld(kind))) results.push(result);
      expect(results.filter((r) => !r.ok)).toEqual([]);
      const goal = results.find((r) => r.law.startsWith('a goal that search'))!;
      expect(goal.skipped ?? false).toBe(!kind.rules && !kind.legal);
    },
  );

  it('notices a world whose goal is out of reach though its rules say otherwise', async () => {
    const results: LawResult[] = [];
    for await (const result of checkWorld(new LampWorld({ rules: true, legal: true, snapshot: false, isBroken: true })))
      results.push(result);
    expect(results.filter((r) => !r.ok).map((r) => r.law)).toEqual([
      'a goal that search or the legal actions can reach is reached by acting',
    ]);
  });

  it.each<[string, string, (session: WorldSession) => Partial<WorldSession>]>([
    ['forgets its keys', 'environment.1', (s) => ({ act: (action: Action) => s.act(action, `fresh-${fresh++}`) })],
    [
      'acts while it looks',
      'environment.2',
      (s) => ({ observe: async () => (await s.act((await s.legal())[fresh++ % 2]!, `look-${fresh}`)).state! }),
    ],
    ['restores nothing', 'environment.3 restore', () => ({ restore: async () => {} })],
    ['gives itself as its clone', 'environment.3 a clone', (s) => ({ clone: async () => s })],
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
    ['finds everything true', 'check knows', () => ({ check: async () => true })],
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
