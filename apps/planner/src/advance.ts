import {
  ERROR_TABLE,
  PraxisError,
  answerShortage,
  faultPoint,
  fold,
  foldOn,
  next,
  runEvents,
  runStream,
  timeLimits,
  type Command,
  type Run,
  type RunEvent,
  type RunId,
  type TimedRunEvent,
} from '@praxis/core';
import { checkGoal } from './check-goal.js';
import { openRun } from './open-run.js';
import type { PlannerParts } from './parts.js';
import { planRun } from './planning/plan-run.js';
import { readSubgoals, type SubgoalStanding } from './read-subgoal.js';
import { RunStories } from './run-story.js';

/** What the pass writes to and reads from: a run's events so far. */
interface Ledger {
  readonly run: RunId;
  readonly history: TimedRunEvent[];
  write(fresh: readonly RunEvent[]): Promise<void>;
}

/** After these events the clock has something new to say. */
const RESETS_CLOCK: ReadonlySet<RunEvent['type']> = new Set(['opened', 'resumed', 'answered', 'forked']);

/**
 * The heart of the planner: one pass over a run.
 *
 * A1 Every cause only leads here (S2); a pass reads everything anew and may be repeated at any time.
 * A2 What is written is fenced by the position that was read; a pass that lost the race stops, the winner goes on (S1).
 * A3 A job is added only after the event that justifies it, and again by any later pass while it is still needed.
 * A4 An error that trying again cannot mend ends the run with its message; any other leaves the run as it is, for later.
 * A5 A subgoal that waits for people has no job until one of them has answered or the run is cancelled (S6); one that waits
 *    for a time has none before that, unless a person asks to try again.
 */
export class Advance {
  readonly #stories: RunStories;

  constructor(private readonly parts: PlannerParts) {
    this.#stories = new RunStories(parts);
  }

  /** Harvests what has ended and carries out what `next` says, until the run waits or is over. */
  async pass(run: RunId, signal: AbortSignal): Promise<void> {
    const ledger = await this.open(run);
    await faultPoint('planner.after-read');
    for (;;) {
      const state = fold(ledger.history.map((h) => h.event));
      if (!state || state.ended) return;
      const fresh = await this.moves(ledger, state, signal);
      if (fresh.length === 0) return;
      await ledger.write(fresh);
      await this.watchClock(ledger, fresh);
    }
  }

  /** What is to be written now: what the clock says, then what has ended, then what is short, then what `next` says. */
  private async moves(ledger: Ledger, state: Run, signal: AbortSignal): Promise<readonly RunEvent[]> {
    const { due } = timeLimits(state, ledger.history, this.parts.clock.now());
    if (due) return [due];
    const standings = await readSubgoals(ledger.run, state, this.parts.store.journal, this.parts.clock.now());
    const ended = standings.filter((s) => s.settled !== null);
    if (ended.length > 0) {
      await this.reflect(ended, state);
      return ended.map((s) => s.settled!);
    }
    const answer = state.cancelling === null ? answerShort(ledger.run, state, standings) : null;
    if (answer) return [answer];
    const [command] = next(state);
    if (command?.kind === 'dispatch') return dispatches(state);
    if (command) return this.carryOut(ledger, state, command, signal).catch(endOfRun);
    await this.hint(state, standings);
    return [];
  }

  private async open(run: RunId): Promise<Ledger> {
    const { journal } = this.parts.store;
    const history = (await journal.read(runStream(run))).map((e): TimedRunEvent => ({ event: runEvents.decode(e), at: e.at }));
    const story = this.#stories.of(run, [...history]);
    const write = async (fresh: readonly RunEvent[]): Promise<void> => {
      await journal.append(runStream(run), history.length, fresh.map((e) => runEvents.encode(e)));
      if (fresh.some((e) => e.type === 'settled')) await faultPoint('planner.after-settled');
      if (fresh.some((e) => e.type === 'dispatched')) await faultPoint('planner.after-dispatched');
      const at = this.parts.clock.now();
      history.push(...fresh.map((event) => ({ event, at })));
      await story.tell(fresh);
    };
    return { run, history, write };
  }

  /** Adds the job of every dispatched subgoal that has something to do (A3, A5). */
  private async hint(state: Run, standings: readonly SubgoalStanding[]): Promise<void> {
    const isHeld = state.cancelling === null && (state.paused !== null || state.overtime);
    if (isHeld) return;
    for (const { subgoal, lane, isParked } of standings) {
      if (!isParked || state.cancelling !== null) await this.parts.queues.add('execute', { subgoal }, { lane });
    }
  }

  /** A pass is wanted when the run's time is over; where the hint is lost, the sweep finds the run. */
  private async watchClock(ledger: Ledger, fresh: readonly RunEvent[]): Promise<void> {
    if (!fresh.some((e) => RESETS_CLOCK.has(e.type))) return;
    const now = this.parts.clock.now();
    const { nextAt } = timeLimits(fold(ledger.history.map((h) => h.event))!, ledger.history, now);
    if (nextAt !== null) await this.parts.queues.add('advance', { run: ledger.run }, { delayMs: Math.max(1, nextAt - now + 1) });
  }

  private async reflect(ended: readonly SubgoalStanding[], state: Run): Promise<void> {
    if (!state.goal.archive.learn) return;
    for (const { settled, subgoal } of ended) if (settled!.failedSteps > 0) await this.parts.queues.add('reflect', { subgoal });
  }

  private async carryOut({ run, history }: Ledger, state: Run, command: Exclude<Command, { kind: 'dispatch' }>, signal: AbortSignal): Promise<readonly RunEvent[]> {
    switch (command.kind) {
      case 'open':
        return openRun(run, state, this.parts, signal);
      case 'plan': {
        const planned = await planRun({ run, state, reason: command.reason, keep: command.keep, deadline: deadlineOf(state, history), signal }, this.parts);
        await faultPoint('planner.before-planned');
        return planned;
      }
      case 'check':
        return [await checkGoal({ run, state, deadline: deadlineOf(state, history), signal }, this.parts)];
      case 'ask':
        return [{ type: 'asked', question: command.question }];
      case 'end':
        this.parts.log.info('run ended', { run, outcome: command.outcome });
        return [{ type: 'ended', outcome: command.outcome, reason: command.reason }];
    }
  }
}

/** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
function deadlineOf({ goal }: Run, [accepted]: readonly TimedRunEvent[]): number | null {
  return goal.deadlineMs === null || !accepted ? null : accepted.at + goal.deadlineMs;
}

/** All that can be dispatched now; each takes its share of what the one before has left. */
function dispatches(run: Run): readonly RunEvent[] {
  const fresh: RunEvent[] = [];
  for (let state = run; ; ) {
    const [command] = next(state);
    if (command?.kind !== 'dispatch') return fresh;
    const event: RunEvent = { type: 'dispatched', node: command.node.id, attempt: command.attempt, allowance: command.allowance };
    fresh.push(event);
    state = foldOn(state, [event]);
  }
}

/** The first subgoal that is short of budget and can be told something. */
function answerShort(run: RunId, state: Run, standings: readonly SubgoalStanding[]): RunEvent | null {
  const short = standings.flatMap(({ node, open, isParked }) => (isParked ? open.filter((q) => q.kind === 'budget').map((question) => ({ node, question })) : []));
  const atWork = standings.filter((s) => !s.isParked).length;
  for (const each of short) {
    const answer = answerShortage(state, run, each, atWork > 0);
    if (answer) return answer;
  }
  return null;
}

/** A4: what trying again cannot mend ends the run. */
function endOfRun(thrown: unknown): readonly RunEvent[] {
  const error = PraxisError.from(thrown);
  if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') throw error;
  return [{ type: 'ended', outcome: 'failed', reason: error.message }];
}
