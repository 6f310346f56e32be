import type { Json } from '@praxis/core';
import { readJson } from '../client/read-json.js';

/** A call as a model wrote it down as JSON: nothing of it has been checked. */
export interface WrittenCall {
  readonly name: string;
  /** JSON of the arguments. */
  readonly args: string;
}

type Loose = { readonly [key: string]: Json };

/** The words by which models and chat templates name the two parts of a call. */
const NAMES = ['skill', 'name', 'tool', 'tool_name', 'function', 'function_name'] as const;
const ARGS = ['args', 'arguments', 'parameters', 'input', 'tool_input', 'params'] as const;

/**
 * A value as a call, in any of the shapes that models write: `{name, arguments}`, Llama's `{name, parameters}`,
 * `{skill, args}`, `{function: {name, arguments}}`; null where it is none. Arguments may be a text that holds JSON.
 */
export function callOf(value: Json | undefined): WrittenCall | null {
  if (!isObject(value)) return null;
  if (isObject(value.function)) return callOf(value.function);
  const name = NAMES.map((key) => value[key]).find((found) => typeof found === 'string' && found !== '');
  if (typeof name !== 'string') return null;
  const key = ARGS.find((found) => found in value);
  const args = key === undefined ? {} : value[key]!;
  if (typeof args === 'string') return { name, args };
  return { name, args: JSON.stringify(args ?? {}) };
}

/** The calls in a JSON text: one, a list of them, or an object that holds them under `tool_calls`, `calls` or `call`. */
export function callsIn(text: string): readonly WrittenCall[] | null {
  const reading = readJson(text);
  return reading.ok ? callsOf(reading.value) : null;
}

/** The calls in a value; null where it is none, or where one of several is none. */
export function callsOf(value: Json | undefined): readonly WrittenCall[] | null {
  if (Array.isArray(value)) {
    const calls = (value as readonly Json[]).map(callOf);
    return calls.length > 0 && calls.every((call) => call !== null) ? calls : null;
  }
  if (!isObject(value)) return null;
  const inside = ['tool_calls', 'calls', 'call'].find((key) => typeof value[key] === 'object' && value[key] !== null);
  if (inside !== undefined) return callsOf(value[inside]);
  const call = callOf(value);
  return call === null ? null : [call];
}

export const isObject = (value: Json | undefined): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
