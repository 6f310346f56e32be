import {
  ERROR_TABLE,
  NO_COST,
  PraxisError,
  addCosts,
  costOf,
  countModelCalls,
  faultPoint,
  fold,
  nextPlanVersion,
  planningStream,
  spentOf,
  stepEvents,
  timeLimits,
  type Command,
  type Run,
  type RunEvent,
  type RunId,
  type TimedRunEvent,
  type KeptThought,
} from '@praxis/core';
import { findPreset } from '@praxis/strategy';
import { checkGoal } from './goals/check-goal.js';
import { changeRun } from './change-run.js';
import { openRun } from './goals/open-run.js';
import type { PlannerParts } from './parts.js';
import { planRun } from './planning/plan-run.js';

/** What the pass writes to and reads from: a run's events so far. */
export interface Ledger {
  readonly run: RunId;
  readonly history: TimedRunEvent[];
  write(fresh: readonly RunEvent[]): Promise<void>;
}

/** What takes a turn: it asks the world, models or a search. */
export type TurnCommand = Extract<Command, { kind: 'open' | 'plan' | 'check' }>;

/** One turn of a run. */
export interface TurnTask {
  readonly ledger: Ledger;
  readonly state: Run;
  readonly command: TurnCommand;
  readonly signal: AbortSignal;
}

/** After these events the clock has something new to say. */
const RESETS_CLOCK: ReadonlySet<RunEvent['type']> = new Set(['opened', 'resumed', 'answered', 'forked']);

/** What a turn does: opens a run's world, plans it, or asks whether its goal holds. */
export class TurnWork {
  constructor(private readonly parts: PlannerParts) {}

  /** Does it and writes what it gives, and what it spent in vain too (advance.4, advance.6). */
  async do({ ledger, state, command, signal }: TurnTask): Promise<void> {
    try {
      const events = await this.events({ ledger, state, command, signal });
      if (command.kind === 'plan') await faultPoint('planner.before-planned');
      await this.conclude(ledger, state, events);
    } catch (thrown) {
      const lost = command.kind === 'open' ? spentOf(thrown) : null;
      const spent: readonly RunEvent[] =
        lost === null
          ? []
          : [
              {
                type: 'spent',
                on: 'opening',
                modelCalls: lost.calls,
                spent: { ...NO_COST, ...lost },
                ...callOf(thrown),
              },
            ];
      if (signal.aborted) {
        await this.account(ledger, spent);
        throw thrown;
      }
      const code = PraxisError.from(thrown).code;
      if (ERROR_TABLE[code].retry !== 'never' || code === 'cancelled') {
        await this.account(ledger, spent);
        throw thrown;
      }
      await this.conclude(ledger, state, [...spent, ...endOfRun(thrown)]);
    }
  }

  /** Writes what a turn came to; where it came too late, only what it cost. */
  private async conclude(ledger: Ledger, state: Run, events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const isOver = events.some((e) => e.type === 'ended');
    if (isOver) this.parts.log.info('run ended', { run: ledger.run, outcome: 'failed' });
    try {
      await ledger.write([...(isOver ? await this.unpaid(ledger.run, state) : []), ...events]);
      await this.watchClock(ledger, events);
    } catch (thrown) {
      // A plan is in its stream and is not made again; what an opening cost would be lost.
      if (PraxisError.from(thrown).code === 'conflict') await this.account(ledger, events.flatMap(paidInVain));
      throw thrown;
    }
  }

  /** Writes what was spent in vain behind whatever was written meanwhile; nothing where the run has ended. */
  private async account({ run }: Ledger, spent: readonly RunEvent[]): Promise<void> {
    if (spent.length > 0) await changeRun(run, this.parts, (state) => (state.ended ? [] : spent));
  }

  /** What the planning under way has cost; of a run that ends without its plan, nobody else tells it. */
  async unpaid(run: RunId, state: Run): Promise<readonly RunEvent[]> {
    if (!state.opened || !findPreset(state.goal.strategy).asksModels) return [];
    const events = (await this.parts.store.journal.read(planningStream(run, nextPlanVersion(state)))).map((e) =>
      stepEvents.decode(e),
    );
    const spent = events.map(costOf).reduce(addCosts, NO_COST);
    return spent.calls === 0
      ? []
      : [{ type: 'spent', on: 'planning', modelCalls: countModelCalls(events).modelCalls ?? 0, spent }];
  }

  /** A pass is wanted when the run's time is over; where the wake-up is lost, the sweep finds the run. */
  async watchClock(ledger: Ledger, fresh: readonly RunEvent[]): Promise<void> {
    if (!fresh.some((e) => RESETS_CLOCK.has(e.type))) return;
    const now = this.parts.clock.now();
    const { nextAt } = timeLimits(fold(ledger.history.map((h) => h.event))!, ledger.history, now);
    if (nextAt !== null)
      await this.parts.queues.add('advance', { run: ledger.run }, { delayMs: Math.max(1, nextAt - now + 1) });
  }

  private async events({ ledger: { run, history }, state, command, signal }: TurnTask): Promise<readonly RunEvent[]> {
    switch (command.kind) {
      case 'open':
        return openRun(run, state, this.parts, signal);
      case 'plan':
        return planRun(
          { run, state, reason: command.reason, keep: command.keep, deadline: deadlineOf(state, history), signal },
          this.parts,
        );
      case 'check':
        return [await checkGoal({ run, state, deadline: deadlineOf(state, history), signal }, this.parts)];
    }
  }
}

/** Whether models may be waited for: plans of a strategy that asks them, and goals in plain words. */
export function asksModels({ goal }: Run, { kind }: TurnCommand): boolean {
  if (kind === 'open') return goal.request !== '' && goal.condition === '';
  return kind === 'plan' && findPreset(goal.strategy).asksModels;
}

/** The conversation behind an error, where the error names it. */
function callOf(thrown: unknown): { readonly call?: KeptThought } {
  const { prompt, answer } = PraxisError.from(thrown).details;
  return typeof prompt === 'string' && typeof answer === 'string' ? { call: { prompt, answer } } : {};
}

/** What an event costs that could not be written. */
function paidInVain(event: RunEvent): readonly RunEvent[] {
  if (event.type === 'spent') return [event];
  return event.type === 'opened' && event.spent
    ? [
        {
          type: 'spent',
          on: 'opening',
          modelCalls: event.spent.calls,
          spent: event.spent,
          ...(event.call && { call: event.call }),
        },
      ]
    : [];
}

/** Milliseconds since 1970-01-01 UTC by which the run has to be over; null: never. */
function deadlineOf({ goal }: Run, [accepted]: readonly TimedRunEvent[]): number | null {
  return goal.deadlineMs === null || !accepted ? null : accepted.at + goal.deadlineMs;
}

/** advance.4: what trying again cannot mend ends the run. */
function endOfRun(thrown: unknown): readonly RunEvent[] {
  const error = PraxisError.from(thrown);
  if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') throw error;
  return [{ type: 'ended', outcome: 'failed', reason: error.message }];
}
