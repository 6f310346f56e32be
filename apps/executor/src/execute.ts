import {
  ERROR_TABLE,
  PraxisError,
  fold,
  parseSubgoalId,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  toolsOf,
  type PlanNode,
  type Run,
  type SubgoalId,
} from '@praxis/core';
import { findPreset, interpret } from '@praxis/strategy';
import { tellAttempt } from './attempt.js';
import { watchForCancel } from './cancel.js';
import { SearchPolicy } from './deciding/search-policy.js';
import { handlersOf } from './handlers.js';
import type { ExecutorParts } from './parts.js';

/** A subgoal that is to be worked on, with the run it belongs to. */
interface Assignment {
  readonly subgoal: SubgoalId;
  readonly runId: string;
  readonly run: Run;
  readonly node: PlanNode;
}

/**
 * The heart of the executor: one job is one subgoal.
 *
 * E1 A job is a hint (S2): whether there is work, and which, is read from the journal.
 * E2 The subgoal's stream has one writer at a time; whoever loses a race for it stops without a trace (S1).
 * E3 A subgoal always ends: an error that trying again cannot mend ends it as failed, with the message as reason.
 * E4 A user's cancel reaches the action under way; a stop of the process leaves the subgoal to be resumed.
 */
export class Execute {
  readonly #busy = new Set<SubgoalId>();

  constructor(private readonly parts: ExecutorParts) {}

  /** Subgoals under way here. */
  get busy(): readonly SubgoalId[] {
    return [...this.#busy];
  }

  /** Works on a subgoal until it ends, and wakes the planner. */
  async work(subgoal: SubgoalId, stopping: AbortSignal): Promise<void> {
    const assignment = await this.read(subgoal);
    if (!assignment) return;
    this.#busy.add(subgoal);
    const cancel = watchForCancel(assignment.runId, this.parts, stopping);
    try {
      await tellAttempt({ subgoal, by: this.parts.name, journal: this.parts.store.journal }, () => this.run(assignment, cancel.signal));
    } catch (thrown) {
      await this.giveUp(subgoal, PraxisError.from(thrown));
    } finally {
      cancel.stop();
      this.#busy.delete(subgoal);
    }
    await this.parts.queues.add('advance', { run: assignment.runId });
  }

  /** Null where there is nothing to do, or no longer (E1). */
  private async read(subgoal: SubgoalId): Promise<Assignment | null> {
    const id = parseSubgoalId(subgoal);
    if (!id) return null;
    const run = fold((await this.parts.store.journal.read(runStream(id.run))).map((e) => runEvents.decode(e)));
    const node = run?.plan?.nodes.find((n) => n.id === id.node);
    const at = run?.nodes.get(id.node);
    if (!run || !node || run.ended || at?.status !== 'dispatched' || at.attempt !== id.attempt) return null;
    return { subgoal, runId: id.run, run, node };
  }

  private async run(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { subgoal, run, node } = assignment;
    const opened = run.opened!;
    const world = await this.parts.worlds.get(run.goal.world);
    const session = await world.resume(opened.session);
    const policy = new SearchPolicy({
      domain: opened.domain,
      problem: opened.problem,
      agents: opened.agents,
      tools: toolsOf(run),
      evaluated: run.goal.budget.evaluated,
      plan: this.parts.search,
    });
    const end = await interpret({
      stream: subgoalStream(subgoal),
      subgoal,
      journal: this.parts.store.journal,
      strategy: findPreset(run.goal.strategy).acting,
      handlers: await handlersOf({ session, info: await world.describe(), policy }),
      signal,
      opening: async () => {
        const { facts, numbers } = await session.observe();
        return {
          type: 'opened',
          by: this.parts.name,
          strategy: run.goal.strategy,
          state: { facts: [...facts], numbers: { ...numbers } },
          condition: node.post,
          owner: node.owner,
          limits: { steps: run.goal.budget.steps - run.steps, replans: run.goal.budget.replans },
          suggested: node.steps,
          avoid: [...run.failures],
          domain: opened.domainName,
        };
      },
    });
    this.parts.log.info('subgoal ended', { run: assignment.runId, subgoal, outcome: end.outcome });
  }

  private async giveUp(subgoal: SubgoalId, error: PraxisError): Promise<void> {
    if (error.code === 'conflict') return this.parts.log.info('somebody else holds the subgoal', { subgoal });
    if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') throw error;
    this.parts.log.error('the subgoal cannot go on', { subgoal, err: error });
    const stream = subgoalStream(subgoal);
    const position = (await this.parts.store.journal.read(stream)).length;
    await this.parts.store.journal.append(stream, position, [stepEvents.encode({ type: 'ended', outcome: 'failed', reason: error.message, result: null })]);
  }
}

