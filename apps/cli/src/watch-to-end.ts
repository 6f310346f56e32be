import type { Outcome, Output, Run, RunId } from '@praxis/core';
import type { PlannerApi, WatchedEvent } from '@praxis/wire';
import type { Context } from './context.js';
import type { Printer } from './print.js';
import { Board, followRun } from './view/board.js';
import { resultLines, savingHint } from './view/result-lines.js';

/** Which run to watch, and how. */
export interface Watching {
  readonly planner: Pick<PlannerApi, 'watch'>;
  readonly run: RunId;
  readonly context: Pick<Context, 'print'>;
  /** Every event as a line of JSON. */
  readonly isJson: boolean;
  /** The files are saved anyway: how to do so need not be said. */
  readonly isSaved?: boolean;
  /** After the events of JSON, one line with the outcome and the result. */
  readonly hasSummary?: boolean;
}

/** Shows a run until it ends; 0 when it ended done, else 1. */
export async function watchToEnd({
  planner,
  run,
  context: { print },
  isJson,
  isSaved = false,
  hasSummary = false,
}: Watching): Promise<number> {
  const signal = new AbortController().signal;
  if (isJson) return printEvents(planner.watch(run, {}, signal), print, hasSummary ? run : null);
  const board = new Board(print, print.isTerminal ? { mode: 'live' } : { mode: 'lines', hasSteps: true });
  try {
    await followRun(planner, run, board, signal);
  } finally {
    board.close();
  }
  const ended = board.models[0]?.run?.ended ?? null;
  tellEnd(ended, print);
  if (!isSaved) hintAt(run, ended, print);
  return ended?.outcome === 'done' ? 0 : 1;
}

function hintAt(run: RunId, ended: Run['ended'], print: Printer): void {
  const hint = ended?.result ? savingHint(run, ended.result) : null;
  if (hint !== null) print.note(hint);
}

function tellEnd(ended: Run['ended'], print: Printer): void {
  if (ended?.result) print.lines(resultLines(ended.result));
  // The picture cuts what does not fit a line; why a run failed is worth several.
  if (ended && ended.outcome !== 'done' && print.isTerminal) print.line(`${ended.outcome}: ${ended.reason}`);
}

async function printEvents(
  events: AsyncIterable<WatchedEvent>,
  print: Printer,
  summarised: RunId | null,
): Promise<number> {
  let ended: { readonly outcome: Outcome; readonly reason: string; readonly result?: Output | undefined } | null = null;
  for await (const watched of events) {
    print.json(watched);
    if (watched.kind === 'run' && watched.event.type === 'ended') ended = watched.event;
  }
  const { outcome, reason, result = null } = ended ?? { outcome: null, reason: '' };
  if (summarised !== null) print.json({ run: summarised, outcome, reason, result });
  return outcome === 'done' ? 0 : 1;
}
