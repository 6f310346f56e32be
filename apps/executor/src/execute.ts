import { randomUUID } from 'node:crypto';
import {
  ERROR_TABLE,
  PraxisError,
  faultPoint,
  fold,
  parseSubgoalId,
  runEvents,
  rulesIn,
  runStream,
  stepEvents,
  subgoalStream,
  taintOf,
  toolsOf,
  type Answer,
  type EndedEvent,
  type Rules,
  type Run,
  type RunId,
  type StepEvent,
  type SubgoalId,
} from '@praxis/core';
import type { SkillCatalog } from '@praxis/actions';
import { resumeWorld } from '@praxis/environments';
import { LOST_TOO_OFTEN } from '@praxis/store';
import { findPinned, interpret, watchRun, type RunWatch } from '@praxis/strategy';
import { forcedStep, readAssignment, type Assignment } from './subgoal/assignment.js';
import { traceAttempt } from './subgoal/attempt.js';
import { judgingFor } from './deciding/judging-for.js';
import { modelPolicyFor } from './deciding/model-policy-for.js';
import { SearchPolicy } from './deciding/search-policy.js';
import { earlierAttempts } from './subgoal/earlier-attempts.js';
import { otherSubgoals } from './subgoal/other-subgoals.js';
import { handlersOf } from './subgoal/handlers.js';
import { NO_HANDS, type Away } from './subgoal/hands.js';
import { noteBlocked } from './note-blocked.js';
import { openingOf, workOf } from './subgoal/opening.js';
import { catalogOf, type ExecutorParts } from './parts.js';

/**
 * The heart of the executor: one job is one subgoal.
 *
 * execute.1 A job is a wake-up (S2): whether there is work, and which, is read from the journal.
 * execute.2 The subgoal's stream has one writer at a time; whoever loses a race for it stops without a trace (S1).
 * execute.3 A subgoal always ends: an error that trying again cannot mend ends it as failed, with the message as
 *           reason.
 * execute.4 A user's cancel reaches the action under way; a pause or a stop of the process leaves the subgoal to be
 *           resumed.
 * execute.5 A subgoal that waits for people, or for a time, is let go of; its job comes back with their answers, or
 *           when it is due.
 * execute.6 A run that is pinned to a version of a strategy which is not here is left to an executor that has it (S9).
 * execute.7 A subgoal whose executors ended so often in a row, with nothing written, is not taken up again.
 */
export class Execute {
  readonly #busy = new Set<SubgoalId>();

  private readonly catalog: SkillCatalog;

  constructor(private readonly parts: ExecutorParts) {
    this.catalog = catalogOf(parts);
  }

  /** Subgoals under way here. */
  get busy(): readonly SubgoalId[] {
    return [...this.#busy];
  }

  /** Works on a subgoal until it ends, and wakes the planner. */
  async work(subgoal: SubgoalId, stopping: AbortSignal, away: Away = NO_HANDS): Promise<void> {
    const assignment = await readAssignment(subgoal, this.parts.store.journal);
    if (!assignment) return;
    const claim = {
      key: subgoal,
      run: assignment.runId,
      holder: randomUUID(),
      position: (await this.parts.store.journal.read(subgoalStream(subgoal))).length,
    };
    const lost = await this.parts.store.leases.begin(claim);
    if (lost >= LOST_TOO_OFTEN) return this.refuse(assignment, lost);
    this.#busy.add(subgoal);
    const { feed } = this.parts.store;
    const watch = watchRun({
      run: assignment.runId,
      from: assignment.events.length,
      feed,
      log: this.parts.log,
      stopping,
    });
    let due: number | null = null;
    try {
      const work = async (): Promise<void> => void (due = await this.run(assignment, watch, away));
      await traceAttempt({ subgoal, by: this.parts.name, journal: this.parts.store.journal }, work);
    } catch (thrown) {
      await this.giveUp(assignment, PraxisError.from(thrown));
    } finally {
      watch.stop();
      this.#busy.delete(subgoal);
      await this.parts.store.leases
        .end(claim)
        .catch((err: unknown) => this.parts.log.debug('the end of the work could not be noted', { subgoal, err }));
    }
    await faultPoint('executor.after-ended');
    await this.wakePlanner(assignment.runId, due);
  }

  /**
   * What waits for a time alone is nothing for the planner before that; a wake-up that is lost is sent again by the sweep.
   */
  private async wakePlanner(run: RunId, due: number | null): Promise<void> {
    const delay = due === null ? {} : { delayMs: Math.max(1, due - this.parts.clock.now() + 1) };
    await this.parts.queues.add('advance', { run }, delay);
  }

  /** Ends a subgoal that service after service did not survive (execute.7); the planner ends its run. */
  private async refuse(assignment: Assignment, lost: number): Promise<void> {
    const reason = `it was begun ${lost} times, and each time the service that worked on it ended before anything came of it; look at the log of the executors`;
    await this.giveUp(assignment, new PraxisError('invalid', reason));
    await this.parts.queues.add('advance', { run: assignment.runId });
  }

  /** Until when the subgoal waits, where it waits for a time and for nobody; otherwise null. */
  private async run(assignment: Assignment, { signal, hold }: RunWatch, away: Away): Promise<number | null> {
    const { subgoal, runId, run, node } = assignment;
    const opened = run.opened!;
    const cancelled = run.cancelling && AbortSignal.abort(new PraxisError('cancelled', run.cancelling.reason));
    await faultPoint('executor.before-open');
    const world = await this.parts.worlds.get(run.goal.world);
    const session = await resumeWorld(
      { goal: run.goal, session: opened.session, run: runId, journal: this.parts.store.journal },
      this.parts.worlds,
    );
    const { goal } = run;
    const rules = rulesIn(opened);
    const info = await world.describe();
    const end = await interpret({
      stream: subgoalStream(subgoal),
      subgoal,
      journal: this.parts.store.journal,
      strategy: (this.parts.findStrategy ?? findPinned)(goal.strategy, 'acting', opened.versions.acting),
      handlers: await handlersOf({
        session,
        info,
        rules,
        policy: rules && this.searchPolicy(rules, assignment),
        modelPolicy: await modelPolicyFor(assignment, this.parts, away),
        artifacts: this.parts.store.artifacts,
        judging: await judgingFor(assignment, this.parts),
        given: { seed: goal.seed, ...workOf(run, node) },
        catalog: this.catalog,
      }),
      signal: cancelled ?? signal,
      hold,
      rules: {
        deployment: opened.approvals,
        goal: goal.approvals,
        world: goal.world,
        tenant: goal.tenant,
        now: () => this.parts.clock.now(),
      },
      forced: forcedStep(run, node.id, parseSubgoalId(subgoal)!.attempt),
      attempts: await earlierAttempts(assignment, this.parts.store.journal),
      elsewhere: otherSubgoals(assignment, this.parts.store.journal),
      retries: run.retries,
      now: () => this.parts.clock.now(),
      opening: async () => openingOf(assignment, session, this.parts.name),
      answers: async (questions) => this.answers(runId, questions),
    });
    return this.left(assignment, end);
  }

  /** Searches by the rules that the world tells. */
  private searchPolicy(rules: Rules, { runId, run }: Assignment): SearchPolicy {
    const { agents, denied = [] } = run.opened!;
    return new SearchPolicy({
      ...rules,
      agents,
      tools: toolsOf(run),
      taint: taintOf(run),
      evaluated: run.goal.budget.evaluated,
      denied,
      turn: runId,
      plan: this.parts.search,
    });
  }

  /** How a subgoal was let go of; gives until when it waits, where it waits for a time and for nobody. */
  private async left(
    { subgoal, runId: run }: Pick<Assignment, 'subgoal' | 'runId'>,
    end: EndedEvent | null,
  ): Promise<number | null> {
    const { log } = this.parts;
    if (end !== null) log.info('subgoal ended', { run, subgoal, outcome: end.outcome });
    const parked = end === null ? await this.parkedAt(subgoal) : null;
    if (end === null && parked?.until === undefined) log.info('subgoal waits for people', { run, subgoal });
    if (parked?.until === undefined) return null;
    log.info('subgoal waits before it tries again', { run, subgoal, until: parked.until });
    return parked.questions.length === 0 ? parked.until : null;
  }

  /** The event with which a subgoal was parked; null where that is not how it stands. */
  private async parkedAt(subgoal: SubgoalId): Promise<Extract<StepEvent, { type: 'parked' }> | null> {
    const last = (await this.parts.store.journal.read(subgoalStream(subgoal))).at(-1);
    const event = last && stepEvents.decode(last);
    return event?.type === 'parked' ? event : null;
  }

  private async answers(run: RunId, questions: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
    const state = fold((await this.parts.store.journal.read(runStream(run))).map((e) => runEvents.decode(e)));
    return new Map([...(state?.answers ?? [])].filter(([question]) => questions.includes(question)));
  }

  private async isWorldLost({ goal, opened }: Run): Promise<boolean> {
    const world = await this.parts.worlds.get(goal.world);
    return world.resume(opened!.session).then(
      () => false,
      (thrown: unknown) => PraxisError.from(thrown).code === 'missing',
    );
  }

  private async giveUp({ subgoal, run }: Assignment, error: PraxisError): Promise<void> {
    if (error.code === 'missing' && (await this.isWorldLost(run)))
      throw new PraxisError(
        'unavailable',
        'The world was lost meanwhile; it is brought back when the subgoal is taken up again.',
        { cause: error },
      );
    if (error.code === 'conflict') return this.parts.log.info('somebody else holds the subgoal', { subgoal });
    if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') {
      await noteBlocked(subgoal, error, this.parts);
      throw error;
    }
    this.parts.log.error('the subgoal cannot go on', { subgoal, err: error });
    const stream = subgoalStream(subgoal);
    const position = (await this.parts.store.journal.read(stream)).length;
    await this.parts.store.journal.append(stream, position, [
      stepEvents.encode({ type: 'ended', outcome: 'failed', reason: error.message, result: null }),
    ]);
  }
}
