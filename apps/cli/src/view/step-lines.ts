import { shortActionText, previewText, type NumberedStep } from '@praxis/core';
import { tableLines } from './table.js';
import { visible } from './words.js';

/** The steps of a run as a table, in the order in which they were decided. */
export function stepLines(steps: readonly NumberedStep[], width: number): readonly string[] {
  const columns = [
    { head: 'step', align: 'right' as const },
    { head: 'subgoal' },
    { head: 'its step', align: 'right' as const },
    { head: 'action' },
    { head: 'effect' },
    { head: 'outcome' },
  ];
  const rows = steps.map((s) => [
    String(s.number),
    s.subgoal,
    String(s.step),
    shortActionText(s.action),
    s.effect ?? (s.result?.ok === true ? 'pure' : '–'),
    outcomeOf(s),
  ]);
  return tableLines(columns, rows, width);
}

/** So much of a skill's answer is shown in its line, in characters; `--json` has all of it. */
const ANSWER = 160;

function outcomeOf(step: NumberedStep): string {
  const { effect, result, origin, editedBy } = step;
  if (editedBy !== undefined) return `edited by ${editedBy}; the next step of the subgoal is what they wrote`;
  if (result === null) return effect === null ? 'decided' : 'tried';
  if (!result.ok) return `${result.code}${result.message === '' ? '' : `: ${result.message}`}`;
  return [origin === 'person' ? 'done, as a person edited it' : 'done', ...answerOf(step)].join(': ');
}

function answerOf({ result, answeredBy }: NumberedStep): readonly string[] {
  return answeredBy === undefined ? [] : [previewText(visible(result!.message).replaceAll(/\s+/g, ' '), ANSWER)];
}
