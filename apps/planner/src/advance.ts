import {
  ERROR_TABLE,
  PraxisError,
  fold,
  makeSubgoalId,
  next,
  readTrajectory,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type Command,
  type NodeId,
  type Run,
  type RunEvent,
  type RunId,
  type StepEvent,
} from '@praxis/core';
import type { HorizonResult } from '@praxis/strategy';
import { openRun } from './open-run.js';
import type { PlannerParts } from './parts.js';
import { planRun } from './planning/plan-run.js';
import { RunStories } from './run-story.js';

/**
 * The heart of the planner: one pass over a run.
 *
 * A1 Every cause only leads here (S2); a pass reads everything anew and may be repeated at any time.
 * A2 What is written is fenced by the position that was read; a pass that lost the race stops, the winner goes on (S1).
 * A3 A job is added only after the event that justifies it, and again by any later pass while it is still needed.
 * A4 An error that trying again cannot mend ends the run with its message; any other leaves the run as it is, for later.
 */
export class Advance {
  readonly #stories: RunStories;

  constructor(private readonly parts: PlannerParts) {
    this.#stories = new RunStories(parts);
  }

  /** Harvests what has ended and carries out what `next` says, until the run waits or is over. */
  async pass(run: RunId, signal: AbortSignal): Promise<void> {
    const history = (await this.parts.store.journal.read(runStream(run))).map((e) => ({ event: runEvents.decode(e), at: e.at }));
    const events = history.map((h) => h.event);
    const story = this.#stories.of(run, history);
    const write = async (fresh: readonly RunEvent[]): Promise<void> => {
      await this.parts.store.journal.append(runStream(run), events.length, fresh.map((e) => runEvents.encode(e)));
      events.push(...fresh);
      await story.tell(fresh);
    };
    for (;;) {
      let state = fold(events);
      if (!state || state.ended) return;
      const harvest = await this.harvest(run, state);
      if (harvest.length > 0) {
        await write(harvest.map((h) => h.event));
        for (const { event, subgoal } of harvest) if (event.failedSteps > 0 && state.goal.archive.learn) await this.parts.queues.add('reflect', { subgoal });
        state = fold(events)!;
      }
      const commands = next(state);
      if (commands.length === 0) return;
      for (const command of commands) await write(await this.carryOut(run, state, command, signal).catch(endOfRun));
      await this.hint(run, fold(events)!);
    }
  }

  /** Adds the job of every dispatched subgoal that has not ended (A3). */
  private async hint(run: RunId, state: Run): Promise<void> {
    for (const node of state.plan?.nodes ?? []) {
      const at = state.nodes.get(node.id)!;
      if (at.status === 'dispatched') await this.parts.queues.add('execute', { subgoal: makeSubgoalId(run, node.id, at.attempt) }, { lane: node.lane });
    }
  }

  private async harvest(run: RunId, state: Run): Promise<{ event: Extract<RunEvent, { type: 'settled' }>; subgoal: string }[]> {
    const found = [];
    for (const [node, at] of state.nodes) {
      if (at.status !== 'dispatched') continue;
      const subgoal = makeSubgoalId(run, node, at.attempt);
      const events = (await this.parts.store.journal.read(subgoalStream(subgoal))).map((e) => stepEvents.decode(e));
      const event = settle(node, at.attempt, events);
      if (event) found.push({ event, subgoal });
      else if (events.length === 0 && state.cancelling !== null) found.push({ event: unstarted(node, at.attempt, state.cancelling), subgoal });
    }
    return found;
  }

  private async carryOut(run: RunId, state: Run, command: Command, signal: AbortSignal): Promise<readonly RunEvent[]> {
    const log = this.parts.log.child({ run });
    switch (command.kind) {
      case 'open':
        return [await openRun(run, state.goal, this.parts)];
      case 'plan':
        return [await planRun({ run, state, reason: command.reason, keep: command.keep, signal }, this.parts)];
      case 'dispatch':
        return [{ type: 'dispatched', node: command.node.id, attempt: command.attempt }];
      case 'check': {
        const session = await this.session(state);
        return [{ type: 'checked', holds: await session.check(state.opened!.condition) }];
      }
      case 'end':
        log.info('run ended', { outcome: command.outcome });
        return [{ type: 'ended', outcome: command.outcome, reason: command.reason }];
    }
  }

  private async session(state: Run) {
    if (!state.opened) throw new PraxisError('bug', 'The world of a run was asked for before it was open.');
    return (await this.parts.worlds.get(state.goal.world)).resume(state.opened.session);
  }
}

/** A4: what trying again cannot mend ends the run. */
function endOfRun(thrown: unknown): readonly RunEvent[] {
  const error = PraxisError.from(thrown);
  if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') throw error;
  return [{ type: 'ended', outcome: 'failed', reason: error.message }];
}

function settle(node: NodeId, attempt: number, events: readonly StepEvent[]): Extract<RunEvent, { type: 'settled' }> | null {
  const ended = events.at(-1);
  if (ended?.type !== 'ended') return null;
  // A subgoal that could not even be opened has an end and nothing else.
  const { steps, plans } = readTrajectory(events) ?? { steps: [], plans: 0 };
  const result = ended.result as unknown as HorizonResult | null;
  const failedSteps = steps.filter((s) => !s.result.ok).length;
  return {
    type: 'settled',
    node,
    attempt,
    outcome: ended.outcome,
    reason: ended.reason,
    steps: steps.length,
    failedSteps,
    replans: Math.max(0, plans - 1),
    toolsUsed: [...(result?.toolsUsed ?? [])],
    failures: [...(result?.failures ?? [])],
  };
}

function unstarted(node: NodeId, attempt: number, reason: string): Extract<RunEvent, { type: 'settled' }> {
  return { type: 'settled', node, attempt, outcome: 'cancelled', reason, steps: 0, failedSteps: 0, replans: 0, toolsUsed: [], failures: [] };
}
