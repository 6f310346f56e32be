import type { Logger } from '@praxis/core';
import { openCatalog } from './catalog.js';
import { MemoryArtifacts } from './memory-artifacts.js';
import { MemorySessions } from './memory-sessions.js';

const log: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, child: () => log };
const parts = { artifacts: new MemoryArtifacts(), sessions: new MemorySessions(), remotes: {}, log };

describe('openCatalog', () => {
  it('lists the worlds that come with Praxis, complete with skills and scenarios', async () => {
    const infos = await openCatalog(parts).list();
    expect(infos.map(({ name, domain, skills, scenarios }) => [name, domain, skills.length, scenarios.length])).toEqual(
      [
        ['household', 'household', 13, 8],
        ['warehouse', 'warehouse', 12, 8],
        ['pddl', 'pddl', 0, 0],
        ['workspace', 'workspace', 8, 0],
      ],
    );
    expect(infos[0]!.skills[6]).toEqual({
      name: 'pick-up',
      summary: 'Needs (and (at ?r ?p) (placed ?s ?p) (on ?i ?s) (free ?r)).',
      parameters: [
        { name: 'r', type: 'robot' },
        { name: 'i', type: 'item' },
        { name: 's', type: 'surface' },
        { name: 'p', type: 'room' },
      ],
      effect: 'reversible',
      keyed: true,
      source: 'world:household',
    });
  });

  it('names the worlds there are where one is asked for that is not, the nearest first', async () => {
    await expect(openCatalog(parts).get('warehose')).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no world "warehose". Known worlds: warehouse, household, pddl, workspace.',
    });
  });

  it('opens a world as the README shows', async () => {
    const catalog = openCatalog({ artifacts: new MemoryArtifacts(), sessions: new MemorySessions(), remotes: {}, log });
    const world = await catalog.get('household');
    const session = await world.open({ scenario: 'breakfast-a', problem: null, seed: '1', sessionId: 'demo' });
    const { result } = await session.act(
      { skill: 'move', args: { r: 'robby', from: 'dining-room', to: 'hall' } },
      'key-1',
    );
    expect(result).toEqual({ ok: true, message: 'did (move robby dining-room hall)' });
  });

  it('does not let a remote world take the name of one of its own', () => {
    expect(() => openCatalog({ ...parts, remotes: { household: '127.0.0.1:1' } })).toThrow(
      'give the remote world another name',
    );
  });
});
