import { artifactRefSchema, type Json, type Skill } from '@praxis/core';
import { z } from 'zod';
import { skill } from '../../authoring/skill.js';
import { SkillError } from '../../authoring/skill-error.js';
import { pathArgument, writeFile } from '../../authoring/workspace-files.js';
import { renderTemplate, TEMPLATES } from './render-template.js';

/** Media types by the ending of a path. */
const MEDIA: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  yaml: 'application/yaml',
  svg: 'image/svg+xml',
  xml: 'application/xml',
};

const write = skill({
  name: 'doc.write',
  source: 'builtin',
  summary: 'writes a text file (report, letter, page) from a shipped template or a Liquid text, filled with data',
  input: z.object({
    path: pathArgument,
    template: z.enum(TEMPLATES).optional().describe('name of a shipped template'),
    text: z.string().max(200_000).optional().describe('the text itself, with {{ names }} of the data (Liquid)'),
    data: z.record(z.string(), z.json()).default({}).describe('what the template shows'),
  }),
  output: z.object({ path: z.string(), bytes: z.int(), file: artifactRefSchema }),
  writes: ['file:{path}'],
  async run({ path, template, text, data }, call) {
    if ((template === undefined) === (text === undefined))
      throw new SkillError('invalid-args', 'doc.write takes either `template` or `text`');
    const source = text === undefined ? { template: template! } : { text };
    const made = await renderTemplate(source, data as { readonly [name: string]: Json }, path);
    const bytes = new TextEncoder().encode(made);
    const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    const file = await writeFile(call, path, bytes, MEDIA[ending] ?? 'text/plain');
    return { value: { path, bytes: bytes.length, file }, artifacts: [file], message: `${path}: ${bytes.length} bytes` };
  },
});

/** Documents. */
export const docSkills: readonly Skill[] = [write];
