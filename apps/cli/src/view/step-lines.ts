import { actionText, type NumberedStep } from '@praxis/core';
import { tableLines } from './table.js';

/** The steps of a run as a table, in the order in which they were decided. */
export function stepLines(steps: readonly NumberedStep[], width: number): readonly string[] {
  const columns = [{ head: 'step', align: 'right' as const }, { head: 'subgoal' }, { head: 'its step', align: 'right' as const }, { head: 'action' }, { head: 'effect' }, { head: 'outcome' }];
  const rows = steps.map((s) => [String(s.number), s.subgoal, String(s.step), actionText(s.action), s.effect ?? (s.result === null ? '–' : 'pure'), outcomeOf(s)]);
  return tableLines(columns, rows, width);
}

function outcomeOf({ effect, result, origin, editedBy }: NumberedStep): string {
  if (editedBy !== undefined) return `edited by ${editedBy}; the next step of the subgoal is what they wrote`;
  if (result?.ok === true && origin === 'person') return 'done, as a person edited it';
  if (result === null) return effect === null ? 'decided' : 'tried';
  return result.ok ? 'done' : `${result.code}${result.message === '' ? '' : `: ${result.message}`}`;
}
