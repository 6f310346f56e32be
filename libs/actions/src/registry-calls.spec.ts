import {
  VALUE_LIMIT,
  type Action,
  type Json,
  type JsonSchema,
  type Observation,
  type Output,
  type Skill,
} from '@praxis/core';
import * as fc from 'fast-check';
import { SkillRegistry } from './skill-registry.js';
import { parametersOf } from './schema/parameters.js';

const { signal } = new AbortController();
const find: JsonSchema = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    limit: { type: 'integer', minimum: 1, default: 10 },
    sort: { type: ['string', 'null'] },
  },
  required: ['city'],
};

class Recorder implements Skill {
  readonly calls: Action[] = [];
  readonly manifest;

  constructor(
    readonly output: Output | undefined,
    readonly schemas: { readonly input?: JsonSchema; readonly output?: JsonSchema },
    effect: 'pure' | 'irreversible' = 'pure',
  ) {
    const parameters = schemas.input ? parametersOf(schemas.input) : [];
    this.manifest = { name: 'find', summary: '', parameters, effect, keyed: true, source: 'module', ...schemas };
  }

  async run({ action }: { readonly action: Action }): Promise<Observation> {
    this.calls.push(action);
    return { result: { ok: true, message: 'done', ...(this.output && { output: this.output }) }, state: null };
  }
}
const outputOf = (value: Json): Output => ({ value, artifacts: [], taint: ['http:h'] });
const call = async (skill: Skill, args: Action['args']): Promise<Observation> =>
  SkillRegistry.of([skill]).run({ skill: 'find', args }, 'k', signal);

describe('a call by schema', () => {
  it('may leave optional arguments out, gets their defaults, and has its order (skill-registry.3)', async () => {
    const skill = new Recorder(undefined, { input: find });
    await call(skill, { limit: 3, city: 'Ulm' });
    await call(skill, { city: 'Ulm' });
    expect(skill.calls.map(({ args }) => Object.entries(args))).toEqual([
      [
        ['city', 'Ulm'],
        ['limit', 3],
      ],
      [
        ['city', 'Ulm'],
        ['limit', 10],
      ],
    ]);
  });

  it('takes null where the schema allows it, and as left out for an optional argument', async () => {
    const skill = new Recorder(undefined, { input: find });
    await call(skill, { city: 'Ulm', sort: null });
    await call(skill, { city: 'Ulm', limit: null });
    expect(skill.calls.map(({ args }) => args)).toEqual([
      { city: 'Ulm', limit: 10, sort: null },
      { city: 'Ulm', limit: 10 },
    ]);
  });

  it.each([
    [{}, 'find: city is missing'],
    [{ city: null }, 'find: city must be a string, found null'],
    [{ city: 'Ulm', limit: '3' }, 'find: limit must be an integer, found "3"'],
    [{ city: 'Ulm', limit: 0 }, 'find: limit must be >= 1, found 0'],
    [{ city: 'Ulm', limt: 3 }, 'find: there is no limt; did you mean `limit`?'],
  ])(
    'that does not fit names the argument and never reaches the skill: %j (skill-registry.2)',
    async (args, message) => {
      const skill = new Recorder(undefined, { input: find });
      expect((await call(skill, args)).result).toEqual({ ok: false, code: 'invalid-args', message });
      expect(skill.calls).toEqual([]);
    },
  );

  it('reaches the skill with exactly what was given besides defaults, whatever it is', async () => {
    const input: JsonSchema = { type: 'object', properties: { a: {}, b: {} } };
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (json) => {
        const a = JSON.parse(JSON.stringify(json)) as Json;
        const skill = new Recorder(undefined, { input });
        await call(skill, { b: 1, a });
        expect(skill.calls).toEqual([{ skill: 'find', args: { a, b: 1 } }]);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a skill out whose schema cannot be used, with the reason (skill-registry.5)', () => {
    const registry = SkillRegistry.of([new Recorder(undefined, { input: { type: 'object', $ref: 'http://h/x' } })]);
    expect(registry.manifests).toEqual([]);
    expect(registry.quarantined).toMatchObject([
      { reason: expect.stringContaining('its input schema cannot be used') },
    ]);
  });
});

describe('what a skill gives', () => {
  const output: JsonSchema = { type: 'array', items: { type: 'object', required: ['id'] } };

  it('is passed on where it fits the output schema', async () => {
    const { result } = await call(new Recorder(outputOf([{ id: 1 }]), { output }), {});
    expect(result).toMatchObject({ ok: true, output: { value: [{ id: 1 }], taint: ['http:h'] } });
  });

  it('is a failure with the reason where it does not, or where there is none (skill-registry.6, settle-output.1)', async () => {
    expect((await call(new Recorder(outputOf([{ id: 1 }, {}]), { output }), {})).result).toEqual({
      ok: false,
      code: 'world-error',
      message: 'find: its answer does not fit its output schema: 1.id is missing',
    });
    expect((await call(new Recorder(undefined, { output }), {})).result).toMatchObject({
      ok: false,
      message: expect.stringContaining('must be an array, found null'),
    });
  });

  it('of a skill that changes something fails for good: it is not done again (settle-output.1)', async () => {
    const { result } = await call(new Recorder(outputOf('paid'), { output }, 'irreversible'), {});
    expect(result).toMatchObject({ ok: false, permanent: true, message: expect.stringContaining('it was done, but') });
  });

  it('is checked whole, and becomes an artifact with a preview where it is too large (settle-output.2)', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'some text' }));
    const { result } = await call(new Recorder(outputOf(rows), { output }), {});
    expect(result).toMatchObject({ ok: true, output: { value: { preview: expect.stringContaining('[{"id":0') } } });
    expect(JSON.stringify(result).length).toBeLessThan(VALUE_LIMIT);
  });
});
