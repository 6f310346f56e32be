import { z } from 'zod';
import { digest } from './digest.js';
import { jsonRecordSchema, type Json } from './json.js';

/**
 * What an action does to the world beyond its result (S4). `pure` changes nothing; `reversible` can be undone by
 * further actions; `compensable` has a named undo; `irreversible` cannot be taken back; `unknown` is treated as
 * irreversible.
 */
export const effectClassSchema = z.enum(['pure', 'reversible', 'compensable', 'irreversible', 'unknown']);
export type EffectClass = z.infer<typeof effectClassSchema>;

/** A call of a skill. Arguments are named; their order is the skill's own. */
export const actionSchema = z.object({ skill: z.string().min(1), args: jsonRecordSchema });
export type Action = z.infer<typeof actionSchema>;

/** Names a skill's positional arguments. */
export function makeAction(skill: string, parameters: readonly string[], args: readonly Json[]): Action {
  return { skill, args: Object.fromEntries(parameters.map((name, i) => [name, args[i] ?? null])) };
}

/** The value of an argument; undefined where the action has none of that name. */
export function argumentOf({ args }: Action, name: string): Json | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

/** One line for people and for matching: `(move robot1 kitchen hall)`. */
export function actionText(action: Action): string {
  const args = Object.values(action.args).map((a) => (typeof a === 'string' ? a : JSON.stringify(a)));
  return `(${[action.skill, ...args].join(' ')})`;
}

/** Longest argument in a line for people, in characters. */
const SHOWN = 60;

/** One line for people that stays short: long arguments are cut, and files stand for their names. */
export function shortActionText(action: Action): string {
  const shown = (value: Json): string => {
    const isFile = value !== null && typeof value === 'object' && '$artifact' in value && 'name' in value;
    const text = isFile ? String(value.name) : typeof value === 'string' ? value : JSON.stringify(value);
    const line = text.replaceAll(/\s+/g, ' ');
    return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
  };
  return `(${[action.skill, ...Object.values(action.args).map(shown)].join(' ')})`;
}

/** The key under which a skill must do an action at most once, however often it is asked (S4, S5). */
export function idempotencyKey(subgoal: string, step: number, action: Action): string {
  return digest({ subgoal, step, skill: action.skill, args: { ...action.args } });
}

/** What an approval is bound to: this action in this state (S6). */
export function fingerprint(action: Action, state: string): string {
  return digest({ skill: action.skill, args: { ...action.args }, state });
}
