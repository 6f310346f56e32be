import { parseSubgoalId, PraxisError, type Json } from '@praxis/core';
import type { ForkPoint } from '@praxis/wire';
import { parseValue } from './answer-input.js';

/** What a fork is to do otherwise, as it was typed. */
export interface ForkChanges {
  readonly seed: string | null;
  readonly strategy: string | null;
  readonly freshArchive: boolean;
  /** `(move a b)`. */
  readonly action: string | null;
  /** Arguments for the skill that was decided there. */
  readonly args: Readonly<Record<string, Json>> | null;
}

/** Reads where a fork begins: `7`, a number as `praxis show RUN --steps` gives it, or `SUBGOAL:STEP`. */
export function parsePoint(text: string): ForkPoint {
  if (/^\d{1,9}$/.test(text)) return { step: Number(text) };
  const [, subgoal, step] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  if (subgoal === undefined || parseSubgoalId(subgoal) === null)
    throw new PraxisError(
      'invalid',
      `"${text}" is no step; write its number as \`praxis show RUN --steps\` gives it, or SUBGOAL:STEP.`,
    );
  return { subgoal, step: Number(step) };
}

const NAMES = ['seed', 'strategy', 'archive', 'action', 'args'] as const;

/** Reads one `--set name=value`. */
export function parseChange(text: string): readonly [(typeof NAMES)[number], string] {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || value === '' || !(NAMES as readonly string[]).includes(name))
    throw new PraxisError(
      'invalid',
      `"${text}" is no change; write one of ${NAMES.join(', ')}, = and a value, such as seed=7.`,
    );
  if (name === 'archive' && value !== 'now')
    throw new PraxisError('invalid', 'A fork uses the archive as it was, or as it is now: archive=now.');
  return [name as (typeof NAMES)[number], value];
}

/** What all `--set` say together. */
export function readChanges(changes: readonly (readonly [(typeof NAMES)[number], string])[]): ForkChanges {
  const said = new Map(changes);
  if (said.size < changes.length) throw new PraxisError('invalid', 'Something is set twice; say it once.');
  if (said.has('action') && said.has('args'))
    throw new PraxisError('invalid', 'Set the whole action, or only its args.');
  const args = said.get('args');
  return {
    seed: said.get('seed') ?? null,
    strategy: said.get('strategy') ?? null,
    freshArchive: said.has('archive'),
    action: said.get('action') ?? null,
    args: args === undefined ? null : readArgs(args),
  };
}

function readArgs(text: string): Record<string, Json> {
  const value = parseValue(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new PraxisError('invalid', `"${text}" are no arguments; write an object such as {"x":1}.`);
  return { ...(value as { readonly [key: string]: Json }) };
}
