import type { Logger, Observation, Skill, SkillSource, WorldInfo } from '@praxis/core';
import { SkillCatalog, withNamespace } from './skill-catalog.js';

const done: Observation = { result: { ok: true, message: 'done' }, state: null };
const skill = (name: string, source: string): Skill => ({
  manifest: { name, summary: '', parameters: [], effect: 'pure', keyed: true, source },
  run: async ({ action }) => ({ ...done, result: { ok: true, message: action.skill } }),
});
const world: SkillSource = { name: 'world:w', list: async () => [skill('move', 'world:w')] };
const info: WorldInfo = {
  ...{ name: 'w', version: '1', summary: '', domain: 'w', scenarios: [] },
  skills: [],
  offers: { legal: false, snapshots: false, clones: false },
};

/** A source whose list changes, and that is away when it is told to be. */
class Tools implements SkillSource {
  readonly name = 'mcp:tools';
  asked = 0;
  isAway = false;
  names = ['look'];
  changed: () => void = () => undefined;

  async list(): Promise<readonly Skill[]> {
    this.asked += 1;
    if (this.isAway) throw new Error('the server is away');
    return this.names.map((name) => skill(name, this.name));
  }

  watch(changed: () => void): () => void {
    this.changed = changed;
    return () => undefined;
  }
}

function setUp() {
  const tools = new Tools();
  const logged: unknown[] = [];
  const note = (message: string, fields?: object): void => void logged.push([message, fields]);
  const log: Logger = { error: note, warn: note, info() {}, debug() {}, child: () => log };
  let now = 0;
  const catalog = new SkillCatalog({ declared: [], sources: [tools], clock: { now: () => now }, log });
  const names = async (): Promise<readonly string[]> =>
    (await catalog.registryFor(world, info)).manifests.map((m) => m.name);
  return { tools, logged, catalog, names, wait: (ms: number) => (now += ms) };
}

describe('SkillCatalog', () => {
  it('asks a source once, and again when it has changed (skill-catalog.1)', async () => {
    const { tools, names } = setUp();
    expect([await names(), await names()]).toEqual([
      ['move', 'look'],
      ['move', 'look'],
    ]);
    expect(tools.asked).toBe(1);
    tools.names = ['look', 'listen'];
    tools.changed();
    expect(await names()).toEqual(['move', 'look', 'listen']);
  });

  it('keeps the last good list while a source is down, and says why (skill-catalog.2)', async () => {
    const { tools, names, catalog, logged, wait } = setUp();
    await names();
    tools.isAway = true;
    tools.changed();
    expect(await names()).toEqual(['move', 'look']);
    expect((await catalog.describe([])).sources).toEqual([
      { name: 'mcp:tools', isUp: false, note: 'the server is away' },
    ]);
    await names();
    expect(tools.asked).toBe(2);
    expect(logged).toHaveLength(1);
    tools.isAway = false;
    wait(1_000);
    await names();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await catalog.describe([])).sources).toMatchObject([{ isUp: true }]);
  });

  it('does not change a registry that was made before (skill-catalog.3)', async () => {
    const { tools, catalog } = setUp();
    const before = await catalog.registryFor(world, info);
    tools.names = [];
    tools.changed();
    await catalog.registryFor(world, info);
    expect(before.manifests.map((m) => m.name)).toEqual(['move', 'look']);
  });

  it("leaves out a source's skill with the name of a world's action, and logs it once (skill-catalog.4)", async () => {
    const { tools, names, logged } = setUp();
    tools.names = ['move', 'look'];
    expect(await names()).toEqual(['move', 'look']);
    await names();
    expect(logged).toEqual([
      ['a skill is left out', { skill: 'move', source: 'mcp:tools', reason: expect.stringContaining('world:w') }],
    ]);
  });
});

describe('withNamespace', () => {
  it('calls the skills of a source `namespace.tool`, its undos too, and the skill sees its own name', async () => {
    const pay = skill('pay', 'mcp:tools');
    const source: SkillSource = {
      name: 'mcp:tools',
      list: async () => [
        { ...pay, manifest: { ...pay.manifest, undo: { skill: 'refund', args: {} } } },
        skill('refund', 'mcp:tools'),
      ],
    };
    const [named] = await withNamespace(source, 'bank').list();
    expect(named!.manifest).toMatchObject({ name: 'bank.pay', undo: { skill: 'bank.refund' } });
    const call = { action: { skill: 'bank.pay', args: {} }, key: 'k', signal: new AbortController().signal };
    expect((await named!.run(call)).result.message).toBe('pay');
  });
});
