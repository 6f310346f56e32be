import { PraxisError } from '@praxis/core';
import type { Services } from '../compose/clients.js';
import type { Context } from '../context.js';
import type { BoardMode } from '../view/board.js';
import type { Backlog } from './settle.js';

/** What a demo is played with. */
export interface Stage {
  readonly services: Services;
  readonly context: Context;
  readonly backlog: Backlog;
  readonly mode: BoardMode;
  /** Whether files that the demo did not make may be replaced where it saves its own. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** Prints the headline of a part of the demo; nothing where the demo is silent. */
export function announce({ mode, context: { print } }: Pick<Stage, 'mode' | 'context'>, text: string): void {
  if (mode !== 'silent') print.line(print.paint(text, 'bold'));
}

/** A watch ends quietly when it is told to stop; the demo must not take that for the end of its runs. */
export function stopHere(signal: AbortSignal): void {
  if (signal.aborted) throw new PraxisError('cancelled', 'The demo was stopped.');
}
