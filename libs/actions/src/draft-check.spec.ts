import * as fc from 'fast-check';
import type { Json, SkillManifest } from '@praxis/core';
import { checkCall } from './call-check.js';
import { draftProblem } from './draft-check.js';

const manifest = (more: Partial<SkillManifest>): SkillManifest => ({
  name: 'remind',
  summary: '',
  parameters: [],
  effect: 'pure',
  keyed: false,
  source: 'shop',
  ...more,
});
const TYPED = manifest({
  parameters: [
    { name: 'to', type: 'string' },
    { name: 'most', type: 'integer', optional: true },
  ],
  input: {
    type: 'object',
    properties: { to: { type: 'string', enum: ['ann', 'bob'] }, most: { type: 'integer', minimum: 1 } },
    required: ['to'],
  },
});
const isOpen = (value: Json): boolean => typeof value === 'string' && value.startsWith('$');
const problem = (args: Readonly<Record<string, Json>>, skill = TYPED) =>
  draftProblem({ skill: 'remind', args }, skill, isOpen);

describe('a call that is not known in full', () => {
  it.each([
    [{ to: '$x' }, null],
    [{ to: 'ann', most: '$n' }, null],
    [{ to: '$x', most: 0 }, 'most'],
    [{ most: '$n' }, 'to is missing'],
    [{ too: '$x' }, 'to is missing'],
    [{ to: '$x', mosst: '$n' }, 'did you mean `most`'],
    [{ to: 'eve' }, 'to'],
  ])('%j: %s', (args, expected) => {
    if (expected === null) expect(problem(args)).toBeNull();
    else expect(problem(args)).toContain(expected);
  });

  it('is judged by its names where a skill has no schema', () => {
    const plain = manifest({ parameters: [{ name: 'n', type: 'number' }] });
    expect(problem({ n: '$x' }, plain)).toBeNull();
    expect(problem({ n: 'five' }, plain)).toContain('must be a number');
    expect(problem({ m: '$x' }, plain)).toContain('no parameter m');
  });

  it('leaves what arguments decide about each other to the call', () => {
    const either = manifest({
      input: {
        type: 'object',
        properties: { file: {}, rows: {} },
        oneOf: [{ required: ['file'] }, { required: ['rows'] }],
      },
    });
    expect(problem({ file: '$f' }, either)).toBeNull();
    expect(problem({}, either)).toBeNull();
  });

  it('finds no fault in a call that is none when all is known (draft-check.1)', () => {
    const args = fc.record(
      { to: fc.constantFrom('ann', 'bob'), most: fc.integer({ min: 1 }) },
      { requiredKeys: ['to'] },
    );
    fc.assert(
      fc.property(args, fc.subarray(['to', 'most']), (known, hidden) => {
        expect(checkCall({ skill: 'remind', args: known }, TYPED)).toHaveProperty('action');
        const draft = Object.fromEntries(
          Object.entries(known).map(([name, value]) => [name, hidden.includes(name) ? '$later' : value]),
        );
        expect(problem(draft)).toBeNull();
      }),
    );
  });
});
