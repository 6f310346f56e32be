import type { Json, JsonSchema } from '@praxis/core';
import * as fc from 'fast-check';
import { closedSchema, defaultsOf, parametersOf } from './parameters.js';
import { boundedRegExp } from './bounded-regexp.js';
import { checkerOf } from './value-check.js';

const faults = (schema: JsonSchema, value: Json): readonly string[] => {
  const check = checkerOf(schema);
  if ('problem' in check) throw new Error(check.problem);
  return check.faults(value);
};
const problem = (schema: JsonSchema): string => {
  const check = checkerOf(schema);
  return 'problem' in check ? check.problem : '';
};
const order: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^#W\\d+$' },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    reason: { enum: ['no longer needed', 'ordered by mistake'] },
    items: { type: 'array', items: { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] } },
    on: { type: 'string', format: 'date' },
  },
  required: ['id'],
};

const kind = (name: string, field: string): JsonSchema => ({
  properties: { kind: { const: name }, [field]: { type: 'number' } },
  required: ['kind', field],
});

describe('a value that does not fit its schema', () => {
  it.each([
    [{}, 'id is missing'],
    [{ id: 7 }, 'id must be a string, found 7'],
    [{ id: 'W1' }, 'id must match pattern "^#W\\d+$", found "W1"'],
    [{ id: '#W1', note: 3 }, 'note must be a string or null, found 3'],
    [{ id: '#W1', reason: 'bored' }, 'reason must be one of "no longer needed", "ordered by mistake", found "bored"'],
    [{ id: '#W1', items: [{ price: 1 }, { price: 'x' }] }, 'items.1.price must be a number, found "x"'],
    [{ id: '#W1', items: [{}] }, 'items.0.price is missing'],
    [{ id: '#W1', on: '2026-02-30' }, 'on must be a date, found "2026-02-30"'],
    [{ id: '#W1', reson: 'x' }, 'there is no reson; did you mean `reason`?'],
  ])('is told with its field and what fits: %j', (value, message) =>
    expect(faults(closedSchema(order), value)).toEqual([message]),
  );

  it('has no argument that its schema does not name, unless the schema says what else there may be (value-check.3)', () => {
    const open = { ...order, additionalProperties: { type: 'integer' } };
    expect(faults(closedSchema(order), { id: '#W1', more: 1 })[0]).toMatch(/^there is no more/);
    expect(faults(closedSchema(open), { id: '#W1', more: 1 })).toEqual([]);
    expect(faults(closedSchema(open), { id: '#W1', more: 'x' })).toEqual(['more must be an integer, found "x"']);
  });

  describe('and that is composed of others', () => {
    const $defs: JsonSchema = {
      Who: {
        type: 'object',
        properties: { who: { type: 'string' }, more: { $ref: '#/$defs/Who' } },
        required: ['who'],
      },
      Count: { type: 'integer', default: 3 },
    };
    const all = { $defs, allOf: [{ $ref: '#/$defs/Who' }, { properties: { n: { $ref: '#/$defs/Count' } } }] };
    const any = { anyOf: [kind('card', 'number'), kind('gift', 'balance')] };

    it.each([
      [{ $defs, $ref: '#/$defs/Who' }, { whom: 'x' }, ['who is missing', 'there is no whom; did you mean `who`?']],
      [all, { who: 7 }, ['who must be a string, found 7']],
      [all, { who: 'x', n: 1.5 }, ['n must be an integer, found 1.5']],
      [all, { who: 'x', wo: 1 }, ['there is no wo; did you mean `who`?']],
      [any, { kind: 'card', number: '1' }, ['number must be a number, found "1"']],
      [any, { kind: 'card', number: 1, balance: 2 }, ['balance does not go with the other fields']],
      [any, { kind: 'gift', balance: 2, numbr: 1 }, ['there is no numbr; did you mean `number`?']],
    ])('has the fields of all of them, and no others: %#', (schema, value, told) =>
      expect(faults(closedSchema({ type: 'object', ...schema }), value)).toEqual(told),
    );

    it('fits where it fits them', () => {
      const fitting = [
        [all, { who: 'x', more: { who: 'y' }, n: 1 }],
        [any, { kind: 'gift', balance: 2 }],
      ] as const;
      for (const [schema, value] of fitting) expect(faults(closedSchema(schema), value)).toEqual([]);
      expect(defaultsOf(all)).toEqual({ n: 3 });
      expect(parametersOf(all)).toEqual([
        { name: 'who', type: 'string' },
        { name: 'more', type: 'object', optional: true },
        { name: 'n', type: 'integer', optional: true },
      ]);
    });
  });

  it('may be null where the schema says so', () =>
    expect(faults(order, { id: '#W1', note: null, on: '2028-02-29' })).toEqual([]));

  it('tells the fault furthest inside where no alternative fits, and not every branch', () => {
    const schema: JsonSchema = { oneOf: [{ type: 'string' }, { type: 'object', properties: { n: { minimum: 1 } } }] };
    expect(faults(schema, { n: 0 })).toEqual(['n must be >= 1, found 0']);
    expect(faults({ oneOf: [{ type: 'integer' }, { minimum: 0 }] }, 1)).toEqual([
      'the value must match exactly one schema in oneOf, found 1',
    ]);
  });

  it('is told in a few sentences, however much of it is wrong', () => {
    const items = Array.from({ length: 100 }, () => ({ price: 'x' }));
    expect(faults(order, { id: '#W1', items })).toHaveLength(4);
  });
});

describe('a schema from a stranger', () => {
  const nested = (levels: number): JsonSchema => (levels === 0 ? {} : { items: nested(levels - 1) });

  it.each([
    ['is too deep', nested(40), 'more than 32 levels'],
    ['is too large', { description: 'x'.repeat(70_000) }, 'at most 65536'],
    ['refers to the network', { properties: { a: { $ref: 'http://h/s.json' } } }, '"http://h/s.json"'],
    ['refers to a file', { $defs: { a: { $dynamicRef: 'other#/a' } } }, '"other#/a"'],
    ['refers to what is not there', { $ref: '#/$defs/gone' }, 'no JSON Schema'],
    ['has a type that is none', { type: 'dict' }, 'no JSON Schema'],
    ['has a pattern that is none', { pattern: '(' }, 'no JSON Schema'],
  ])('is not compiled where it %s (value-check.1)', (_, schema, message) => expect(problem(schema)).toContain(message));

  it('cannot exhaust the stack by its depth or by referring to itself (value-check.1)', () => {
    expect(problem(nested(3_000))).toContain('more than 32 levels');
    expect(faults({ $ref: '#' }, 1)).toEqual(['cannot be checked: the schema refers to itself without end']);
  });

  it.each([
    ['^(a+)+$', `${'a'.repeat(60)}!`],
    ['^(a|a)*$', `${'a'.repeat(60)}!`],
    ['(x+x+)+y', 'x'.repeat(60)],
    ['.*.*.*.*=.*', 'a'.repeat(20_000)],
  ])('cannot hold up the process with the pattern %s (value-check.2)', (pattern, text) =>
    expect(faults({ pattern }, text)[0]).toMatch(/^the value must match pattern/),
  );

  it('matches patterns of other dialects where they are regular expressions without the u flag', () => {
    expect(faults({ pattern: '^[\\w-.]+$' }, 'a-b.c')).toEqual([]);
    expect(faults({ pattern: '^[\\w-.]+$' }, 'a b')).not.toEqual([]);
  });

  it('may name formats that nothing here knows, and properties that are called like keywords', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { format: { type: 'string', format: 'int64' }, $ref: { type: 'string' }, id: { type: 'integer' } },
      required: ['id'],
    };
    expect(faults(schema, { format: 'x', $ref: 'http://h', id: 1 })).toEqual([]);
    expect(faults(schema, { $ref: 1, id: 1 })).toEqual(['$ref must be a string, found 1']);
    expect(faults(schema, {})).toEqual(['id is missing']);
  });
});

describe('boundedRegExp', () => {
  it('says the same as the engine itself for patterns that match in time', () => {
    const patterns = ['^a*$', '[ab]+c?', '^(ab|c)+$', '\\d{2,4}', '^[a-c]*b[a-c]*$'];
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '') }),
        (p, text) => {
          expect(boundedRegExp(p).test(text)).toBe(new RegExp(p, 'u').test(text));
        },
      ),
    );
  });
});

describe('parametersOf', () => {
  it('has one parameter for each property, in their order', () =>
    expect(parametersOf(order)).toEqual([
      { name: 'id', type: 'string' },
      { name: 'note', type: 'string|null', optional: true },
      { name: 'reason', type: 'string', optional: true },
      { name: 'items', type: 'array', optional: true },
      { name: 'on', type: 'string', optional: true },
    ]));
});
