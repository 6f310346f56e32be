import type { Json } from '@praxis/core';
import { SkillError } from '../../authoring/skill-error.js';
import { niceTicks, numberText } from './scales.js';

export type ChartKind = 'bar' | 'line' | 'area' | 'scatter' | 'histogram';
export type Row = { readonly [field: string]: Json };

/** What is drawn of which rows. */
export interface ChartOrder {
  readonly kind: ChartKind;
  readonly rows: readonly Row[];
  readonly x: string;
  readonly y: readonly string[];
  /** Field whose values split the rows into series. */
  readonly series?: string | undefined;
  readonly bins?: number | undefined;
}

/** Where a point stands on the horizontal axis: a number or the index of a category. */
export interface Point {
  readonly at: number;
  /** Null where there is no value: a gap. */
  readonly value: number | null;
}

/** Series of points over one horizontal axis. */
export interface ChartData {
  readonly series: readonly { readonly name: string; readonly points: readonly Point[] }[];
  /** Labels of the places 0, 1, 2 …; null where the axis is a range of numbers. */
  readonly categories: readonly string[] | null;
}

const MOST_SERIES = 12;
const MOST_POINTS = 20_000;
/** Beyond it, and below its inverse, differences are no doubles. */
const LARGEST = 1e300;

/** Finds the series of a chart in its rows; fails with the row and the field that do not fit. */
export function chartData(order: ChartOrder): ChartData {
  if (order.rows.length > MOST_POINTS)
    throw new SkillError(
      'invalid-args',
      `a chart draws ${MOST_POINTS} rows at most, and \`rows\` has ${order.rows.length}; summarise them first`,
    );
  if (order.kind === 'histogram') return histogram(order);
  if (order.y.length === 0)
    throw new SkillError('invalid-args', `a ${order.kind} chart needs \`y\`, the field of the values`);
  for (const field of [order.x, ...order.y, ...(order.series === undefined ? [] : [order.series])])
    requireField(order.rows, field);
  const { isNumeric, places, categories } = placesOf(order);
  const series = new Map<string, Point[]>();
  for (const [i, row] of order.rows.entries()) {
    const x = row[order.x] ?? null;
    const at = isNumeric ? (x as number) : places.get(textOf(x))!;
    for (const field of order.y) add(series, seriesName(order, row, field), { at, value: numberIn(row, field, i) });
  }
  if (series.size > MOST_SERIES)
    throw new SkillError('invalid-args', `a chart draws ${MOST_SERIES} series at most, and there are ${series.size}`);
  const isSorted = isNumeric && order.kind !== 'scatter';
  const inOrder = (points: Point[]): Point[] => (isSorted ? points.sort((a, b) => a.at - b.at) : points);
  return { categories, series: [...series].map(([name, points]) => ({ name, points: inOrder(points) })) };
}

interface Places {
  readonly isNumeric: boolean;
  readonly categories: readonly string[] | null;
  readonly places: ReadonlyMap<string, number>;
}

/** What the horizontal axis is: a range of numbers, or categories in the order of the rows. */
function placesOf({ kind, rows, x: field }: ChartOrder): Places {
  const xs = rows.map((row) => row[field] ?? null);
  const isNumeric = kind !== 'bar' && xs.length > 0 && xs.every((x) => typeof x === 'number' && Math.abs(x) <= LARGEST);
  if (kind === 'scatter' && !isNumeric && xs.length > 0)
    throw new SkillError('invalid-args', `a scatter chart needs numbers in \`${field}\``);
  const categories = isNumeric ? null : [...new Set(xs.map(textOf))];
  return { isNumeric, categories, places: new Map(categories?.map((name, i) => [name, i])) };
}

function histogram({ rows, x, bins }: ChartOrder): ChartData {
  requireField(rows, x);
  const values = rows.map((row, i) => numberIn(row, x, i)).filter((value) => value !== null);
  if (values.length === 0) return { categories: [], series: [{ name: 'count', points: [] }] };
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  // The square root of their number: the usual choice where nothing is known of the values.
  const edges = niceTicks(low, high, bins ?? Math.min(40, Math.max(1, Math.ceil(Math.sqrt(values.length)))));
  const counts = edges.slice(1).map(() => 0);
  const step = edges[1]! - edges[0]!;
  for (const value of values)
    counts[Math.min(counts.length - 1, Math.max(0, Math.floor((value - edges[0]!) / step + 1e-9)))]! += 1;
  return {
    categories: counts.map((_, i) => `${numberText(edges[i]!)}–${numberText(edges[i + 1]!)}`),
    series: [{ name: 'count', points: counts.map((value, at) => ({ at, value })) }],
  };
}

function add(series: Map<string, Point[]>, name: string, point: Point): void {
  const points = series.get(name);
  if (points === undefined) series.set(name, [point]);
  else points.push(point);
}

function seriesName({ series, y }: ChartOrder, row: Row, field: string): string {
  if (series === undefined) return field;
  const name = textOf(row[series] ?? null);
  return y.length > 1 ? `${name} ${field}` : name;
}

function requireField(rows: readonly Row[], field: string): void {
  if (rows.length === 0 || rows.some((row) => Object.hasOwn(row, field))) return;
  throw new SkillError(
    'invalid-args',
    `no row has a field \`${field}\`; the first has ${Object.keys(rows[0]!).join(', ')}`,
  );
}

function numberIn(row: Row, field: string, i: number): number | null {
  const value = Object.hasOwn(row, field) ? row[field]! : null;
  if (value === null || value === '') return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Math.abs(number) <= LARGEST) return Math.abs(number) < 1 / LARGEST ? 0 : number;
  throw new SkillError(
    'invalid-args',
    `\`${field}\` of row ${i + 1} is ${JSON.stringify(value).slice(0, 60)}, which is no number that can be drawn`,
  );
}

const textOf = (value: Json): string =>
  value === null ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
