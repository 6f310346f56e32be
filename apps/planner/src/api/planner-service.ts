import {
  PraxisError,
  constraintsOf,
  digest,
  faultPoint,
  fold,
  makeRunId,
  runEvents,
  runStream,
  unknownRun,
  type Answer,
  type Cursor,
  type Goal,
  type Json,
  type RunEvent,
  type RunId,
  type RunSummary,
} from '@praxis/core';
import { loopShare, runSpan, spanContextOf, within } from '@praxis/platform';
import {
  isLastEvent,
  linkCall,
  readEvent,
  type ExplainRequest,
  type Explanation,
  type ForkRequest,
  type GcReport,
  type GcRequest,
  type OpenQuestion,
  type Overview,
  type PageRequest,
  type PlannerApi,
  type QuestionFilter,
  type Retried,
  type Rollback,
  type RunEnd,
  type RunFilter,
  type RunPage,
  type RunView,
  type Schedule,
  type WatchedEvent,
} from '@praxis/wire';
import { createHash } from 'node:crypto';
import { explain } from '../explain/explain.js';
import { acceptGoal } from '../goals/accept-goal.js';
import { refuseMoreRuns } from '../goals/caps.js';
import { withResolvedCondition } from '../goals/resolved-condition.js';
import { forkRun } from '../forking/fork-run.js';
import { ClusterOverview } from './overview.js';
import type { PlannerParts } from '../parts.js';
import { postponements } from './postponements.js';
import { QuestionService } from './question-service.js';
import { readSubgoals } from '../read-subgoal.js';
import { refuseImported } from './refuse-imported.js';
import { rollBack } from '../rollback/roll-back.js';
import { RunControl } from './run-control.js';
import { ScheduleService } from '../schedules/schedule-service.js';
import { waitForEnd } from './wait-for-end.js';
import { watchRuns } from './watch-runs.js';

/** The planner's questions: validate, append, enqueue `advance`; nothing else. */
export class PlannerService implements PlannerApi {
  readonly #overview: ClusterOverview;
  readonly #control: RunControl;
  readonly #desk: QuestionService;
  /** What ticks and the sweep are told to. */
  readonly scheduling: ScheduleService;

  constructor(
    private readonly parts: Pick<
      PlannerParts,
      | 'store'
      | 'queues'
      | 'worlds'
      | 'models'
      | 'archive'
      | 'executor'
      | 'newRunId'
      | 'clock'
      | 'log'
      | 'retention'
      | 'importBytes'
      | 'caps'
    >,
  ) {
    this.#overview = new ClusterOverview(parts);
    this.#control = new RunControl(parts);
    this.#desk = new QuestionService(parts);
    this.scheduling = new ScheduleService(parts, (goal, requestId) => this.submit(goal, requestId));
  }

  async submit(input: Goal, requestId: string | null): Promise<RunId> {
    const goal = await acceptGoal(input, this.parts);
    const { caps, store } = this.parts;
    const run = requestId === null ? this.parts.newRunId() : makeRunId(createHash('sha256').update(requestId).digest());
    // A request that came before has its run already, however many there are.
    const isNew = requestId === null || (await store.journal.read(runStream(run))).length === 0;
    if (caps && isNew) refuseMoreRuns(goal.tenant, await store.work.openRuns(goal.tenant, caps.openRuns), caps);
    // Its events were written elsewhere, perhaps before anybody asked for this goal.
    if (requestId !== null) await refuseImported(run, this.parts.store);
    linkCall(() => spanContextOf(runSpan(run)));
    const accept = (): Promise<number> =>
      this.parts.store.journal.append(runStream(run), 0, [runEvents.encode({ type: 'accepted', goal })]);
    await within(() => runSpan(run), accept).catch((error: unknown) => {
      // The same request came before: its run is the answer.
      if (requestId === null || PraxisError.from(error).code !== 'conflict') throw error;
      return this.refuseOtherGoal(run, goal);
    });
    await faultPoint('planner.after-accepted');
    await this.parts.queues.add('advance', { run });
    return run;
  }

  async get(run: RunId): Promise<RunView> {
    const known = await this.parts.store.runs.get(run);
    const state = fold(await this.events(run))!;
    const blocked =
      known.reason === '' && !state.ended
        ? (await readSubgoals(run, state, this.parts.store.journal, this.parts.clock.now())).flatMap(
            (s) => s.blocked ?? [],
          )
        : [];
    const summary = blocked.length === 0 ? known : { ...known, reason: blocked[0]! };
    return {
      summary,
      goal: withResolvedCondition(state),
      plan: state.plan,
      nodes: Object.fromEntries(state.nodes),
      tools: state.opened?.tools ?? [],
      constraints: constraintsOf(state),
      spent: state.spent,
      postponed: await postponements(run, this.parts),
      result: state.ended?.result ?? null,
      outputs: state.outputs,
    };
  }

  list(filter: RunFilter, page: PageRequest): Promise<RunPage> {
    return this.parts.store.runs.list(filter, page);
  }

  async *watch(run: RunId, after: Cursor, signal: AbortSignal): AsyncIterable<WatchedEvent> {
    const { journal, feed } = this.parts.store;
    const known = await journal.read(runStream(run));
    if (known.length === 0) throw unknownRun(run);
    const end = known.at(-1)!;
    if (isLastEvent(readEvent(end)) && (after[end.stream] ?? 0) > end.position) return;
    const share = loopShare();
    for await (const stored of feed.follow(run, after, signal)) {
      const watched = readEvent(stored);
      // What follows turns the event into a message, which takes as long again.
      await share();
      yield watched;
      // A run that failed may have been reopened since: then more follows.
      if (isLastEvent(watched) && (await journal.read(runStream(run))).length === watched.position + 1) return;
    }
  }

  wait(run: RunId, waitMs: number, signal: AbortSignal): Promise<RunEnd> {
    return waitForEnd(run, { ...this.parts, waitMs }, signal);
  }

  cancel(run: RunId, reason: string): Promise<void> {
    return this.#control.cancel(run, reason);
  }

  pause(run: RunId, reason: string): Promise<void> {
    return this.#control.pause(run, reason);
  }

  resume(run: RunId): Promise<void> {
    return this.#control.resume(run);
  }

  retry(run: RunId, by: string): Promise<Retried> {
    return this.#control.retry(run, by);
  }

  questions(filter: QuestionFilter): Promise<readonly OpenQuestion[]> {
    return this.#desk.list(filter);
  }

  answer(question: string, answer: Answer): Promise<void> {
    return this.#desk.answer(question, answer);
  }

  async fork(request: ForkRequest): Promise<RunId> {
    return forkRun(request, this.parts);
  }

  async explain(request: ExplainRequest): Promise<Explanation> {
    return explain(request, this.parts);
  }

  async rollback(run: RunId): Promise<Rollback> {
    return rollBack(run, this.parts);
  }

  schedules(): Promise<readonly Schedule[]> {
    return this.scheduling.list();
  }

  async putSchedule(schedule: Pick<Schedule, 'id' | 'goal' | 'timing'>): Promise<Schedule> {
    return this.scheduling.put({ ...schedule, goal: await acceptGoal(schedule.goal, this.parts) });
  }

  removeSchedule(id: string): Promise<void> {
    return this.scheduling.remove(id);
  }

  exportRun(run: RunId): AsyncIterable<string> {
    return this.parts.store.exportRun(run);
  }

  importRun(lines: AsyncIterable<string>): Promise<RunId> {
    return this.parts.store.importRun(
      lines,
      this.parts.importBytes === undefined ? undefined : { mostBytes: this.parts.importBytes },
    );
  }

  collectGarbage(request: GcRequest): Promise<GcReport> {
    const { store, retention, clock } = this.parts;
    const { maxAgeMs, maxBytes, dryRun } = request;
    return store.collectGarbage({
      maxAgeMs: maxAgeMs ?? retention.maxAgeMs,
      maxBytes: maxBytes ?? retention.maxBytes,
      dryRun,
      now: clock.now(),
    });
  }

  watchRuns(signal: AbortSignal): AsyncIterable<RunSummary> {
    return watchRuns(this.parts, signal);
  }

  overview(): Promise<Overview> {
    return this.#overview.get();
  }

  /** One key is one goal: whoever asks for another one under it would wait for what never comes. */
  private async refuseOtherGoal(run: RunId, goal: Goal): Promise<void> {
    const [first] = await this.parts.store.journal.read(runStream(run));
    const accepted = first && runEvents.decode(first);
    const isSame =
      accepted?.type === 'accepted' && digest(accepted.goal as unknown as Json) === digest(goal as unknown as Json);
    if (!isSame)
      throw new PraxisError(
        'conflict',
        `This key (request id) was used before for another goal, which is run ${run}. Choose another key, or submit the same goal again.`,
        { details: { run } },
      );
  }

  private async events(run: RunId): Promise<readonly RunEvent[]> {
    const stored = await this.parts.store.journal.read(runStream(run));
    if (stored.length === 0) throw unknownRun(run);
    return stored.map((e) => runEvents.decode(e));
  }
}
