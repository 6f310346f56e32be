import { type PlannerApi, type WatchedEvent } from '@praxis/wire';
import type { RunId } from '@praxis/core';
import type { Printer } from '../print.js';
import { eventLine } from './event-line.js';
import { showLine, type Line } from './line.js';
import { boardLines, runLines } from './run-lines.js';
import { learnEvent, newModel, type RunModel } from './run-model.js';

/** Pause between two pictures: ten a second are smooth, and more would only keep a slow terminal busy. */
const FRAME_MS = 100;

/** How a board shows its runs: `live` redraws in place, `lines` writes what happened, `silent` only remembers. */
export type BoardMode = 'live' | 'lines' | 'silent';

/** What a board may be told about its looks. */
export interface BoardOptions {
  readonly mode: BoardMode;
  /** In `lines`: also each step. */
  readonly hasSteps?: boolean;
  readonly clock?: () => number;
}

/**
 * Shows runs while they go on.
 *
 * board.1 A picture never has more lines than the window, so that moving the cursor up always finds its first line.
 * board.2 After `close` the last picture stays, and nothing more is written.
 */
export class Board {
  readonly #models = new Map<RunId, RunModel>();
  #footer: readonly Line[] = [];
  #drawn = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #clock: () => number;

  constructor(
    private readonly print: Printer,
    private readonly options: BoardOptions,
  ) {
    this.#clock = options.clock ?? Date.now;
    if (options.mode === 'live') this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  /** The runs as far as they are known. */
  get models(): readonly RunModel[] {
    return [...this.#models.values()];
  }

  /** Takes in one event of a run. */
  learn(run: RunId, watched: WatchedEvent): void {
    const model = learnEvent(this.#models.get(run) ?? newModel(run), watched);
    this.#models.set(run, model);
    const line = this.options.mode === 'lines' ? eventLine(model.name, watched, this.options.hasSteps === true) : null;
    if (line !== null) this.print.line(line);
  }

  /** Makes room for a run before its first event. */
  expect(run: RunId, name: string): void {
    if (!this.#models.has(run)) this.#models.set(run, newModel(run, name));
  }

  /** Lines below the runs. */
  setFooter(lines: readonly Line[]): void {
    this.#footer = lines;
  }

  /** Leaves the final picture: one line per run. */
  close(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#write(this.models.flatMap((m) => runLines(m, 'head', this.#clock())));
  }

  #draw(): void {
    // One row stays free for the cursor.
    this.#write(boardLines(this.models, this.#footer, this.print.rows - 1, this.#clock()));
  }

  #write(lines: readonly Line[]): void {
    const { columns, paint } = this.print;
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    // Every line ends by clearing what an older picture had there; clearing first would flicker.
    const text = lines.map((line) => `${showLine(line, columns - 1, paint)}\u001b[K\n`).join('');
    this.print.raw(`${up}\r${text}\u001b[J`);
    this.#drawn = lines.length;
  }
}

/** Follows a run to its end, or until the signal. */
export async function followRun(
  planner: Pick<PlannerApi, 'watch'>,
  run: RunId,
  board: Board,
  signal: AbortSignal,
): Promise<void> {
  for await (const watched of planner.watch(run, {}, signal)) {
    board.learn(run, watched);
  }
}
