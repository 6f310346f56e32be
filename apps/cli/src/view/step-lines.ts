import { actionText, previewText, type NumberedStep } from '@praxis/core';
import { tableLines } from './table.js';
import { visible } from './words.js';

/** The steps of a run as a table, in the order in which they were decided. */
export function stepLines(steps: readonly NumberedStep[], width: number): readonly string[] {
  const columns = [{ head: 'step', align: 'right' as const }, { head: 'subgoal' }, { head: 'its step', align: 'right' as const }, { head: 'action' }, { head: 'effect' }, { head: 'outcome' }];
  const rows = steps.map((s) => [String(s.number), s.subgoal, String(s.step), actionText(s.action), s.effect ?? (s.result === null ? '–' : 'pure'), outcomeOf(s)]);
  return tableLines(columns, rows, width);
}

/** So much of a skill's answer is shown in its line, in characters; `--json` has all of it. */
const ANSWER = 160;

function outcomeOf({ effect, result, answeredBy }: NumberedStep): string {
  if (result === null) return effect === null ? 'decided' : 'tried';
  if (result.ok && answeredBy !== undefined) return `done: ${previewText(visible(result.message).replaceAll(/\s+/g, ' '), ANSWER)}`;
  return result.ok ? 'done' : `${result.code}${result.message === '' ? '' : `: ${result.message}`}`;
}
