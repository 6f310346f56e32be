import { assert, jsonValue, property } from 'fast-check';
import { artifactHashesIn, artifactsIn, isArtifactRef } from './artifact.js';

const ref = (digit: string, name = 'a.csv') => ({
  $artifact: digit.repeat(64),
  size: 3,
  mediaType: 'text/csv',
  name,
});

describe('references to artifacts', () => {
  it('are found at any depth, each once', () =>
    assert(
      property(jsonValue(), jsonValue(), (before, after) => {
        const value = [before, { deep: [{ er: ref('a') }, ref('a')] }, after, ref('b')] as never;
        expect(artifactsIn(value)).toEqual([ref('a'), ref('b')]);
        expect(artifactHashesIn(value)).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
      }),
    ));

  it('are kept with extra words beside them, and protected even where the rest is wrong', () => {
    expect(isArtifactRef({ ...ref('a'), preview: 'x,y' })).toBe(true);
    expect(artifactsIn({ $artifact: 'a'.repeat(64) })).toEqual([]);
    expect(artifactHashesIn({ $artifact: 'a'.repeat(64) })).toEqual(['a'.repeat(64)]);
    expect(artifactHashesIn({ $artifact: 'no hash' })).toEqual([]);
    expect(artifactHashesIn({ $artifact: { inner: ref('c') } })).toEqual(['c'.repeat(64)]);
  });
});
