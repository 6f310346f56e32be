import type { Action, Observation, Skill, SkillSource } from '@praxis/core';
import { SkillRegistry } from './skill-registry.js';

const calls: Action[] = [];
const skill = (name: string, source: string): Skill => ({
  manifest: { name, summary: '', parameters: [{ name: 'robot', type: 'robot' }, { name: 'speed', type: 'number' }], effect: 'reversible', keyed: true, source },
  async run({ action }): Promise<Observation> {
    calls.push(action);
    return { result: { ok: true, message: 'done' }, state: null };
  },
});
const source = (name: string, ...names: readonly string[]): SkillSource => ({ name, list: async () => names.map((n) => skill(n, name)) });
const { signal } = new AbortController();

describe('SkillRegistry', () => {
  it('gathers many sources in their order', async () => {
    const registry = await SkillRegistry.gather([source('a', 'move', 'turn'), source('b', 'look')]);
    expect(registry.manifests.map(({ name, source: from }) => `${from}/${name}`)).toEqual(['a/move', 'a/turn', 'b/look']);
  });

  it('refuses two skills of one name and says where they come from', async () => {
    await expect(SkillRegistry.gather([source('a', 'move'), source('b', 'move')])).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('one of a, one of b') });
  });

  it('hands arguments to the skill in the order of its manifest', async () => {
    calls.length = 0;
    const registry = await SkillRegistry.gather([source('a', 'move')]);
    await registry.run({ skill: 'move', args: { speed: 2, robot: 'robby' } }, 'k', signal);
    expect(Object.entries(calls[0]!.args)).toEqual([['robot', 'robby'], ['speed', 2]]);
  });

  it.each([
    ['an unknown skill', { skill: 'mvoe', args: {} }, 'did you mean `move`'],
    ['a missing argument', { skill: 'move', args: { robot: 'robby' } }, 'needs speed'],
    ['an argument too many', { skill: 'move', args: { robot: 'robby', speed: 1, colour: 'red' } }, 'no parameter colour'],
    ['a value of another type', { skill: 'move', args: { robot: 'robby', speed: 'fast' } }, 'must be a number'],
  ])('keeps %s from the skills and says what is wrong', async (_, action, message) => {
    calls.length = 0;
    const registry = await SkillRegistry.gather([source('a', 'move')]);
    const { result } = await registry.run(action, 'k', signal);
    expect(result).toMatchObject({ ok: false, code: 'invalid-args', message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });
});
