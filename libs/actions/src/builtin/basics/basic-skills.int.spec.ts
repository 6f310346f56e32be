import * as fc from 'fast-check';
import type { Json } from '@praxis/core';
import { SkillBench } from '../../fixtures/skill-bench.js';
import { basicSkills, closeCalcThreads } from './basic-skills.js';

const bench = new SkillBench(basicSkills);
const calc = (expression: string, variables: { [name: string]: Json } = {}): Promise<Json> =>
  bench.value('calc', { expression, variables });

afterAll(closeCalcThreads);

describe('calc', () => {
  it.each<[string, { [name: string]: Json }, Json]>([
    ['7 / 2', {}, 3.5],
    ['-7 % 3', {}, -1],
    ['2 * (3 + 4) - 1', {}, 13],
    ['round(total * (1 + vat / 100), 2)', { total: 19.99, vat: 19 }, 23.79],
    ['round(1.005, 2)', {}, 1.01],
    ['round(-2.5)', {}, -3],
    ['round(1234, -2)', {}, 1200],
    ['pow(2, 10) + sqrt(16)', {}, 1028],
    ['sum(xs) / count(xs)', { xs: [1, 2, 6] }, 3],
    ['mean([1, 2]) + median([5, 1, 3])', {}, 4.5],
    ['max(3, 7) - min([4, 2])', {}, 5],
    ['xs[1] * 2', { xs: [1, 2.5] }, 5],
    [
      'order.lines.map(l, l.n * l.price)',
      {
        order: {
          lines: [
            { n: 2, price: 1.5 },
            { n: 1, price: 4 },
          ],
        },
      },
      [3, 4],
    ],
    ['a > b ? "more" : "less"', { a: 1, b: 2 }, 'less'],
    ['a == 2 && b', { a: 2, b: true }, true],
    ['x', { x: null }, null],
    ['1e3 + pi - pi', {}, 1000],
    ['size(xs) > 1', { xs: [1, 2] }, true],
  ])('%s with %j is %j', async (expression, variables, value) =>
    expect(await calc(expression, variables)).toEqual(value),
  );

  it.each<[string, { [name: string]: Json }, string | RegExp]>([
    ['1 / 0', {}, /no finite number/],
    ['sqrt(-1)', {}, /no finite number/],
    ['mean([])', {}, /no finite number/],
    ['2 ^ 3', {}, /a power is pow\(x, y\)/],
    ['y + 1', {}, /Unknown variable: y/],
    ['"a" * 2', {}, /no such overload/],
    ['sum(["a"])', {}, 'a list of numbers holds "a"'],
    ['process.exit()', {}, /./],
    ['constructor.constructor("return 1")()', {}, /./],
    ['x.constructor', { x: {} }, /No such key/],
    ['__proto__', {}, /./],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, {}, /./],
    ['[1,2,3].map(a, [1,2,3].map(b, a', {}, /./],
  ])('says what is wrong with %s and reaches nothing else', async (expression, variables, message) => {
    expect(await bench.failure('calc', { expression, variables })).toMatchObject({
      code: 'invalid-args',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('ends what takes too long, without holding up the process (task-threads.2)', async () => {
    const xs = Array.from({ length: 900 }, (_, i) => i);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const expression = 'xs.map(a, xs.map(b, xs.map(c, xs.filter(d, d > a + b + c))))';
    expect(await bench.failure('calc', { expression, variables: { xs } })).toMatchObject({ code: 'timeout' });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(20);
    expect(await calc('xs.filter(x, x > 897)', { xs })).toEqual([898, 899]);
  });

  it('calculates as doubles do, whatever the numbers', async () => {
    const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
    await fc.assert(
      fc.asyncProperty(number, number, fc.integer({ min: -1_000_000, max: 1_000_000 }), async (a, b, n) => {
        expect(await calc(`(a + b) * ${n} - a / 4`, { a, b })).toBe((a + b) * n - a / 4);
      }),
    );
  });
});

describe('note and ask.person', () => {
  it('a note is its own output', async () => {
    expect(await bench.value('note', { text: 'the invoice is overdue', topic: 'invoice 7' })).toEqual({
      text: 'the invoice is overdue',
      topic: 'invoice 7',
    });
    expect(await bench.value('note', { text: 'x' })).toEqual({ text: 'x', topic: null });
  });

  it('a question that comes past the strategy fails and says so', async () => {
    expect(await bench.failure('ask.person', { question: 'May I?', expires: '24h' })).toMatchObject({
      code: 'unavailable',
      permanent: true,
    });
    expect(await bench.failure('ask.person', { question: 'May I?', expires: 'soon' })).toMatchObject({
      code: 'invalid-args',
      message: 'ask.person: `expires` must be a time such as 30m, 24h or 7d',
    });
  });
});
