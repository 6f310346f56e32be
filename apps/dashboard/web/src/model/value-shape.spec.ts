import type { Json } from '@praxis/core';
import * as fc from 'fast-check';
import { cutLines, jsonText, MOST_ROWS, previewOf, shapeOf, taintWords } from './value-shape.js';

const FILE = { $artifact: 'a'.repeat(64), size: 300_000, mediaType: 'application/json', name: 'rows.json' };

describe('a value', () => {
  it('is shown as what it is', () => {
    expect(shapeOf(null)).toEqual({ kind: 'nothing' });
    expect(shapeOf('# Report\n<b>')).toEqual({ kind: 'text', text: '# Report\n<b>' });
    expect(shapeOf(7)).toEqual({ kind: 'json', text: '7' });
    expect(shapeOf({ a: [1] })).toEqual({ kind: 'json', text: '{\n  "a": [\n    1\n  ]\n}' });
  });

  it('is a table only as a list of flat objects', () => {
    expect(
      shapeOf([
        { a: 1, b: 'x' },
        { b: null, c: true },
      ]),
    ).toEqual({
      kind: 'table',
      table: {
        columns: ['a', 'b', 'c'],
        rows: [
          ['1', 'x', ''],
          ['', 'null', 'true'],
        ],
        allRows: 2,
        allColumns: 3,
      },
    });
    for (const value of [[], [{}], [1], [{ a: [] }], [{ a: {} }], [{ a: 1 }, null], [[1]]] as Json[])
      expect(shapeOf(value).kind).toBe('json');
  });

  it('of many rows, columns and letters is cut, and says of how many', () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, 'x'.repeat(1000)]));
    const shape = shapeOf(Array.from({ length: 1000 }, () => wide));
    expect(shape).toMatchObject({ kind: 'table', table: { allRows: 1000, allColumns: 40 } });
    const { rows } = (shape as Extract<typeof shape, { kind: 'table' }>).table;
    expect([rows.length, rows[0]!.length, rows[0]![0]!.length]).toEqual([MOST_ROWS, 30, 201]);
  });

  it('that was too large for an event is its preview and a file; a file alone is no value', () => {
    expect(shapeOf({ ...FILE, preview: '[1, 2' })).toMatchObject({ kind: 'preview', text: '[1, 2' });
    expect(shapeOf(FILE)).toEqual({ kind: 'nothing' });
    expect([previewOf({ ...FILE, preview: '[1,\n 2' }), previewOf(FILE)]).toEqual(['[1, 2', 'rows.json']);
  });

  it('takes no column from what every object inherits', () => {
    const row = JSON.parse('{"__proto__": "own", "constructor": 1}') as Json;
    expect(shapeOf([row, { a: 1 }])).toMatchObject({
      table: {
        columns: ['__proto__', 'constructor', 'a'],
        rows: [
          ['own', '1', ''],
          ['', '', '1'],
        ],
      },
    });
  });

  it('as JSON hides nothing and is the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(JSON.parse(jsonText(value as Json))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
    expect(jsonText('a\u202Eb')).toBe('"a\\u202Eb"');
  });
});

describe('a long text', () => {
  it('is cut at forty lines, or where one line never ends, and never in a short one', () => {
    const lines = (n: number): string => Array.from({ length: n }, (_, i) => `line ${i}`).join('\n');
    expect(cutLines(lines(40))).toEqual({ shown: lines(40), isCut: false, lines: 40 });
    expect(cutLines(lines(41))).toEqual({ shown: lines(40), isCut: true, lines: 41 });
    expect(cutLines('x'.repeat(100_000))).toMatchObject({ isCut: true, lines: 1 });
  });
});

describe('where parts of a value come from', () => {
  it('is said in words, and only where there are such parts', () => {
    expect(taintWords([])).toBeNull();
    expect(taintWords(['http:shop.example'])).toBe('parts of it come from http:shop.example');
    expect(taintWords(Array.from({ length: 10 }, (_, i) => `s${i}`))).toMatch(/s7 and 2 more$/);
  });
});
