import type { RunRow } from './run-row.js';

interface Column {
  readonly key: keyof RunRow;
  readonly column: string;
  readonly type: string;
}

/** The columns of the runs table and the fields of a row that they hold. */
export const RUN_COLUMNS: readonly Column[] = [
  { key: 'id', column: 'id', type: 'text' },
  { key: 'title', column: 'title', type: 'text' },
  { key: 'world', column: 'world', type: 'text' },
  { key: 'space', column: 'space', type: 'text' },
  { key: 'learn', column: 'learn', type: 'bool' },
  { key: 'status', column: 'status', type: 'text' },
  { key: 'reason', column: 'reason', type: 'text' },
  { key: 'planVersion', column: 'plan_version', type: 'int4' },
  { key: 'nodes', column: 'nodes', type: 'json' },
  { key: 'subgoals', column: 'subgoals', type: 'int4' },
  { key: 'subgoalsDone', column: 'subgoals_done', type: 'int4' },
  { key: 'steps', column: 'steps', type: 'int4' },
  { key: 'failedSteps', column: 'failed_steps', type: 'int4' },
  { key: 'replans', column: 'replans', type: 'int4' },
  { key: 'toolsUsed', column: 'tools_used', type: 'text[]' },
  { key: 'modelCalls', column: 'model_calls', type: 'int4' },
  { key: 'acceptedAt', column: 'accepted_at', type: 'int8' },
  { key: 'endedAt', column: 'ended_at', type: 'int8' },
  { key: 'touchedAt', column: 'touched_at', type: 'int8' },
  { key: 'length', column: 'length', type: 'int4' },
  { key: 'control', column: 'control', type: 'json' },
  { key: 'moves', column: 'moves', type: 'bool' },
  { key: 'dueAt', column: 'due_at', type: 'int8' },
];

/** Milliseconds fit in a float exactly; the driver gives a bigint as a text. */
const selected = ({ key, column, type }: Column): string =>
  `${type === 'int8' ? `${column}::float8` : column} as "${key}"`;

/** Reads the rows of some runs. */
export const SELECT_RUN_ROWS = `select ${RUN_COLUMNS.map(selected).join(', ')} from runs where id = any($1::text[])`;
