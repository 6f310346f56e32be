import { PraxisError, type Observation, type Skill } from '@praxis/core';
import * as fc from 'fast-check';
import { z } from 'zod';
import { SkillBench } from '../fixtures/skill-bench.js';
import { skill } from './skill.js';
import { SkillError } from './skill-error.js';

const greet = skill({
  name: 'greet',
  summary: 'greets somebody by name',
  input: z.object({ name: z.string(), times: z.int().min(1).max(5).default(1) }),
  output: z.string(),
  run: ({ name, times }) => Array.from({ length: times }, () => `Hello, ${name}!`).join(' '),
});
const area = skill({
  name: 'area',
  summary: 'area of a rectangle',
  input: {
    type: 'object',
    properties: { width: { type: 'number' }, height: { type: 'number', default: 2 }, unit: { enum: ['m', 'ft'] } },
    required: ['width'],
  },
  output: { type: 'object', properties: { area: { type: 'number' } }, required: ['area'] },
  run: ({ width, height }) => ({ area: Number(width) * Number(height) }),
});
/** A skill whose `run` is all that matters. */
const running = (run: () => unknown, notes: object = {}): Skill =>
  skill({ name: 'it', summary: '', input: z.object({}), run, ...notes });
const call = (one: Skill, args: Parameters<SkillBench['call']>[1] = {}, signal?: AbortSignal): Promise<Observation> =>
  new SkillBench([one]).call(one.manifest.name, args, signal);

describe('skill', () => {
  it('makes a manifest of ten lines: schemas, parameters with what is optional, pure and keyed', () => {
    expect(greet.manifest).toEqual({
      name: 'greet',
      summary: 'greets somebody by name',
      parameters: [
        { name: 'name', type: 'string' },
        { name: 'times', type: 'integer', optional: true },
      ],
      input: {
        type: 'object',
        properties: { name: { type: 'string' }, times: { type: 'integer', minimum: 1, maximum: 5, default: 1 } },
        required: ['name'],
        additionalProperties: false,
      },
      output: { type: 'string' },
      effect: 'pure',
      keyed: true,
      source: 'module',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(running(() => 1, { effect: 'irreversible' }).manifest).toMatchObject({
      effect: 'irreversible',
      keyed: false,
    });
    expect(running(() => 1, { effect: 'reversible', keyed: true }).manifest.keyed).toBe(true);
  });

  it('lists the parameters of a JSON Schema too, with unions and lists of values', () => {
    expect(area.manifest.parameters).toEqual([
      { name: 'width', type: 'number' },
      { name: 'height', type: 'number', optional: true },
      { name: 'unit', type: 'string', optional: true },
    ]);
  });

  it('has a hash that changes with what the manifest says, and with nothing else (skill.4)', () => {
    const made = (notes: object): string | undefined => running(() => 1, notes).manifest.hash;
    expect(made({})).toBe(running(() => 2).manifest.hash);
    const others = [{ summary: 'other' }, { effect: 'unknown' }, { outside: true }, { reads: ['file:{path}'] }];
    expect(new Set([made({}), ...others.map(made)]).size).toBe(5);
  });

  it('gives the value as the output, and its beginning as the message', async () => {
    expect((await call(greet, { name: 'Ada', times: 2 })).result).toEqual({
      ok: true,
      message: 'Hello, Ada! Hello, Ada!',
      output: { value: 'Hello, Ada! Hello, Ada!', artifacts: [], taint: [] },
    });
    expect((await call(area, { width: 3 })).result).toMatchObject({ output: { value: { area: 6 } } });
    expect((await call(running(() => undefined))).result).toMatchObject({ message: 'done', output: { value: null } });
    expect((await call(running(() => 'x'.repeat(900)))).result).toMatchObject({ message: `${'x'.repeat(200)} …` });
  });

  it('takes files and a message beside the value, and only a whole result for one', async () => {
    const artifact = { $artifact: 'a'.repeat(64), size: 1, mediaType: 'text/plain', name: 'a.txt' };
    const whole = running(() => ({ value: 7, artifacts: [artifact], message: 'seven', taint: ['http:h'] }));
    expect((await call(whole)).result).toEqual({
      ok: true,
      message: 'seven',
      output: { value: 7, artifacts: [artifact], taint: ['http:h'] },
    });
    for (const plain of [{ value: 1, unit: 'm' }, { artifacts: [] }, { value: 1, message: 5 }])
      expect((await call(running(() => plain))).result).toMatchObject({ output: { value: plain, artifacts: [] } });
    expect((await call(running(() => 'words', { outside: true }))).result).toMatchObject({
      output: { taint: ['skill:it'] },
    });
  });

  it.each([
    [greet, {}, 'greet: `name` is missing'],
    [greet, { name: 5 }, 'greet: `name` must be string, received number'],
    [greet, { name: 'A', times: 9 }, 'greet: `times` must be <=5'],
    [greet, { name: 'A', tims: 2 }, 'greet has no argument `tims`; did you mean `times`?'],
    [area, {}, 'area: `width` is missing'],
    [area, { width: 'wide' }, 'area: `width` must be number'],
    [area, { width: 1, unit: 'cm' }, 'area: `unit` must be equal to one of the allowed values: "m", "ft"'],
    [area, { width: 1, depth: 3 }, 'area has no argument `depth`; declared: width, height, unit'],
  ])('refuses arguments that do not fit and names the field (skill.1) %#', async (one, args, message) => {
    expect((await call(one, args as never)).result).toEqual({ ok: false, code: 'invalid-args', message });
  });

  it('takes null for an optional argument that was left out', async () => {
    expect((await call(greet, { name: 'Ada', times: null })).result).toMatchObject({
      output: { value: 'Hello, Ada!' },
    });
    expect((await call(greet, { name: null })).result).toMatchObject({ code: 'invalid-args' });
  });

  it('passes further arguments on where the schema says that it takes them', async () => {
    const open = skill({ name: 'open', summary: '', input: z.looseObject({}), run: (args) => ({ ...args }) });
    expect((await call(open, { any: 1 })).result).toMatchObject({ output: { value: { any: 1 } } });
  });

  it('takes a schema that is composed of others, and schemas of one id', async () => {
    const composed = (name: string, type: string): Skill =>
      skill({
        ...{ name, summary: '', run: ({ id }) => id },
        input: {
          $id: 'https://shop.example/order',
          type: 'object',
          allOf: [{ $ref: '#/$defs/Id' }],
          $defs: { Id: { properties: { id: { type } }, required: ['id'] } },
        },
      });
    const [text, number] = [composed('text', 'string'), composed('number', 'number')];
    expect(text.manifest.parameters).toEqual([{ name: 'id', type: 'string' }]);
    expect((await call(text, { id: 'a' })).result).toMatchObject({ output: { value: 'a' } });
    expect((await call(number, { id: 'a' })).result).toMatchObject({ code: 'invalid-args' });
    expect((await call(text, { id: 'a', ids: 1 })).result).toMatchObject({
      message: 'text has no argument `ids`; did you mean `id`?',
    });
  });

  it('is a world-error where the value does not fit or is no JSON, and says where (skill.2)', async () => {
    const lying = skill({
      name: 'lying',
      summary: '',
      input: z.object({}),
      output: z.object({ n: z.number() }),
      run: () => ({}),
    });
    expect((await call(lying)).result).toMatchObject({
      code: 'world-error',
      message: 'lying gave a value that does not fit its output schema: `n` is missing',
    });
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    for (const [value, fault] of [
      [{ rows: [{ x: NaN }] }, '`rows.0.x` is NaN, which JSON has not'],
      [{ at: new Date(0) }, '`at` is a Date, which JSON has not; give a plain value'],
      [10n, 'the value is a bigint, which JSON has not'],
      [loop, expect.stringContaining('nested more than 100 deep')],
    ] as const) {
      const { result } = await call(running(() => value));
      expect(result).toMatchObject({ ok: false, code: 'world-error' });
      expect((result as { message: string }).message.replace(/^it gave a value that is no JSON: /, '')).toEqual(fault);
    }
  });

  it('makes every throw an observation: its own code for a SkillError, world-error for the rest (skill.3)', async () => {
    const throwing = (thrown: unknown, notes: object = {}): Promise<Observation> =>
      call(
        running(() => {
          throw thrown;
        }, notes),
      );
    expect((await throwing(new SkillError('not-applicable', 'not now'))).result).toEqual({
      ok: false,
      code: 'not-applicable',
      message: 'not now',
    });
    expect(await throwing(new SkillError('unavailable', 'away', { afterMs: 9 }))).toMatchObject({
      retry: { afterMs: 9, inDoubt: false, isOutage: true },
    });
    expect((await throwing(new SkillError('denied', 'no', { permanent: true }))).result).toMatchObject({
      permanent: true,
    });
    const { result } = await throwing(new TypeError('x is not a function'));
    expect(result).toEqual({ ok: false, code: 'world-error', message: 'x is not a function' });
    expect(JSON.stringify(result)).not.toContain('skill.spec');
    expect((await throwing('just text')).result).toMatchObject({ code: 'world-error', message: 'just text' });
    expect((await throwing(new Error(''))).result).toMatchObject({ message: 'it failed and did not say why' });
    expect(await throwing(new PraxisError('unavailable', 'the store is away'))).toMatchObject({
      result: { code: 'unavailable' },
      retry: { isOutage: true },
    });
    // What takes too long each time is not tried again unless the skill says that it may be.
    expect(await throwing(new SkillError('timeout', 'late'))).not.toHaveProperty('retry');
    expect(await throwing(new SkillError('timeout', 'late', { mayRepeat: true }))).toMatchObject({
      retry: { afterMs: null, isOutage: false },
    });
    // A module of a user has its own copy of the class.
    const copy = Object.assign(new Error('copied'), { name: 'SkillError', code: 'timeout' });
    expect((await throwing(copy)).result).toMatchObject({ code: 'timeout', message: 'copied' });
    expect((await throwing(Object.assign(copy, { code: 'ENOENT' }))).result).toMatchObject({ code: 'world-error' });
  });

  it('does not know what became of an effect that was cancelled while it ran', async () => {
    const cancelled = async (notes: object): Promise<Observation> => {
      const controller = new AbortController();
      const slow = running(() => {
        controller.abort();
        throw new Error('stopped');
      }, notes);
      return call(slow, {}, controller.signal);
    };
    expect((await cancelled({})).result).toMatchObject({ code: 'cancelled' });
    expect((await cancelled({ effect: 'irreversible' })).result).toMatchObject({ code: 'unknown-outcome' });
    expect((await cancelled({ effect: 'irreversible', keyed: true })).result).toMatchObject({ code: 'cancelled' });
  });

  it('says at once what cannot be a skill', () => {
    const make =
      (input: object): (() => unknown) =>
      () =>
        skill({ name: 'x', summary: '', input: input as never, run: () => 1 });
    expect(make(z.string())).toThrow('The input schema of the skill x must be an object, one property an argument.');
    expect(make(z.object({ at: z.date() }))).toThrow(/^The input schema of the skill x cannot be used: /);
    expect(make({ type: 'object', properties: { a: { type: 'sort' } } })).toThrow(/cannot be used/);
  });

  it('gives back whatever JSON goes in, unchanged', async () => {
    const echo = skill({
      name: 'echo',
      summary: '',
      input: z.object({ it: z.json() }),
      run: ({ it }) => ({ value: it }),
    });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (it) => {
        const json = JSON.parse(JSON.stringify(it)) as never;
        expect((await call(echo, { it: json })).result).toMatchObject({ ok: true, output: { value: json } });
      }),
      { numRuns: 100 },
    );
  });
});
