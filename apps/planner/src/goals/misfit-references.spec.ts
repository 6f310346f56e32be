import { playbookSchema, type Json, type SkillManifest } from '@praxis/core';
import { misfitReferences } from './misfit-references.js';

const output = {
  type: 'object',
  properties: { answer: { type: 'string' }, rows: { type: 'array' }, who: { type: 'object', properties: { id: {} } } },
  additionalProperties: false,
};
const ask = { name: 'ask.person', output } as unknown as SkillManifest;
const open = { name: 'open', output: { type: 'object', properties: { id: {} } } } as unknown as SkillManifest;
const found = (result: Json, step: object = { id: 'a', do: 'ask.person' }): readonly string[] =>
  misfitReferences(
    playbookSchema.parse({ playbook: 'p', title: 't', steps: [step], result }),
    new Map([ask, open].map((s) => [s.name, s])),
  );

describe('references to what a skill never gives', () => {
  it.each<[Json, string | null]>([
    ['$a.anser', 'the result: a never has "anser"; did you mean "answer"?'],
    [{ said: '{{ a.anser }}' }, 'the result: a never has "anser"; did you mean "answer"?'],
    ['$a.answer', null],
    ['$a.who.name', null],
    ['$a.rows[0].anything', null],
    ['$a.artifacts', null],
    ['{{ a.anser | default: "none" }}', null],
    ['$b.anything', null],
    ['$$a.anser', null],
  ])('%j', (result, problem) => expect(found(result)).toEqual(problem === null ? [] : [problem]));

  it('are no matter of lists of results, and of schemas that leave room', () => {
    expect(found('$a.anser', { id: 'a', do: 'ask.person', each: { of: '$l' } })).toEqual([]);
    expect(found('$a.anser', { id: 'a', do: 'open' })).toEqual([]);
  });
});
