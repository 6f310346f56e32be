import { setTimeout as sleep } from 'node:timers/promises';
import {
  PraxisError,
  answerShortage,
  faultPoint,
  fold,
  foldOn,
  next,
  endWithResult,
  runEvents,
  runStream,
  timeLimits,
  type Command,
  type Run,
  type RunEvent,
  type RunId,
  type TimedRunEvent,
} from '@praxis/core';
import { loopShare } from '@praxis/platform';
import { resolveValue } from '@praxis/expressions';
import { LOST_TOO_OFTEN } from '@praxis/store';
import { laneShortage } from './lane-shortage.js';
import type { PlannerParts } from './parts.js';
import { readSubgoals, type SubgoalStanding } from './read-subgoal.js';
import { RunTracer } from './tracing/run-tracer.js';
import { TurnWork, asksModels, type Ledger, type TurnCommand } from './turn-work.js';
import { Turns } from './turns.js';

/** A pass waits so long for a turn before it goes on without it: what ends at once needs no second pass. */
const HAND_OVER_MS = 100;

/**
 * The heart of the planner: one pass over a run.
 *
 * advance.1 Every cause only leads here (S2); a pass reads everything anew and may be repeated at any time.
 * advance.2 What is written is fenced by the position that was read; a pass that lost the race stops, the winner goes
 *           on (S1).
 * advance.3 A job is added only after the event that justifies it, and again by any later pass while it is still
 *           needed.
 * advance.4 An error that trying again cannot mend ends the run with its message; any other leaves the run as it is,
 *           for later.
 * advance.5 A subgoal that waits for people has no job until one of them has answered or the run is cancelled (S6); one
 *           that waits for a time has none before that, unless a person asks to try again.
 * advance.6 A pass waits for nobody: opening and planning are turns, which it begins and leaves. While a run has a
 *           turn, a pass writes only what the clock says; a run that is to end waits until its turn has stopped, so
 *           that all it spent is told.
 * advance.7 Causes that come while a pass of the run is under way here lead to one more round of it, however many they
 *           are.
 */
export class Advance {
  readonly #stories: RunTracer;
  /** Runs whose passes are under way here, and whether another cause came meanwhile. */
  readonly #passing = new Map<RunId, { again: boolean }>();
  private readonly turns: Turns;
  private readonly work: TurnWork;

  constructor(private readonly parts: PlannerParts) {
    this.#stories = new RunTracer(parts);
    this.turns = new Turns(parts);
    this.work = new TurnWork(parts);
  }

  /** Moves a run on as far as it goes without a turn; a turn that is begun goes on by itself (advance.6). */
  async wake(run: RunId, signal: AbortSignal): Promise<void> {
    const passing = this.#passing.get(run);
    if (passing) return void (passing.again = true);
    const own = { again: true };
    this.#passing.set(run, own);
    try {
      while (own.again) {
        own.again = false;
        const turn = await this.round(run, signal).catch((thrown: unknown) => {
          // Whoever else wanted the run has left it to this pass.
          if (!own.again) throw thrown;
          return null;
        });
        if (turn) this.turns.leave(run, turn.done);
      }
    } finally {
      this.#passing.delete(run);
    }
  }

  /** Moves a run on until it waits for others or is over, turns included. */
  async pass(run: RunId, signal: AbortSignal): Promise<void> {
    for (let turn = await this.round(run, signal); turn !== null; turn = await this.round(run, signal)) await turn.done;
  }

  /** Waits for the turns that are under way; whoever stops the process has aborted them. */
  settled(): Promise<void> {
    return this.turns.settled();
  }

  /**
   * Harvests what has ended and carries out what `next` says, until the run waits or is over; gives the turn that it
   * leaves under way.
   */
  private async round(run: RunId, signal: AbortSignal): Promise<Extract<Step, { kind: 'turn' }> | null> {
    for (let ledger = await this.open(run); ;) {
      const state = fold(ledger.history.map((h) => h.event));
      if (!state || state.ended) return null;
      const move = await this.moves(ledger, state, signal);
      if (move.kind === 'turn') {
        if (!(await endsWithin(move.done, HAND_OVER_MS))) return move;
        ledger = await this.open(run);
      } else if (move.events.length === 0) return null;
      else {
        await ledger.write(move.events);
        await this.work.watchClock(ledger, move.events);
      }
    }
  }

  /** What is to be written now: what the clock says, then what has ended, then what is short, then what `next` says. */
  private async moves(ledger: Ledger, state: Run, signal: AbortSignal): Promise<Step> {
    const { due } = timeLimits(state, ledger.history, this.parts.clock.now());
    if (due) return write(due);
    const standings = await readSubgoals(ledger.run, state, this.parts.store.journal, this.parts.clock.now());
    const ended = standings.filter((s) => s.settled !== null);
    if (ended.length > 0) {
      await this.reflect(ended, state);
      return write(...ended.map((s) => s.settled!));
    }
    const answer = state.cancelling === null ? answerShort(ledger.run, state, standings) : null;
    if (answer) return write(answer);
    const [command] = next(state);
    if (command?.kind === 'dispatch') return write(...dispatches(state));
    if (command) return this.carryOut(ledger, state, command, signal);
    await this.addJobs(state, standings);
    const shortage = await laneShortage({ state, standings, history: ledger.history }, this.parts);
    return shortage === null ? write() : write(shortage);
  }

  private async open(run: RunId): Promise<Ledger> {
    const { journal } = this.parts.store;
    const history: TimedRunEvent[] = [];
    const share = loopShare();
    for (const stored of await journal.read(runStream(run))) {
      history.push({ event: runEvents.decode(stored), at: stored.at });
      await share();
    }
    const story = this.#stories.of(run, [...history]);
    const write = async (fresh: readonly RunEvent[]): Promise<void> => {
      await journal.append(
        runStream(run),
        history.length,
        fresh.map((e) => runEvents.encode(e)),
      );
      if (fresh.some((e) => e.type === 'settled')) await faultPoint('planner.after-settled');
      if (fresh.some((e) => e.type === 'dispatched')) await faultPoint('planner.after-dispatched');
      const at = this.parts.clock.now();
      history.push(...fresh.map((event) => ({ event, at })));
      await story.tell(fresh);
    };
    await faultPoint('planner.after-read');
    return { run, history, write };
  }

  /** Adds the job of every dispatched subgoal that has something to do (advance.3, advance.5). */
  private async addJobs(state: Run, standings: readonly SubgoalStanding[]): Promise<void> {
    const isHeld = state.cancelling === null && (state.paused !== null || state.overtime);
    if (isHeld) return;
    for (const { subgoal, lane, isParked } of standings) {
      if (!isParked || state.cancelling !== null) await this.parts.queues.add('execute', { subgoal }, { lane });
    }
  }

  private async reflect(ended: readonly SubgoalStanding[], state: Run): Promise<void> {
    if (!state.goal.archive.learn) return;
    for (const { settled, subgoal } of ended)
      if (settled!.failedSteps > 0) await this.parts.queues.add('reflect', { subgoal });
  }

  private async carryOut(
    ledger: Ledger,
    state: Run,
    command: Exclude<Command, { kind: 'dispatch' }>,
    signal: AbortSignal,
  ): Promise<Step> {
    switch (command.kind) {
      case 'open':
      case 'plan':
      case 'check':
        return this.takeTurn(ledger, state, command, signal);
      case 'ask':
        return write({ type: 'asked', question: command.question });
      case 'end':
        // Only what a person or the clock ended can have a turn: the others come out of one.
        if (command.outcome !== 'done' && (await this.turns.isTaken(ledger.run))) return write();
        return write(
          ...(await this.work.unpaid(ledger.run, state)),
          this.ended(ledger.run, endWithResult(state, command, resolveValue)),
        );
    }
  }

  /** Begins to open the world or to plan, where nobody is at it. */
  private async takeTurn(ledger: Ledger, state: Run, command: TurnCommand, stopping: AbortSignal): Promise<Step> {
    const { run, history } = ledger;
    const lost = command.kind === 'plan' && command.reason === 'repair' ? await this.parts.store.leases.lostBy(run) : 0;
    if (lost >= LOST_TOO_OFTEN) return write(this.parked(run, 'a subgoal', lost));
    const { nextAt } = timeLimits(state, history, this.parts.clock.now());
    const begun = await this.turns.begin({
      run,
      kind: asksModels(state, command) ? 'model' : 'search',
      seen: history.length,
      nextMs: nextAt === null ? null : Math.max(1, nextAt - this.parts.clock.now()),
      stopping,
      work: (signal) => this.work.do({ ledger, state, command, signal }),
    });
    switch (begun.kind) {
      case 'begun':
        return { kind: 'turn', done: begun.done };
      case 'taken':
        return write();
      case 'stale':
        throw new PraxisError('conflict', `The run ${run} was moved on meanwhile.`);
      case 'lost':
        return write(this.parked(run, WORDS[command.kind], begun.times));
    }
  }

  private ended(run: RunId, end: Omit<Extract<RunEvent, { type: 'ended' }>, 'type'>): RunEvent {
    this.parts.log.info('run ended', { run, outcome: end.outcome });
    return { type: 'ended', ...end };
  }

  /** What ends its service is not taken up again before a person says so. */
  private parked(run: RunId, what: string, times: number): RunEvent {
    const reason = `${what} was begun ${times} times, and each time the service that worked on it ended before anything came of it`;
    this.parts.log.error('a run ends its services and is paused', { run, reason });
    return {
      type: 'paused',
      by: 'planner',
      reason: `${reason}; look at the log of the services, then go on with \`praxis resume ${run}\`, or cancel the run and submit its goal with smaller bounds`,
    };
  }
}

/** What a pass does next: it writes events, or waits for a turn. */
type Step =
  | { readonly kind: 'write'; readonly events: readonly RunEvent[] }
  | { readonly kind: 'turn'; readonly done: Promise<void> };
const write = (...events: readonly RunEvent[]): Step => ({ kind: 'write', events });

async function endsWithin(done: Promise<void>, ms: number): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([done.then(() => true), sleep(ms, false, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}

const WORDS = { open: 'the opening', plan: 'the planning', check: 'the check of the goal' } as const;

/** All that can be dispatched now; each takes its share of what the one before has left. */
function dispatches(run: Run): readonly RunEvent[] {
  const fresh: RunEvent[] = [];
  for (let state = run; ;) {
    const [command] = next(state);
    if (command?.kind !== 'dispatch') return fresh;
    const event: RunEvent = {
      type: 'dispatched',
      node: command.node.id,
      attempt: command.attempt,
      allowance: command.allowance,
    };
    fresh.push(event);
    state = foldOn(state, [event]);
  }
}

/** The first subgoal that is short of budget and can be told something. */
function answerShort(run: RunId, state: Run, standings: readonly SubgoalStanding[]): RunEvent | null {
  const short = standings.flatMap(({ node, open, isParked }) =>
    isParked ? open.filter((q) => q.kind === 'budget').map((question) => ({ node, question })) : [],
  );
  const atWork = standings.filter((s) => !s.isParked).length;
  for (const each of short) {
    const answer = answerShortage(state, run, each, atWork > 0);
    if (answer) return answer;
  }
  return null;
}
