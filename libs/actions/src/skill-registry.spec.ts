import type { Action, Observation, Skill, SkillSource } from '@praxis/core';
import { SkillRegistry } from './skill-registry.js';

const calls: Action[] = [];
const skill = (name: string, source: string): Skill => ({
  manifest: {
    name,
    summary: '',
    parameters: [
      { name: 'robot', type: 'robot' },
      { name: 'speed', type: 'number' },
    ],
    effect: 'reversible',
    keyed: true,
    source,
  },
  async run({ action }): Promise<Observation> {
    calls.push(action);
    return { result: { ok: true, message: 'done' }, state: null };
  },
});
const source = (name: string, ...names: readonly string[]): SkillSource => ({
  name,
  list: async () => names.map((n) => skill(n, name)),
});
const { signal } = new AbortController();

describe('SkillRegistry', () => {
  it('gathers many sources in their order', async () => {
    const registry = await SkillRegistry.gather([source('a', 'move', 'turn'), source('b', 'look')]);
    expect(registry.manifests.map(({ name, source: from }) => `${from}/${name}`)).toEqual([
      'a/move',
      'a/turn',
      'b/look',
    ]);
  });

  it('leaves out a newcomer with a taken name, says why, and goes on without it (skill-registry.1)', async () => {
    const registry = await SkillRegistry.gather([source('a', 'move'), source('b', 'move', 'look')]);
    expect(registry.manifests.map(({ name, source: from }) => [name, from])).toEqual([
      ['move', 'a'],
      ['look', 'b'],
    ]);
    expect(registry.quarantined).toEqual([
      { name: 'move', source: 'b', reason: expect.stringContaining('a already has a skill called move') },
    ]);
    const args = { robot: 'robby', speed: 1 };
    expect((await registry.run({ skill: 'move', args }, 'k', signal)).result.ok).toBe(true);
  });

  it('hands arguments to the skill in the order of its manifest (skill-registry.3)', async () => {
    calls.length = 0;
    const registry = await SkillRegistry.gather([source('a', 'move')]);
    await registry.run({ skill: 'move', args: { speed: 2, robot: 'robby' } }, 'k', signal);
    expect(Object.entries(calls[0]!.args)).toEqual([
      ['robot', 'robby'],
      ['speed', 2],
    ]);
  });

  it.each([
    ['an unknown skill', { skill: 'mvoe', args: {} }, 'did you mean `move`'],
    ['a missing argument', { skill: 'move', args: { robot: 'robby' } }, 'needs speed'],
    [
      'an argument too many',
      { skill: 'move', args: { robot: 'robby', speed: 1, colour: 'red' } },
      'no parameter colour',
    ],
    ['a value of another type', { skill: 'move', args: { robot: 'robby', speed: 'fast' } }, 'must be a number'],
  ])('keeps %s from the skills and says what is wrong (skill-registry.2, S10)', async (_, action, message) => {
    calls.length = 0;
    const registry = await SkillRegistry.gather([source('a', 'move')]);
    const { result } = await registry.run(action, 'k', signal);
    expect(result).toMatchObject({ ok: false, code: 'invalid-args', message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  it.each([
    ['nobody knows', { skill: 'unturn', args: {} }, 'which is no skill here'],
    [
      'has no such parameter',
      { skill: 'turn', args: { robot: 'args.robot', speed: 'args.speed', angle: 'key' } },
      'no parameter angle',
    ],
    ['needs more', { skill: 'turn', args: { robot: 'args.robot' } }, 'it needs speed'],
    [
      'wants what is not there',
      { skill: 'turn', args: { robot: 'args.robot', speed: 'args.pace' } },
      'move has no parameter pace',
    ],
  ])('leaves out a skill that is undone by one that %s (skill-registry.4)', async (_, undo, message) => {
    const move = skill('move', 'a');
    const undone: SkillSource = {
      name: 'a',
      list: async () => [{ ...move, manifest: { ...move.manifest, effect: 'compensable', undo } }, skill('turn', 'a')],
    };
    const registry = await SkillRegistry.gather([undone]);
    expect(registry.manifests.map(({ name }) => name)).toEqual(['turn']);
    expect(registry.quarantined).toMatchObject([{ name: 'move', reason: expect.stringContaining(message) }]);
    const { result } = await registry.run({ skill: 'move', args: {} }, 'k', signal);
    expect(result).toMatchObject({ code: 'invalid-args', message: expect.stringContaining(message) });
  });

  it('leaves out in turn what is undone by a skill that was left out (skill-registry.4)', async () => {
    const undoneBy = (name: string, other: string): Skill => ({
      ...skill(name, 'a'),
      manifest: { ...skill(name, 'a').manifest, undo: { skill: other, args: { robot: 'key', speed: 'key' } } },
    });
    const chain = [undoneBy('a', 'b'), undoneBy('b', 'c'), undoneBy('c', 'gone'), skill('d', 'a')];
    const registry = SkillRegistry.of(chain);
    expect(registry.manifests.map(({ name }) => name)).toEqual(['d']);
    expect(registry.quarantined.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c']);
  });

  it('asks only skills that can tell what became of a key', async () => {
    const asked: Action[] = [];
    const probed: Skill = {
      ...skill('look', 'a'),
      probe: async ({ action }) => (asked.push(action), { happened: false }),
    };
    const registry = await SkillRegistry.gather([source('a', 'move'), { name: 'b', list: async () => [probed] }]);
    const args = { speed: 2, robot: 'robby' };
    expect(await registry.probe({ skill: 'look', args }, 'k', signal)).toEqual({ happened: false });
    expect(Object.keys(asked[0]!.args)).toEqual(['robot', 'speed']);
    for (const name of ['move', 'nobody'])
      expect(await registry.probe({ skill: name, args }, 'k', signal)).toEqual({ happened: null });
  });
});
