import { chartData, type ChartData, type ChartOrder, type Point } from './chart-data.js';
import { labelText, niceTicks, numberText, svgText } from './scales.js';

/** How a chart looks. */
export interface ChartLook {
  readonly title?: string | undefined;
  readonly width: number;
  readonly height: number;
}

/** Told apart by people who see few colours, and readable on white and on black. */
const COLOURS = [
  '#3b7dd8',
  '#d9822b',
  '#2f9e6e',
  '#c94f6d',
  '#8a6fd1',
  '#a88a1f',
  '#2a9db0',
  '#8c6d62',
  '#6b8e23',
  '#b05fb0',
  '#5f7f9f',
  '#c0603f',
];
const STYLE =
  'text{font:11px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}.bg{fill:#fff}.grid{stroke:#ddd}.axis{stroke:#888}' +
  '@media(prefers-color-scheme:dark){text{fill:#ddd}.bg{fill:#16181d}.grid{stroke:#333}.axis{stroke:#777}}';
/** Estimated width of a character and height of a line, in pixels. */
const [SIGN, LINE] = [6.3, 14];
const LABEL = 18;

/** The area of the points, in pixels, with the scales over it. */
interface Plot {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly ticks: readonly number[];
  /** The pixel of a place on the horizontal axis. */
  x(at: number): number;
  y(value: number): number;
  /** Pixels of one category; 0 where there are none. */
  readonly band: number;
  readonly range: readonly number[];
}

/** Draws a chart as an SVG file; the same order gives the same text. */
export function drawChart(order: ChartOrder, look: ChartLook): string {
  const data = chartData(order);
  const isNamed = data.series.length > 1 || order.series !== undefined;
  const legend = isNamed ? drawLegend(data, look) : drawValueName(order, look);
  const plot = makePlot(order, data, look, legend.height);
  const { width, height, title } = look;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${svgText(title ?? `${order.y.join(', ') || 'count'} by ${order.x}`)}</title><style>${STYLE}</style>`,
    `<rect class="bg" width="${width}" height="${height}"/>`,
    ...(title === undefined
      ? []
      : [
          `<text class="title" x="${width / 2}" y="20" text-anchor="middle">${svgText(labelText(title, Math.floor(width / 8)))}</text>`,
        ]),
    legend.text,
    drawValueAxis(plot),
    drawPlaceAxis(data, plot),
    `<text x="${px((plot.left + plot.right) / 2)}" y="${height - 6}" text-anchor="middle">${svgText(labelText(order.x, 60))}</text>`,
    ...data.series.map(({ points }, i) => drawSeries(order, data, plot, points, i)),
    ...(data.series.some(({ points }) => points.length > 0)
      ? []
      : [`<text x="${width / 2}" y="${height / 2}" text-anchor="middle">no data</text>`]),
    '</svg>\n',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function makePlot({ kind }: ChartOrder, data: ChartData, look: ChartLook, legend: number): Plot {
  const values = data.series.flatMap(({ points }) => points.flatMap(({ value }) => (value === null ? [] : [value])));
  const fromZero = kind === 'bar' || kind === 'area' || kind === 'histogram';
  const low = values.reduce((a, b) => Math.min(a, b), fromZero || values.length === 0 ? 0 : Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), fromZero ? 0 : values.length === 0 ? 1 : -Infinity);
  const ticks = niceTicks(low, high, 5);
  const right = look.width - 16;
  const left = Math.max(
    16 + SIGN * Math.max(...ticks.map((tick) => numberText(tick).length)),
    firstLabel(data, right - 16),
  );
  const top = (look.title === undefined ? 12 : 32) + legend;
  const band = data.categories === null ? 0 : (right - left) / Math.max(1, data.categories.length);
  const bottom = look.height - 12 - LINE - placeHeight(data, band);
  const places = data.series.flatMap(({ points }) => points.map(({ at }) => at));
  const range =
    data.categories === null
      ? niceTicks(
          places.reduce((a, b) => Math.min(a, b)),
          places.reduce((a, b) => Math.max(a, b)),
          6,
        )
      : [];
  const [first, last] = [range[0] ?? 0, range.at(-1) ?? 1];
  const along = (value: number, from: number, to: number): number => (value / 2 - from / 2) / (to / 2 - from / 2);
  return {
    left,
    right,
    top,
    bottom,
    ticks,
    band,
    range,
    x: (at) => (data.categories === null ? left + along(at, first, last) * (right - left) : left + band * (at + 0.5)),
    y: (value) => bottom - along(value, ticks[0]!, ticks.at(-1)!) * (bottom - top),
  };
}

/** A coordinate without digits that nobody sees. */
const px = (value: number): string => String(Number(value.toFixed(2)));

const longest = (names: readonly string[]): number =>
  names.reduce((most, name) => Math.max(most, Math.min(LABEL, [...name].length)), 0) * SIGN;
const isSlanted = (data: ChartData, band: number): boolean =>
  data.categories !== null && longest(data.categories) > band - 4;
const placeHeight = (data: ChartData, band: number): number =>
  isSlanted(data, band) ? LINE + longest(data.categories!) * 0.64 : LINE + 4;

/** The room to the left that the first slanted label takes. */
function firstLabel(data: ChartData, room: number): number {
  const band = room / Math.max(1, data.categories?.length ?? 1);
  const [first] = data.categories ?? [];
  return first === undefined || !isSlanted(data, band) ? 0 : longest([first]) * 0.77 + 4 - band / 2;
}

function drawValueAxis(plot: Plot): string {
  const lines = plot.ticks.map((tick) => {
    const y = plot.y(tick);
    return `<line class="grid" x1="${px(plot.left)}" x2="${px(plot.right)}" y1="${px(y)}" y2="${px(y)}"/><text x="${px(plot.left - 6)}" y="${px(y + 4)}" text-anchor="end">${numberText(tick)}</text>`;
  });
  return lines.join('\n');
}

function drawPlaceAxis(data: ChartData, plot: Plot): string {
  const base = plot.y(Math.min(Math.max(0, plot.ticks[0]!), plot.ticks.at(-1)!));
  const axis = `<line class="axis" x1="${px(plot.left)}" x2="${px(plot.right)}" y1="${px(base)}" y2="${px(base)}"/>`;
  const slanted = isSlanted(data, plot.band);
  const names = data.categories ?? plot.range.map(numberText);
  const every = slanted ? Math.max(1, Math.ceil(LINE / plot.band)) : 1;
  const labels = names.flatMap((name, i) => {
    if (i % every > 0) return [];
    const [x, y] = [px(plot.x(data.categories === null ? plot.range[i]! : i)), px(plot.bottom + LINE)];
    const turn = slanted ? ` transform="rotate(-40 ${x} ${y})" text-anchor="end"` : ' text-anchor="middle"';
    return [`<text x="${x}" y="${y}"${turn}>${svgText(labelText(name, LABEL))}</text>`];
  });
  return [axis, ...labels].join('\n');
}

function drawSeries(order: ChartOrder, data: ChartData, plot: Plot, points: readonly Point[], i: number): string {
  const colour = COLOURS[i % COLOURS.length]!;
  const seen = points.filter((point): point is { at: number; value: number } => point.value !== null);
  if (order.kind === 'bar' || order.kind === 'histogram') return drawBars(order, data, plot, seen, i);
  if (order.kind === 'scatter')
    return seen
      .map(
        ({ at, value }) =>
          `<circle cx="${px(plot.x(at))}" cy="${px(plot.y(value))}" r="3" fill="${colour}" fill-opacity="0.75"/>`,
      )
      .join('\n');
  return stretches(points)
    .map((stretch) => {
      const path = stretch.map(({ at, value }) => `${px(plot.x(at))} ${px(plot.y(value!))}`).join('L');
      const [first, last] = [px(plot.x(stretch[0]!.at)), px(plot.x(stretch.at(-1)!.at))];
      const area =
        order.kind === 'area'
          ? `<path d="M${first} ${px(plot.y(0))}L${path}L${last} ${px(plot.y(0))}Z" fill="${colour}" fill-opacity="0.25"/>`
          : '';
      // A point between two gaps is a line of no length.
      const dot =
        stretch.length === 1
          ? `<circle cx="${first}" cy="${px(plot.y(stretch[0]!.value!))}" r="2.5" fill="${colour}"/>`
          : '';
      return `${area}<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>${dot}`;
    })
    .join('\n');
}

function drawBars(
  { kind }: ChartOrder,
  { series }: ChartData,
  plot: Plot,
  points: readonly { readonly at: number; readonly value: number }[],
  i: number,
): string {
  const room = plot.band * (kind === 'histogram' ? 0.96 : 0.76);
  const width = room / series.length;
  return points
    .map(({ at, value }) => {
      const [top, bottom] = [plot.y(Math.max(0, value)), plot.y(Math.min(0, value))];
      const x = plot.x(at) - room / 2 + width * i;
      return `<rect x="${px(x)}" y="${px(top)}" width="${px(width)}" height="${px(bottom - top)}" fill="${COLOURS[i % COLOURS.length]}"><title>${numberText(value)}</title></rect>`;
    })
    .join('\n');
}

/** The parts of a line between its gaps. */
function stretches(points: readonly Point[]): readonly (readonly Point[])[] {
  const parts: Point[][] = [[]];
  for (const point of points)
    if (point.value === null) parts.push([]);
    else parts.at(-1)!.push(point);
  return parts.filter((part) => part.length > 0);
}

/** The name of the vertical axis, where no legend says it. */
function drawValueName(
  { kind, y }: ChartOrder,
  { title }: ChartLook,
): { readonly text: string; readonly height: number } {
  const name = kind === 'histogram' ? 'count' : (y[0] ?? '');
  const text = `<text x="16" y="${title === undefined ? 16 : 38}">${svgText(labelText(name, 60))}</text>`;
  return { text, height: LINE + 6 };
}

function drawLegend(
  { series }: ChartData,
  { width, title }: ChartLook,
): { readonly text: string; readonly height: number } {
  let [x, y] = [16, title === undefined ? 16 : 38];
  const start = y;
  const marks = series.map(({ name }, i) => {
    const text = labelText(name, 24);
    const room = 22 + [...text].length * SIGN;
    if (x > 16 && x + room > width - 16) [x, y] = [16, y + LINE + 2];
    const mark = `<rect x="${px(x)}" y="${y - 9}" width="10" height="10" rx="2" fill="${COLOURS[i % COLOURS.length]}"/><text x="${px(x + 14)}" y="${y}">${svgText(text)}</text>`;
    x += room + 8;
    return mark;
  });
  return { text: marks.join('\n'), height: y - start + LINE + 6 };
}
