import type { Domain, Effect, Expression, Metric } from '../ast.js';
import { itemOf, noMoreThan, symbolOf } from './expect.js';
import type { ListForm } from './form.js';
import { readExpression } from './read-expression.js';
import { NO_VARIABLES, TOTAL_COST } from '../types/vocabulary.js';
import type { Reading } from '../types/vocabulary.js';

/** What a metric calls the time that a plan takes. Without durations it is the number of steps. */
export const TOTAL_TIME = 'total-time';

/** Reads `(:metric minimize …)`; null where plans are compared by the number of their steps. */
export function readMetric(reading: Reading, list: ListForm | undefined, domain: Domain): Metric | null {
  if (list === undefined) return null;
  const { source } = reading;
  const expected = '"minimize" or "maximize"';
  const { text, at } = symbolOf(source, itemOf(source, list, 1, expected), expected);
  if (text !== 'minimize' && text !== 'maximize') throw source.error(at, `found "${text}", expected ${expected}`);
  const form = itemOf(source, list, 2, 'a number to compare plans by');
  noMoreThan(source, list, 3);
  const value = readExpression(withTime(reading), form, NO_VARIABLES);
  if (text === 'minimize' && isOnly(value, TOTAL_TIME) && !reading.words.functions.has(TOTAL_TIME)) return null;
  if (text === 'minimize' && isOnly(value, TOTAL_COST) && neverChanges(domain, TOTAL_COST)) {
    source.warn(form.at, 'no action changes (total-cost), so that plans are compared by the number of their steps');
    return null;
  }
  return { direction: text, value };
}

function withTime({ source, words }: Reading): Reading {
  if (words.functions.has(TOTAL_TIME)) return { source, words };
  const time = { name: TOTAL_TIME, parameters: [] };
  return { source, words: { ...words, functions: new Map([...words.functions, [TOTAL_TIME, time]]) } };
}

function isOnly(value: Expression, name: string): boolean {
  return value.kind === 'fluent' && value.function === name && value.args.length === 0;
}

function neverChanges(domain: Domain, name: string): boolean {
  return !domain.actions.some(({ effect }) => changes(effect, name));
}

function changes(effect: Effect, name: string): boolean {
  switch (effect.kind) {
    case 'and':
      return effect.parts.some((part) => changes(part, name));
    case 'forall':
    case 'when':
      return changes(effect.part, name);
    case 'assign':
      return effect.target.function === name;
    default:
      return false;
  }
}
