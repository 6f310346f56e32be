import * as fc from 'fast-check';
import { z } from 'zod';
import { digest } from './digest.js';
import { canonical, jsonRecordSchema, jsonSchema, type Json } from './json.js';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

/** The same value with the keys of every object in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v as Json)]),
  );
}

describe('canonical', () => {
  it('writes a value so that it can be read back', () => {
    fc.assert(
      fc.property(json, (value) => expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))),
    );
  });

  it('does not depend on the order of keys, nor does the digest', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonical(shuffled(value))).toBe(canonical(value));
        expect(digest(shuffled(value))).toBe(digest(value));
      }),
    );
  });

  it('keeps different values apart', () => {
    const values: Json[] = [
      null,
      'null',
      0,
      '0',
      false,
      [],
      {},
      [null],
      [[]],
      { a: null },
      { a: [] },
      '',
      [''],
      { '': '' },
      [1, 2],
      [2, 1],
      [12],
      { a: 1, b: 2 },
      { ab: 12 },
    ];
    expect(new Set(values.map(canonical)).size).toBe(values.length);
    expect(new Set(values.map(digest)).size).toBe(values.length);
  });

  it('stays as it is for ever, for the journal holds its digests', () => {
    expect(canonical({ b: [1, 'ä"', null], a: { d: true, c: -0.5 } })).toBe(
      '{"a":{"c":-0.5,"d":true},"b":[1,"ä\\"",null]}',
    );
    expect(digest({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  });
});

describe('jsonSchema', () => {
  it('takes what JSON can say and nothing else', () => {
    fc.assert(fc.property(json, (value) => expect(jsonSchema.safeParse(value).success).toBe(true)));
    for (const value of [undefined, () => 1, Symbol('x'), 1n, [undefined]])
      expect(jsonSchema.safeParse(value).success).toBe(false);
  });

  it('refuses whatever JSON would lose or change, at any depth', () => {
    const wrong = [
      undefined,
      Number.NaN,
      Infinity,
      new Date(),
      new Map(),
      new (class Point {})(),
      () => 1,
      Symbol('x'),
      1n,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...wrong), fc.nat(3), fc.boolean(), (bad, depth, inArray) => {
        let value: unknown = bad;
        for (let i = 0; i <= depth; i++) value = inArray ? [1, value] : { name: value };
        expect(jsonSchema.safeParse(value).success).toBe(false);
        expect(jsonRecordSchema.safeParse({ value }).success).toBe(false);
      }),
    );
  });
});

describe('jsonRecordSchema', () => {
  it('gives the object itself, and says at which name a value does not fit', () => {
    const args = { from: 'a', to: ['b'] };
    expect(jsonRecordSchema.parse(args)).toBe(args);
    const issue = (value: unknown) => z.object({ args: jsonRecordSchema }).safeParse({ args: value }).error?.issues[0];
    expect(issue({ from: 'a', to: undefined })).toMatchObject({ path: ['args', 'to'], message: 'Invalid input' });
    expect(issue([])).toMatchObject({ path: ['args'], message: expect.stringMatching(/expected record/) });
    expect(issue(undefined)).toMatchObject({ path: ['args'] });
  });
});
