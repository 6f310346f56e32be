import type { Json, JsonSchema, SkillManifest } from '@praxis/core';
import { tableLines } from './table.js';

/** Inputs in a line; what may be left out has a question mark. */
const inputsOf = ({ parameters }: SkillManifest): string =>
  parameters.map((p) => `${p.name}${p.optional === true ? '?' : ''}: ${p.type}`).join(', ');

const outputOf = ({ output }: SkillManifest): string =>
  output === undefined ? '' : typeof output.type === 'string' ? output.type : 'as its schema says';

/** All skills, one a row. */
export function skillTable(
  skills: readonly (SkillManifest & { readonly world: string })[],
  columns: number,
): readonly string[] {
  const rows = skills.map((s) => [s.name, inputsOf(s), outputOf(s), s.effect, s.world, s.source]);
  const heads = ['skill', 'inputs', 'output', 'effect', 'world', 'source'];
  return tableLines(
    heads.map((head) => ({ head })),
    rows,
    columns,
  );
}

/** What is to be known of a call before it is made. */
function natureOf({ effect, keyed, probed, polling, outside, risk, money }: SkillManifest): string {
  const notes: readonly (readonly [boolean, string])[] = [
    [true, effect],
    [keyed, 'done at most once per key'],
    [probed === true, 'can tell what became of a key'],
    [polling === true, 'waits for something'],
    [outside === true, 'its answers are untrusted'],
    [risk !== undefined, `risk ${risk}`],
    [money !== undefined, `price ${money}`],
  ];
  return notes.flatMap(([isSo, note]) => (isSo ? [note] : [])).join(', ');
}

/** One skill in full, with its schemas. */
export function skillLines(skill: SkillManifest): readonly string[] {
  const { name, summary, source, undo, requires, ensures, reads, writes, resources } = skill;
  const lists = Object.entries({ requires, ensures, reads, writes, resources });
  return [
    `${name}  ${summary}`,
    `  source    ${source}`,
    `  effect    ${natureOf(skill)}`,
    ...(undo ? [`  undo      ${undo.skill} ${JSON.stringify(undo.args)}`] : []),
    ...lists.flatMap(([field, list = []]) => (list.length > 0 ? [`  ${field.padEnd(9)} ${list.join(', ')}`] : [])),
    ...(skill.input ? ['  input', ...schemaLines(skill.input)] : [`  input     ${inputsOf(skill) || 'none'}`]),
    ...(skill.output ? ['  output', ...schemaLines(skill.output)] : []),
  ];
}

const schemaLines = (schema: JsonSchema): readonly string[] =>
  JSON.stringify(schema as Json, null, 2)
    .split('\n')
    .map((line) => `    ${line}`);

interface Quarantined {
  readonly name: string;
  readonly source: string;
  readonly reason: string;
}
interface Health {
  readonly name: string;
  readonly isUp: boolean;
  readonly note: string;
}

/** What is left out, and the sources that are down. */
export function troubleLines(quarantined: readonly Quarantined[], sources: readonly Health[]): readonly string[] {
  return [
    ...sources.filter((s) => !s.isUp).map((s) => `source ${s.name} is down: ${s.note}`),
    ...quarantined.map((q) => `left out: ${q.name} of ${q.source}: ${q.reason}`),
  ];
}
