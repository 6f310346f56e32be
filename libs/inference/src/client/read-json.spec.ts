import * as fc from 'fast-check';
import { readJson } from './read-json.js';

const value = (text: string): unknown => {
  const reading = readJson(text);
  return reading.ok ? reading.value : `! ${reading.why}`;
};

describe('readJson', () => {
  it('reads JSON as it is (read-json.1)', () =>
    expect([value(' {"a":[1]}\n'), value('[]'), value('"x"'), value('3')]).toEqual([{ a: [1] }, [], 'x', 3]));

  it('reads the one fenced block (read-json.2)', () => {
    expect(value('Here you are:\n```json\n{"a":1}\n```\nThe set {1} is small.')).toEqual({ a: 1 });
    expect(value('~~~\n{"a":"```"}\n~~~')).toEqual({ a: '```' });
    expect(value('````\n{"a":1}\n````')).toEqual({ a: 1 });
  });

  it('reads the one value among other words (read-json.3)', () => {
    expect(value('Sure! {"a":"} {"} Anything else?')).toEqual({ a: '} {' });
    expect(value('see [note] and {"a":1}')).toEqual({ a: 1 });
    expect(value('"quoted" {"a":"\\""}')).toEqual({ a: '"' });
  });

  it('reads nothing that can be meant in two ways', () => {
    expect(value('{"a":1} or {"a":2}')).toBe('! it holds more than one JSON value');
    expect(value('```\n{"a":1}\n```\n```\n{"a":2}\n```')).toBe('! it holds more than one JSON value');
    expect(value('first {"a":1} then {"a":')).toBe('! its JSON is never closed');
  });

  it('mends nothing', () => {
    expect(value('{"a":1,}')).toBe('! its JSON is broken');
    expect(value("{'a':1}")).toBe('! its JSON is broken');
    expect(value('{"a":{"b":1}')).toBe('! its JSON is never closed');
    expect(value('I would rather not.')).toBe('! there is no JSON in it');
    expect(value(' ')).toBe('! it is empty');
  });

  it('is not brought down by depth or length', () => {
    expect(value('['.repeat(100_000) + ']'.repeat(100_000))).toBe('! its JSON is broken');
    expect(value('```\n'.repeat(100_000))).toBe('! there is no JSON in it');
    expect(value('{"a'.repeat(100_000))).toBe('! its JSON is never closed');
  });

  it('finds any object again in the middle of harmless words', () => {
    const words = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '.', '"', '`', 'é', '雪', '🙂'), maxLength: 30 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), words, words, (object, before, after) => {
        const text = JSON.stringify(object);
        const whole = `${before} ${text} ${after}`;
        // Words that are only a quotation mark on either side make a string of it all (read-json.1).
        fc.pre(before.trim() !== '"' || after.trim() !== '"');
        expect(readJson(whole)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', '`', '\n', '~'),
          maxLength: 60,
        }),
        (text) => void readJson(text),
      ),
    );
  });
});
