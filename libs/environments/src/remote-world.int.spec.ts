import type { Logger, World } from '@praxis/core';
import { lampGaps, lampOptions } from '../../testing/src/contracts/lamp-world-gaps.js';
import { describeWorld, type WorldUnderTest } from '../../testing/src/contracts/world.contract.js';
import { LampWorld, WORLD_KINDS } from '../../testing/src/lamp-world.js';
import { openCatalog } from './catalog.js';
import { MemoryArtifacts } from './memory-artifacts.js';
import { MemorySessions } from './memory-sessions.js';
import { PddlWorld } from './pddl/pddl-world.js';
import { shippedWorld } from './pddl/world-kind.js';
import { RemoteWorld } from './remote-world.js';
import { serveWorld } from './serve-world.js';

const lines: string[] = [];
const note = (message: string): void => void lines.push(message);
const log: Logger = { error: note, warn: note, info: note, debug: () => {}, child: () => log };
const household = (): PddlWorld => new PddlWorld(shippedWorld('household'), new MemorySessions());

/** A world over gRPC, and how it is put away. */
async function served(world: World): Promise<WorldUnderTest & { readonly close: () => Promise<void> }> {
  const server = await serveWorld({ world, address: '127.0.0.1:0', log });
  const remote = new RemoteWorld('far', server.address);
  return {
    world: remote,
    close: async () => {
      remote.close();
      await server.stop();
    },
  };
}

describeWorld(
  'a served copy of the world household',
  async () => ({ ...(await served(household())), options: { scenario: 'floors-b', steps: 20 } }),
  { lacks: ['plain arguments'] },
);

for (const kind of WORLD_KINDS)
  describeWorld(
    `a served world with ${JSON.stringify(kind)}`,
    async () => ({ ...(await served(new LampWorld(kind))), options: lampOptions(kind) }),
    lampGaps(kind),
  );

describe('RemoteWorld', () => {
  it('goes by the name that the settings give it, and sees what the original sees', async () => {
    const original = household();
    const server = await serveWorld({ world: original, address: '127.0.0.1:0', log });
    const catalog = openCatalog({
      artifacts: new MemoryArtifacts(),
      sessions: new MemorySessions(),
      remotes: { cottage: server.address },
      log,
    });
    const world = await catalog.get('cottage');
    expect((await world.describe()).name).toBe('cottage');
    const session = await world.open({ scenario: 'breakfast-a', problem: null, seed: '1', sessionId: 's' });
    expect(new Set((await world.describe()).skills.map((s) => s.source))).toEqual(new Set(['world:cottage']));
    const { state } = await session.act({ skill: 'move', args: { r: 'robby', from: 'dining-room', to: 'hall' } }, 'k');
    expect(state).toEqual(await (await original.resume('s')).observe());
    catalog.close();
    await server.stop();
  });

  it('tells a refusal of the world as data that the journal takes', async () => {
    const server = await serveWorld({ world: household(), address: '127.0.0.1:0', log });
    const world = new RemoteWorld('cottage', server.address);
    const session = await world.open({ scenario: 'breakfast-a', problem: null, seed: '1', sessionId: 's' });
    const { result } = await session.act({ skill: 'move', args: { r: 'robby', from: 'hall', to: 'kitchen' } }, 'k');
    expect(result).toStrictEqual({ ok: false, code: 'not-applicable', message: expect.any(String) });
    world.close();
    await server.stop();
  });

  it('is left out of the list, with a line in the log, while nobody serves it', async () => {
    lines.length = 0;
    const catalog = openCatalog({
      artifacts: new MemoryArtifacts(),
      sessions: new MemorySessions(),
      remotes: { nowhere: '127.0.0.1:9' },
      log,
    });
    expect((await catalog.list()).map(({ name }) => name)).toEqual(['household', 'warehouse', 'pddl', 'workspace']);
    expect(lines).toEqual(['a world cannot be reached']);
    catalog.close();
  });
});
