import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { sampleOf, type PublishedCall, type PublishedFunction } from '@praxis/testing';
import type { PlaybookFile } from '@praxis/core';

/** A module of skills (docs/skills.md), one for each function, that notes its calls in a file. */
export function functionsModule(functions: readonly PublishedFunction[], log: string): string {
  const actions = pathToFileURL(join(process.cwd(), 'libs/actions/dist/index.js')).href;
  const definitions = functions.map(({ name, summary, parameters, response }) => ({
    ...{ name, summary, input: parameters, output: response, value: sampleOf(response) },
  }));
  return `
import { appendFileSync } from 'node:fs';
import { skill } from '${actions}';
const note = (name, args) => appendFileSync(${JSON.stringify(log)}, JSON.stringify({ name, args }) + '\\n');
export const skills = ${JSON.stringify(definitions)}.map(({ value, ...definition }) =>
  skill({ ...definition, run: (args) => (note(definition.name, args), { value }) }));
`;
}

/** A playbook that makes these calls one after another and gives all their outputs. */
export function callsPlaybook(calls: readonly PublishedCall[]): PlaybookFile {
  const steps = calls.map(({ name, args }, i) => ({
    id: `s${i}`,
    do: name,
    with: args,
    after: i === 0 ? [] : [`s${i - 1}`],
  }));
  return { playbook: 'calls', title: 'Published calls', steps, result: steps.map(({ id }) => `$${id}`) };
}
