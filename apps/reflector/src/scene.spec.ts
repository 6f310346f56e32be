import { goalSchema, runEvents, runStream, type RunEvent, type WorldCatalog } from '@praxis/core';
import { LampWorld, MemoryJournal, WORLD_KINDS } from '@praxis/testing';
import type { ReflectorParts } from './parts.js';
import { Scenes } from './scene.js';

describe('where a trajectory took place', () => {
  it.each(WORLD_KINDS)('is looked up only where the world can be cloned and tells rules: %j', async (kind) => {
    const world = new LampWorld(kind);
    const session = await world.open({ scenario: 'dark', problem: null, seed: '1', sessionId: 'r-1' });
    const { rules, condition } = await session.briefing();
    const { domain, problem } = rules ?? { domain: '', problem: '' };
    const journal = new MemoryJournal();
    const events: readonly RunEvent[] = [
      { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'lamps' }) },
      {
        type: 'opened',
        session: 'r-1',
        domainName: 'lamps',
        domain,
        problem,
        condition,
        agents: [],
        tools: [],
        approvals: [],
        versions: { planning: 1, acting: 1 },
      },
    ];
    await journal.append(
      runStream('r-1'),
      0,
      events.map((e) => runEvents.encode(e)),
    );
    const worlds = { get: async () => world } as unknown as WorldCatalog;
    const scene = await new Scenes({ store: { journal }, worlds } as unknown as ReflectorParts).of('r-1');
    expect(scene === null).toBe(!kind.rules || !kind.clones);
  });
});
