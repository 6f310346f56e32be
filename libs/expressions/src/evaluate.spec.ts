import * as fc from 'fast-check';
import type { Json } from '@praxis/core';
import { evaluate, expressionProblem, namesInExpression } from './evaluate.js';

const reason = (expression: string, scope: Record<string, Json> = {}): string => {
  try {
    return `gave ${JSON.stringify(evaluate(expression, scope))}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('evaluate', () => {
  it.each([
    ['rows * 2 > 9.5', true],
    ['rows + 1', 6],
    ['rows / 2', 2.5],
    ['rows % 2 == 1', true],
    ['rows == 5', true],
    ['5 == rows', true],
    ['rows in [4, 5]', true],
    ['7 / 2', 3],
    ['size(list) * 1.5', 4.5],
    ['list[0] + list[1]', 3],
    ['list.filter(x, x > 1).map(x, x * 2)', [4, 6]],
    ['list.all(x, x > 0) && !list.exists(x, x > 3)', true],
    ['has(row.name) && row.name.startsWith("a")', true],
    ['has(row.nothing)', false],
    ['missing_value == null', true],
    ['plan_moves.size() == 0', true],
    ['row == {"name": "ann"}', true],
    ['rows > 3 ? "many" : "few"', 'many'],
  ] as [string, Json][])('%s (expressions.3)', (expression, expected) => {
    const scope = { rows: 5, list: [1, 2, 3], row: { name: 'ann' }, missing_value: null, 'plan-moves': [] };
    expect(evaluate(expression, scope)).toEqual(expected);
  });

  it('computes with numbers as JavaScript does, whichever side is a literal (expressions.3)', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 50 }), fc.constantFrom('+', '-', '*', '/', '%'), (a, b, op) => {
        const both = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b }[op]!;
        expect(evaluate(`a ${op} ${b}`, { a })).toBe(both);
        expect(evaluate(`a ${op} b`, { a, b })).toBe(both);
        expect(evaluate(`a ${op} ${b}.5`, { a })).toBe(
          { '+': a + b + 0.5, '-': a - b - 0.5, '*': a * (b + 0.5), '/': a / (b + 0.5), '%': a % (b + 0.5) }[op],
        );
      }),
    );
  });

  it.each([
    ['rows * > 2', 'cannot be parsed at character 8: Unexpected token'],
    ['rws > 2', 'at character 1: Unknown variable: rws; did you mean rows'],
    ['rows > "a"', 'at character 1: no such overload'],
    ['row.nme', 'No such key: nme'],
    ['$rows > 1', 'names are written without $'],
    ['as > 1', 'the language keeps this word for itself'],
    ['row.name.matches("a+")', 'patterns are not available'],
    ['cel.bind(x, 1, x)', 'cel.bind is not available'],
    ['row.constructor', 'No such key: constructor'],
    ['constructor', 'cannot be evaluated'],
    ['rows / 0', 'Infinity, which is no JSON'],
    ['9007199254740993', 'too large for a number'],
    ['('.repeat(200), 'cannot be parsed'],
    ['1+'.repeat(3000) + '1', 'at most 4000 characters'],
  ])('says where and why %s fails', (expression, expected) => {
    expect(reason(expression, { rows: 5, row: { name: 'ann' } })).toContain(expected);
  });

  it.each([
    'list.all(a, list.all(b, list.all(c, a == b || true)))',
    'list.exists(a, list.exists(b, list.exists(c, false)))',
    'list.map(a, list.filter(b, b in list))',
    'list.all(a, list == list) || true',
  ])('ends %s by its own count (expressions.2)', (expression) => {
    expect(reason(expression, { list: Array.from({ length: 5000 }, (_, i) => i) })).toContain('takes more than');
  });

  it('makes nothing that grows without bounds (expressions.2)', () => {
    const doubled = Array.from({ length: 14 }).reduce<string>((text) => `[${text}].map(a, a + a)[0]`, 'list');
    expect(reason(doubled, { list: Array.from({ length: 1000 }, (_, i) => i) })).toMatch(/larger than|more than/);
  });

  it('lets a value have a name that the language has for a type (expressions.4)', () => {
    const scope = { list: [1, 2], map: { a: 1 }, int: 3, type: 'csv' };
    expect(evaluate('list.size() == 2 && map.a + int == 4 && type == "csv"', scope)).toBe(true);
    expect(evaluate('list.map(int, int * 2)', scope)).toEqual([2, 4]);
    expect(evaluate('int("7")', scope)).toBe(7);
    expect(namesInExpression('list.size() > 0')).toEqual(['list']);
  });

  it('has nothing in reach but the values (expressions.1)', () => {
    for (const sly of ['constructor', '__proto__', 'process', 'globalThis', 'this'])
      expect(() => evaluate(sly, {})).toThrow();
  });

  it('counts each evaluation for itself', () => {
    const list = Array.from({ length: 600 }, (_, i) => i);
    for (let i = 0; i < 5; i++)
      expect(evaluate('list.all(a, list.exists(b, b == a))', { list: list.slice(0, 300) })).toBe(true);
  });
});

describe('namesInExpression', () => {
  it('leaves out what a macro binds, and only there', () => {
    expect(namesInExpression('xs.all(x, x > y && ys.exists(z, z == x)) && x.ok && has(a.b)')).toEqual([
      'xs',
      'y',
      'ys',
      'x',
      'a',
    ]);
  });

  it('says what is wrong before anything is evaluated', () => {
    expect(expressionProblem('a >')).toContain('cannot be parsed');
    expect(expressionProblem('a > 1')).toBeNull();
  });
});
