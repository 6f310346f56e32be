import type { Json } from '@praxis/core';
import * as fc from 'fast-check';
import { BLOB_THRESHOLD, eventText, readable } from './event-text.js';

const text = (data: unknown): string => eventText({ type: 'noted', version: 1, data: data as Json }).body;

describe('eventText', () => {
  it('keeps everything that JSON can say, in the order in which it was said', () => {
    fc.assert(fc.property(fc.jsonValue(), (data) => expect(text(data)).toBe(JSON.stringify(data))));
  });

  it.each([
    [undefined],
    [Number.NaN],
    [{ a: [1, undefined] }],
    [{ at: new Date(0) }],
    [{ n: 1n }],
    [new Map()],
    [{ f: () => 1 }],
  ])('refuses %p instead of losing it silently', (data) => expect(() => text(data)).toThrow(/is not JSON/));

  it('names large data by its hash, and small data not at all', () => {
    expect(eventText({ type: 't', version: 1, data: 'x'.repeat(BLOB_THRESHOLD - 2) }).blob).toBeNull();
    const large = { type: 't', version: 1, data: 'x'.repeat(BLOB_THRESHOLD) };
    expect(eventText(large).blob).toMatch(/^[0-9a-f]{64}$/);
    expect(eventText({ ...large, type: 'other' }).blob).toBe(eventText(large).blob);
  });
});

describe('readable', () => {
  it('leaves nothing that Postgres would refuse, and touches nothing else', () => {
    expect(readable('a\0b \ud83d c 🙂')).toBe('a\ufffdb \ufffd c 🙂');
  });
});
