import type { SkillManifest } from '@praxis/core';
import { readActions } from './read-actions.js';

const skills: readonly SkillManifest[] = [
  {
    name: 'write-file',
    summary: '',
    parameters: [
      { name: 'path', type: 'string' },
      { name: 'lines', type: 'number' },
    ],
    effect: 'reversible',
    keyed: true,
    source: 'world:w',
  },
];
const action = { skill: 'write-file', args: { path: 'two words', lines: 3 } };

describe('readActions', () => {
  it('reads one call a line, with texts in quotes and numbers as numbers, and leaves comments out', () => {
    expect(readActions('# the way\n\n(write-file "two words" 3)\n; done\n', skills)).toEqual([action]);
  });

  it('reads a JSON list, also of skills that are not told', () => {
    const other = { skill: 'fly', args: {} };
    expect(readActions(`\n${JSON.stringify([action, other])}`, skills)).toEqual([action, other]);
  });

  it.each([
    ['', /names no actions/],
    ['[]', /names no actions/],
    ['[{"args":{}}]', /no JSON list of/],
    ['(write-file a 3)\n(fly)', /Line 2 .*: there is no skill fly/],
    ['(write-file a)', /Line 1 .* has 1 arguments/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readActions(text, skills)).toThrow(message);
  });
});
