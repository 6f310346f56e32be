import { PraxisError, type Action, type Json, type SkillManifest } from '@praxis/core';
import { parseValue } from './answer-input.js';

/**
 * Reads an action as people write it, `(move a b)`, whose skill says what its arguments are called; a text with spaces
 * stands in quotes.
 */
export function parseAction(text: string, skills: readonly SkillManifest[]): Action {
  const inside = /^\s*\((.*)\)\s*$/s.exec(text)?.[1];
  const [name, ...values] = inside?.match(/"(?:[^"\\]|\\.)*"|[^\s"()]+/g) ?? [];
  if (name === undefined)
    throw new PraxisError(
      'invalid',
      `"${text}" is no action; write its skill and its arguments, such as '(move robot1 hall)'.`,
    );
  const skill = skills.find((s) => s.name === name);
  if (!skill) throw new PraxisError('missing', `There is no skill "${name}" there; \`praxis skills\` lists them.`);
  const { parameters } = skill;
  if (values.length !== parameters.length)
    throw new PraxisError(
      'invalid',
      `${name} takes ${parameters.length} arguments (${parameters.map((p) => p.name).join(', ')}), not ${values.length}.`,
    );
  return {
    skill: name,
    args: Object.fromEntries(parameters.map((p, i) => [p.name, readArgument(values[i]!, p.type)])),
  };
}

function readArgument(text: string, type: string): Json {
  return text.startsWith('"') || ['number', 'integer', 'boolean'].includes(type) ? parseValue(text) : text;
}
