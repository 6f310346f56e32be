import type { Action, ArtifactRef, Made, Observation, Skill, SkillManifest, WorldFiles } from '@praxis/core';
import { ensuredBy, recordedIn } from './recorded-in.js';

const report: ArtifactRef = { $artifact: 'a'.repeat(64), size: 3, mediaType: 'text/markdown', name: 'report.md' };
const manifest: SkillManifest = {
  name: 'write',
  summary: 'Writes a report.',
  parameters: [{ name: 'of', type: 'string' }],
  effect: 'reversible',
  keyed: true,
  source: 'builtin',
  ensures: ['(written ?of)'],
};
const action: Action = { skill: 'write', args: { of: 'sales' } };
const done = (artifacts: ArtifactRef[]): Observation => ({
  result: { ok: true, message: 'written', output: { value: 7, artifacts, taint: ['http:a'] } },
  state: null,
});
const skill = (observation: Observation, more: Partial<SkillManifest> = {}): Skill => ({
  manifest: { ...manifest, ...more },
  run: async () => observation,
});

class Folder implements WorldFiles {
  readonly made: (Made & { readonly key: string })[] = [];
  constructor(private readonly answer: Observation['result'] = { ok: true, message: 'taken in' }) {}
  async list() {
    return [];
  }
  async find() {
    return null;
  }
  async record(made: Made, key: string): Promise<Observation> {
    this.made.push({ ...made, key });
    return { result: this.answer, state: { facts: ['(written sales)'], numbers: {} } };
  }
}
const call = { action, key: 'k1', signal: new AbortController().signal };

describe('ensuredBy', () => {
  it('names the arguments', () => expect(ensuredBy(manifest, action)).toEqual(['(written sales)']));

  it('leaves out a fact that would name what is no plain word', () => {
    for (const value of ['two words', '(x)', null, { a: 1 }, ''])
      expect(ensuredBy(manifest, { skill: 'write', args: { of: value } })).toEqual([]);
    expect(ensuredBy({ ensures: ['(about ?nothing)'] }, action)).toEqual([]);
  });
});

describe('recordedIn', () => {
  it('has the world take in what was made, under the same key (recorded-in.1)', async () => {
    const world = new Folder();
    const observation = await recordedIn(world, skill(done([report]))).run(call);
    expect(world.made).toEqual([{ files: [report], facts: ['(written sales)'], taint: ['http:a'], key: 'k1' }]);
    expect(observation).toEqual({ ...done([report]), state: { facts: ['(written sales)'], numbers: {} } });
  });

  it('records nothing where nothing was done (recorded-in.1)', async () => {
    const world = new Folder();
    const failed: Observation = { result: { ok: false, code: 'timeout', message: 'late' }, state: null };
    expect(await recordedIn(world, skill(failed)).run(call)).toBe(failed);
    expect(world.made).toEqual([]);
  });

  it('reports as done what the world refuses to take in, and says so (recorded-in.2)', async () => {
    const world = new Folder({ ok: false, code: 'invalid-args', message: 'no such path' });
    const { result } = await recordedIn(world, skill(done([report]))).run(call);
    expect(result).toMatchObject({ ok: true, output: { value: 7 } });
    expect(result.message).toContain('did not take it in: no such path');
  });

  it('leaves the world alone where nothing was made (recorded-in.3)', async () => {
    const world = new Folder();
    expect(await recordedIn(world, skill(done([]), { ensures: [] })).run(call)).toEqual(done([]));
    expect(world.made).toEqual([]);
  });

  it('takes the facts that the plan names instead of those of the manifest', async () => {
    const world = new Folder();
    await recordedIn(world, skill(done([]))).run({ ...call, ensures: ['(written q3)'] });
    expect(world.made).toEqual([{ files: [], facts: ['(written q3)'], taint: ['http:a'], key: 'k1' }]);
  });

  it('records what a probe finds done after a crash, under the same key', async () => {
    const world = new Folder();
    const probed: Skill = {
      ...skill(done([report])),
      probe: async () => ({ happened: true, observation: done([report]) }),
    };
    const probe = await recordedIn(world, probed).probe!(call);
    expect(probe).toMatchObject({ happened: true, observation: { state: { facts: ['(written sales)'] } } });
    expect(world.made).toHaveLength(1);
  });
});
