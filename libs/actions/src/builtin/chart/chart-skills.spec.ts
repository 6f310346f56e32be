import { readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { SkillBench } from '../../fixtures/skill-bench.js';
import { chartSkills } from './chart-skills.js';
import { drawChart } from './draw-chart.js';
import { niceTicks, numberText, svgText } from './scales.js';

const rows = [
  { city: 'Oslo', n: 3, m: -1, day: 1 },
  { city: 'Rome <&> "x"', n: 12.5, m: 4, day: 2 },
  { city: 'A very long name of a city', n: null, m: 2, day: 4 },
  { city: 'Bonn', n: 7, m: 0, day: 3 },
];
const bench = (): SkillBench => new SkillBench(chartSkills);
async function draw(args: object): Promise<string> {
  const all = bench();
  await all.value('chart.draw', { rows, x: 'city', y: 'n', kind: 'bar', path: 'c.svg', ...args } as never);
  return all.read('c.svg');
}
/** PRAXIS_GOLDEN=write draws them anew, for a look at the difference. */
function golden(name: string, svg: string): void {
  const file = new URL(`./fixtures/${name}.svg`, import.meta.url);
  if (process.env.PRAXIS_GOLDEN === 'write') writeFileSync(file, svg);
  expect(svg).toBe(readFileSync(file, 'utf8'));
}

describe('chart.draw', () => {
  it.each([
    ['bar', { title: 'Orders by city' }],
    ['bar-series', { kind: 'bar', y: ['n', 'm'], title: 'Two fields' }],
    ['line', { kind: 'line', x: 'day', y: ['n', 'm'] }],
    ['area', { kind: 'area' }],
    ['scatter', { kind: 'scatter', x: 'day' }],
    [
      'histogram',
      { kind: 'histogram', x: 'n', y: null, rows: Array.from({ length: 60 }, (_, i) => ({ n: (i * 37) % 50 })) },
    ],
  ])('draws what it drew before: %s', async (name, args) => {
    const svg = await draw(args);
    golden(name, svg);
    expect(svg).toBe(await draw(args));
  });

  it('escapes every text and stays XML whatever the rows hold', async () => {
    const svg = await draw({
      title: '</title><script>alert(1)</script>',
      rows: [{ city: '"><script>\u0000\uD800', n: 1 }],
    });
    expect(svg).not.toMatch(/<script|\p{Surrogate}|[^\P{Cc}\n]/u);
    await fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(svgText(text)).not.toMatch(/[<>"']|&(?!#\d+;)|[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/u);
      }),
    );
  });

  it('leaves a gap where a value is missing', async () => {
    const svg = await draw({ kind: 'line' });
    expect(svg.match(/stroke-width="2"/g)).toHaveLength(2);
  });

  it('draws no rows, one row, equal, huge and tiny values', async () => {
    expect(await draw({ rows: [] })).toContain('no data');
    expect(await draw({ rows: [], kind: 'scatter' })).toContain('no data');
    for (const kind of ['bar', 'line', 'area', 'scatter', 'histogram'])
      for (const values of [[0], [5, 5], [1e300, -1e300], [1e-12, 2e-12], [-3]]) {
        const svg = await draw({ kind, x: 'a', y: 'a', rows: values.map((a) => ({ a })) });
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }
  });

  it('shows so many labels of 500 categories as do not overlap', async () => {
    const svg = await draw({ rows: Array.from({ length: 500 }, (_, i) => ({ city: `City number ${i}`, n: i })) });
    const places = [...svg.matchAll(/<text x="([\d.]+)" y="[\d.]+" transform/g)].map(([, x]) => Number(x));
    expect(places.length).toBeGreaterThan(20);
    expect(Math.min(...places.slice(1).map((x, i) => x - places[i]!))).toBeGreaterThanOrEqual(14);
  });

  it('splits rows into series and names them in a legend', async () => {
    const split = [1, 2].flatMap((day) => ['a', 'b'].map((who) => ({ day, who, n: day })));
    const svg = await draw({ kind: 'line', rows: split, x: 'day', series: 'who' });
    expect(svg).toMatch(/>a<\/text>[^]*>b<\/text>/);
  });

  it.each([
    [{ y: 'nothing' }, 'no row has a field `nothing`; the first has city, n, m, day'],
    [{ y: 'city' }, '`city` of row 1 is "Oslo", which is no number that can be drawn'],
    [{ y: null }, 'a bar chart needs `y`, the field of the values'],
    [{ kind: 'scatter' }, 'a scatter chart needs numbers in `city`'],
    [
      { kind: 'pie' },
      'chart.draw: `kind` does not fit: Invalid option: expected one of "bar"|"line"|"area"|"scatter"|"histogram"',
    ],
    [
      { path: '../x.svg' },
      'chart.draw: `path` must be a path in the workspace, such as "reports/sales.md", without ".."',
    ],
  ])('says which field does not fit %#', async (args, message) => {
    const failure = await bench().failure('chart.draw', { rows, x: 'city', y: 'n', kind: 'bar', ...args } as never);
    expect(failure).toMatchObject({ code: 'invalid-args', message });
  });
});

describe('the scales of a chart', () => {
  it('has round ticks that cover every range, in order and not too many', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e300, max: 1e300, noNaN: true }),
        fc.double({ min: 0, max: 1e300, noNaN: true }),
        (low, size) => {
          fc.pre([Math.abs(low), size].every((n) => n === 0 || n > 1e-300));
          fc.pre(size === 0 || size > Math.abs(low) * 1e-8);
          const ticks = niceTicks(low, low + size, 5);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(8);
          expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!)).toBe(true);
          const step = ticks[1]! - ticks[0]!;
          expect(ticks[0]!).toBeLessThanOrEqual(low + step * 1e-3);
          expect(ticks.at(-1)!).toBeGreaterThanOrEqual(low + size - step * 1e-3);
        },
      ),
    );
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect([0, 1234567, 0.30000000000000004, -1500, 2.5e12, 1e-7].map(numberText)).toEqual([
      '0',
      '1,234,567',
      '0.3',
      '-1,500',
      '2.5e12',
      '1e-7',
    ]);
  });

  it('draws any numbers without a coordinate that is none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('bar', 'line', 'area', 'scatter', 'histogram' as const),
        fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), { maxLength: 30 }),
        (kind, numbers) => {
          const svg = drawChart(
            { kind: kind as 'bar', rows: numbers.map((n) => ({ n })), x: 'n', y: ['n'] },
            { width: 400, height: 300 },
          );
          expect(svg).not.toMatch(/NaN|Infinity/);
        },
      ),
    );
  });
});
