import type { RunId } from '@praxis/core';
import { isLastEvent, type PlannerFace } from '@praxis/wire';
import type { Context } from './context.js';
import { Board, followRun } from './view/board.js';

/** Which run to watch, and how. */
export interface Watching {
  readonly planner: Pick<PlannerFace, 'watch'>;
  readonly run: RunId;
  readonly context: Pick<Context, 'print'>;
  /** Every event as a line of JSON. */
  readonly isJson: boolean;
}

/** Shows a run until it ends; 0 when it ended done, else 1. */
export async function watchToEnd({ planner, run, context: { print }, isJson }: Watching): Promise<number> {
  const signal = new AbortController().signal;
  if (isJson) {
    let outcome: string | null = null;
    for await (const watched of planner.watch(run, {}, signal)) {
      print.json(watched);
      if (isLastEvent(watched) && watched.event.type === 'ended') outcome = watched.event.outcome;
    }
    return outcome === 'done' ? 0 : 1;
  }
  const board = new Board(print, print.isTerminal ? { mode: 'live' } : { mode: 'lines', hasSteps: true });
  try {
    await followRun(planner, run, board, signal);
  } finally {
    board.close();
  }
  const ended = board.models[0]?.run?.ended;
  // The picture cuts what does not fit a line; why a run failed is worth several.
  if (ended && ended.outcome !== 'done' && print.isTerminal) print.line(`${ended.outcome}: ${ended.reason}`);
  return ended?.outcome === 'done' ? 0 : 1;
}
