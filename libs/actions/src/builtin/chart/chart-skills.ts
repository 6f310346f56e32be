import { artifactRefSchema, type Json, type Skill } from '@praxis/core';
import { z } from 'zod';
import { skill } from '../../authoring/skill.js';
import { pathArgument, writeFile } from '../../authoring/workspace-files.js';
import { drawChart } from './draw-chart.js';

const draw = skill({
  name: 'chart.draw',
  source: 'builtin',
  summary: 'draws rows as a chart (bar, line, area, scatter, histogram) into an SVG file',
  input: z.object({
    kind: z.enum(['bar', 'line', 'area', 'scatter', 'histogram']),
    rows: z.array(z.record(z.string(), z.json())).describe('objects, such as the rows of table.query'),
    x: z.string().min(1).describe('field of the horizontal axis; of a histogram the field whose values are counted'),
    y: z
      .union([z.string().min(1), z.array(z.string().min(1)).max(12)], { error: 'must be a field, or a list of fields' })
      .optional()
      .describe('field of the values, or several; none for a histogram'),
    series: z.string().min(1).optional().describe('field whose values split the rows into series'),
    bins: z.int().min(1).max(200).optional().describe('about how many bars a histogram has'),
    title: z.string().max(500).optional(),
    path: pathArgument.default('charts/chart.svg'),
    width: z.int().min(200).max(4_000).default(720),
    height: z.int().min(150).max(4_000).default(420),
  }),
  output: z.object({ path: z.string(), rows: z.int(), file: artifactRefSchema }),
  writes: ['file:{path}'],
  async run({ kind, rows, x, y, series, bins, title, path, width, height }, call) {
    const fields = y === undefined ? [] : typeof y === 'string' ? [y] : y;
    const order = { kind, rows: rows as readonly { readonly [field: string]: Json }[], x, y: fields, series, bins };
    const svg = drawChart(order, { title, width, height });
    const file = await writeFile(call, path, new TextEncoder().encode(svg), 'image/svg+xml');
    return {
      value: { path, rows: rows.length, file },
      artifacts: [file],
      message: `${path}: ${kind} of ${rows.length} rows`,
    };
  },
});

/** Charts. */
export const chartSkills: readonly Skill[] = [draw];
