import * as fc from 'fast-check';
import type { Json, JsonSchema } from '@praxis/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { referable } from './referable-schema.js';

const ajv = new Ajv2020({ strict: false });
const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    to: { type: 'string', enum: ['ann', 'bob'] },
    most: { type: 'integer' },
    rows: { type: 'array', items: { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] } },
  },
  required: ['rows'],
  additionalProperties: false,
};
const fits = (schema: JsonSchema, value: Json): boolean => ajv.validate(schema, value);

describe('referable', () => {
  const loose = referable(SCHEMA);

  it.each<[Json, boolean]>([
    [{ rows: '$s1.rows' }, true],
    [{ rows: [{ id: '$s1.rows[0].id' }], most: '$limit' }, true],
    [{ rows: ['$s1.row'] }, true],
    [{ rows: 's1.rows' }, false],
    [{ rows: [{}] }, false],
    [{ rows: [], most: 'five' }, false],
    [{ rows: [], to: 'eve' }, false],
    [{ rows: [], other: '$s1' }, false],
  ])('%j fits: %j (skill-actor.4, referable-schema.1)', (value, expected) => expect(fits(loose, value)).toBe(expected));

  it('takes whatever the schema itself takes (referable-schema.1)', () => {
    const row = fc.record({ id: fc.integer() });
    const args = fc.record(
      { rows: fc.array(row), most: fc.integer(), to: fc.constantFrom('ann', 'bob') },
      { requiredKeys: ['rows'] },
    );
    fc.assert(
      fc.property(args, (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect([fits(SCHEMA, plain), fits(loose, plain)]).toEqual([true, true]);
      }),
    );
  });
});
