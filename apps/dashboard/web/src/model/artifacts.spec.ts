import { artifactsIn, type ArtifactRef, type Json } from '@praxis/core';
import * as fc from 'fast-check';
import { fileAddress, filesIn, filesOf } from './artifacts.js';

const file = (name: string, digit = 'a'): ArtifactRef => ({
  $artifact: digit.repeat(64),
  size: 3,
  mediaType: 'text/csv',
  name,
});

const reference = fc.record({
  $artifact: fc.constantFrom('a'.repeat(64), 'b'.repeat(64), 'A'.repeat(64), 'short', 7),
  size: fc.constantFrom(0, 12, -1, 1.5, '3'),
  mediaType: fc.constantFrom('text/plain', ''),
  name: fc.constantFrom('x', 'y/z.txt', ''),
  preview: fc.string(),
});
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    reference,
    fc.array(tie('value')),
    fc.dictionary(fc.constantFrom('a', 'b', 'file'), tie('value')),
  ),
}));

describe('the files in a value', () => {
  it('are those that the server finds there, whatever the value', () => {
    fc.assert(
      fc.property(anything, (value) => expect(filesIn(value as Json)).toEqual(artifactsIn(value as Json))),
      { numRuns: 500 },
    );
  });

  it('stand once in the list of an output, after those that it made', () => {
    const [made, named, same] = [file('made.csv'), file('named.csv', 'b'), file('copy.csv')];
    expect(filesOf({ value: { deep: [named, made, same] }, artifacts: [made] })).toEqual([made, named, same]);
  });
});

describe('the address of a file', () => {
  it('names the run, the hash and the name, all of it escaped', () => {
    expect(fileAddress('r-1', file('a&b="ü".csv'), 'view')).toBe(
      `/api/runs/r-1/artifacts/${'a'.repeat(64)}?view=1&name=a%26b%3D%22%C3%BC%22.csv`,
    );
    expect(fileAddress('r/../x', file('x'), 'save')).toBe(`/api/runs/r%2F..%2Fx/artifacts/${'a'.repeat(64)}?name=x`);
  });

  it('can be made of every name', () => {
    for (const name of ['\ud800', 'x'.repeat(501)])
      expect(fileAddress('r-1', file(name), 'save')).toBe(`/api/runs/r-1/artifacts/${'a'.repeat(64)}`);
  });
});
