import { assert, jsonValue, property } from 'fast-check';
import type { Json } from '@praxis/core';
import { inputText } from './input-text.js';

const file = (name: string) => ({ $artifact: 'a'.repeat(64), size: 2_048, mediaType: 'text/csv', name });

describe('inputText', () => {
  it('shows files by their names', () => {
    expect(inputText(file('s.csv'))).toBe('s.csv (2.0 KB, text/csv)');
    expect(inputText([1, 2, 3, 4, 5, 6, 7].map((n) => file(`${n}.csv`)))).toBe(
      '1.csv, 2.csv, 3.csv, 4.csv, 5.csv and 2 more',
    );
  });

  it('is one short line without control characters, whatever the value', () =>
    assert(
      property(jsonValue(), (value) => {
        const text = inputText(value as Json);
        expect(text).not.toMatch(/\p{Cc}/u);
        expect(text.length).toBeLessThanOrEqual(121);
      }),
    ));
});
