import type { JsonSchema } from '@praxis/core';
import { skillSchema } from './skill-schema.js';

const problem = (schema: JsonSchema): string => {
  const read = skillSchema(schema);
  return 'problem' in read ? read.problem : '';
};
const nested = (depth: number): JsonSchema =>
  depth === 0 ? { type: 'string' } : { type: 'object', properties: { a: nested(depth - 1) } };

describe('the schema of a skill that comes from anywhere', () => {
  it('is used where it describes an object, whatever draft it names (skill-schema.1)', () => {
    expect(
      skillSchema({ $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://x.example/y', properties: {} }),
    ).toEqual({ schema: { type: 'object', properties: {} } });
    expect(skillSchema({ $ref: '#/$defs/a', $defs: { a: { type: 'object' } } })).toHaveProperty('schema');
  });

  it.each<[string, JsonSchema, RegExp]>([
    ['too long', { description: 'x'.repeat(70_000) }, /longer than 65536/],
    ['too deep', nested(40), /deeper than 32/],
    ['a document elsewhere', { properties: { a: { $ref: 'https://evil.example/s.json' } } }, /another document/],
    ['a file', { properties: { a: { $ref: 'file:///etc/passwd' } } }, /another document/],
    ['no object', { type: 'string' }, /does not describe an object/],
    ['no schema', { properties: { a: { type: 'nonsense' } } }, /no JSON Schema/],
    ['a reference that leads nowhere', { properties: { a: { $ref: '#/$defs/none' } } }, /no JSON Schema/],
  ])('is refused where it is %s', (_, schema, reason) => expect(problem(schema)).toMatch(reason));

  it('loses patterns that a hostile text could be tried against for ever (skill-schema.2)', () => {
    const read = skillSchema({
      properties: {
        bad: { type: 'string', pattern: '^(a+)+$' },
        worse: { type: 'string', pattern: '(x|xx)*y' },
        good: { type: 'string', pattern: '^[a-z]+-\\d+$' },
        pattern: { type: 'string', default: null },
      },
    });
    expect(read).toEqual({
      schema: {
        type: 'object',
        properties: {
          bad: { type: 'string' },
          worse: { type: 'string' },
          good: { type: 'string', pattern: '^[a-z]+-\\d+$' },
          pattern: { type: 'string', default: null },
        },
      },
    });
  });

  it('may be that of two skills from servers that name all their schemas alike', () => {
    for (const type of ['string', 'number'])
      expect(skillSchema({ $id: 'input', properties: { a: { $id: 'a', type } } })).toHaveProperty('schema');
  });
});
