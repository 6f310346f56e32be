import type { Json, SkillManifest } from '@praxis/core';
import { shapeText, signatureLine } from './skill-signature.js';

describe('a skill as a model is told of it', () => {
  it.each<[Json, string]>([
    [{ type: 'string' }, 'string'],
    [
      { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, n: {} } } },
      '[{id: string, n: any}]',
    ],
    [{ enum: ['a', 2] }, '"a" | 2'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: ['number', 'null'] }, 'number | null'],
    [{ type: 'object' }, 'object'],
    [true, 'any'],
  ])('%j is %s', (schema, text) => expect(shapeText(schema)).toBe(text));

  it('says what it takes, what it gives and whether it can be undone', () => {
    const remind: SkillManifest = {
      name: 'remind',
      summary: 'sends a reminder',
      parameters: [],
      input: { type: 'object', properties: { to: { type: 'string' }, tone: { enum: ['firm'] } }, required: ['to'] },
      output: { type: 'object', properties: { sent: { type: 'boolean' } } },
      effect: 'irreversible',
      keyed: true,
      source: 'shop',
    };
    expect(signatureLine(remind)).toBe(
      'remind(to: string, tone?: "firm") -> {sent: boolean}  sends a reminder (cannot be undone)',
    );
  });

  it('ends, however deep and long a schema is', () => {
    let deep: Json = { type: 'string' };
    for (let i = 0; i < 50; i++)
      deep = { type: 'object', properties: { inner: deep, text: { enum: ['x'.repeat(500)] } } };
    expect(shapeText(deep).length).toBeLessThan(400);
  });
});
