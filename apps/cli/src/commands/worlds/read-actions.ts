import { actionSchema, PraxisError, type Action, type SkillManifest } from '@praxis/core';
import { readAction } from '@praxis/inference';
import { z } from 'zod';

const listSchema = z.array(actionSchema);

/**
 * Reads actions from a file: a JSON list of `{"skill", "args"}`, or one call a line, such as
 * `(write-file report "two words")`, with arguments in the order of the skill's parameters. Lines that are empty or
 * begin with `#` or `;` are left out.
 */
export function readActions(text: string, skills: readonly SkillManifest[]): readonly Action[] {
  const actions = text.trimStart().startsWith('[') ? fromJson(text) : fromLines(text, skills);
  if (actions.length > 0) return actions;
  throw new PraxisError('invalid', 'The file names no actions; write one `(skill argument …)` a line.');
}

function fromJson(text: string): readonly Action[] {
  try {
    return listSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PraxisError('invalid', 'The file of actions is no JSON list of {"skill": …, "args": {…}}.', { cause });
  }
}

function fromLines(text: string, skills: readonly SkillManifest[]): readonly Action[] {
  return text.split('\n').flatMap((line, at) => {
    if (/^\s*(?:[#;]|$)/.test(line)) return [];
    const { action, problem } = readAction(line, skills, null);
    if (action !== null) return [action];
    throw new PraxisError('invalid', `Line ${at + 1} of the file of actions cannot be read: ${problem}.`);
  });
}
