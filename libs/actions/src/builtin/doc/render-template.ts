import { readFileSync } from 'node:fs';
import type { Json } from '@praxis/core';
import type { Liquid } from 'liquidjs';
import { SkillError } from '../../authoring/skill-error.js';
import {
  columnNames,
  markdownCell,
  markdownLink,
  markdownNumber,
  markdownText,
  plainText,
} from './markdown-filters.js';

/** Templates that are shipped, by the names of their files. */
export const TEMPLATES = ['csv-profile', 'link-table', 'move-table', 'table'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** A template is parsed up to so many characters, and rendered in so many milliseconds and units of memory. */
const [PARSE_LIMIT, RENDER_MS, MEMORY] = [200_000, 2_000, 50_000_000];

/** A template of a person or a model, or the name of one that is shipped. */
export type TemplateSource = { readonly text: string } | { readonly template: TemplateName };

/**
 * Renders a template with data.
 *
 * render-template.1 A template reaches its data and nothing else: no file, no other template, no prototype.
 * render-template.2 It ends within its limits.
 * render-template.3 A variable that is not there is an error in a text of one's own; shipped templates leave it out.
 * render-template.4 What goes into an HTML file is escaped unless the template says `raw`.
 */
export async function renderTemplate(
  source: TemplateSource,
  data: { readonly [name: string]: Json },
  path: string,
): Promise<string> {
  const isOwn = 'text' in source;
  const engine = await engineFor(path, isOwn);
  try {
    return (await engine.parseAndRender(isOwn ? source.text : shipped(source.template), data)) as string;
  } catch (cause) {
    const [message] = (cause as Error).message.split('\n');
    throw new SkillError('invalid-args', `the template cannot be rendered: ${message}`, { cause });
  }
}

async function engineFor(path: string, isOwn: boolean): Promise<Liquid> {
  // Loaded by the first document: most processes write none.
  const { Liquid } = await import('liquidjs');
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictVariables: isOwn,
    strictFilters: true,
    lenientIf: true,
    // No file is looked for: these are all that include and render find.
    templates: {},
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_MS,
    memoryLimit: MEMORY,
    ...(/\.html?$/i.test(path) && ({ outputEscape: 'escape' } as const)),
  });
  engine.registerFilter('cell', markdownCell);
  engine.registerFilter('md', markdownText);
  engine.registerFilter('number', markdownNumber);
  engine.registerFilter('code', (value: unknown) => plainText(value).replace(/[`\p{Cc}]/gu, ' '));
  engine.registerFilter('link', (target: unknown) => markdownLink(target, path));
  engine.registerFilter('names', columnNames);
  return engine;
}

const read = new Map<TemplateName, string>();

function shipped(name: TemplateName): string {
  const known = read.get(name) ?? readFileSync(new URL(`../../../templates/${name}.liquid`, import.meta.url), 'utf8');
  read.set(name, known);
  return known;
}
