import { EventEmitter, on, once } from 'node:events';
import {
  NO_COST,
  goalSchema,
  validationError,
  parseSubgoalId,
  PraxisError,
  type Answer,
  type Cursor,
  type Goal,
  type Plan,
  type RunEvent,
  type RunId,
  type RunSummary,
  type StepEvent,
  type Tool,
} from '@praxis/core';
import {
  isLastEvent,
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
import { actionsOf, before, garbageOf, linesOf, moved, questionsOf, runOfLines, type MemoryRun } from './memory-run.js';
import { BLANK_SUMMARY } from './blank-summary.js';

/** A planner that keeps everything in memory and runs nothing: what happens in its runs is told to it. */
export class MemoryPlanner implements PlannerApi {
  readonly #runs = new Map<RunId, MemoryRun>();
  readonly #schedules = new Map<string, Schedule>();
  /** The runs that take others back. */
  readonly #rollbacks = new Map<RunId, Rollback>();
  readonly #notifier = new EventEmitter().setMaxListeners(0);
  /** Streams of events and of changed runs that are open, and overviews that were asked for. */
  readonly seen = { watches: 0, newsfeeds: 0, overviews: 0, told: 0 };
  overviewNow: Overview = {
    backend: 'postgres',
    runs: { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 },
    tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
    executors: [],
    queues: [],
    questions: 0,
  };

  /** A new run under an id of the test's own. */
  accept(id: RunId, title: string, more: { readonly plan?: Plan; readonly tools?: readonly Tool[] } = {}): void {
    const goal = goalSchema.parse({ title, world: 'household' });
    const summary: RunSummary = {
      ...BLANK_SUMMARY,
      id,
      title,
      world: goal.world,
      space: goal.archive.space,
      acceptedAt: this.#runs.size + 1,
    };
    this.#runs.set(id, {
      view: {
        summary,
        goal,
        plan: more.plan ?? null,
        nodes: {},
        tools: more.tools ?? [],
        constraints: [],
        spent: NO_COST,
        postponed: [],
        result: null,
        outputs: {},
      },
      events: [],
      lengths: new Map(),
      parent: null,
    });
    this.happen(id, { type: 'accepted', goal });
  }

  /** Something happens in a run itself. */
  happen(id: RunId, event: RunEvent): void {
    const stream = `run/${id}`;
    this.add(id, { stream, ...this.place(id, stream), kind: 'run', event });
    this.change(id, this.becomes(id, event));
  }

  /** Something happens in a subgoal of a run. */
  step(id: RunId, stream: string, event: StepEvent): void {
    this.add(id, { stream, ...this.place(id, stream), kind: 'step', event });
    if (event.type === 'asked') this.change(id, { questions: this.open(id).length });
  }

  /** Changes what stands in a run's summary. */
  change(id: RunId, what: Partial<RunSummary>): void {
    const run = this.find(id);
    run.view = { ...run.view, summary: { ...run.view.summary, ...what } };
    this.#notifier.emit('changed', run.view.summary);
  }

  async submit(goal: Goal): Promise<RunId> {
    const id = `r-${this.#runs.size + 1}`;
    this.accept(id, goal.title);
    return id;
  }

  async get(id: RunId): Promise<RunView> {
    return this.find(id).view;
  }

  async list({ status, world, space, text }: RunFilter, { size, token }: PageRequest): Promise<RunPage> {
    const all = [...this.#runs.values()].map((r) => r.view.summary).reverse();
    const has = (wanted: string | null, value: string): boolean => wanted === null || wanted === value;
    const fitting = all.filter(
      (r) =>
        has(status, r.status) &&
        has(world, r.world) &&
        has(space, r.space) &&
        (text === null || r.title.toLowerCase().includes(text.toLowerCase()) || r.id.startsWith(text)),
    );
    const from = Number(token ?? 0);
    const to = from + (size || 50);
    return { runs: fitting.slice(from, to), next: to < fitting.length ? String(to) : null };
  }

  async wait(id: RunId, waitMs: number, signal: AbortSignal): Promise<RunEnd> {
    const late = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const run = this.find(id);
    const end = (): Extract<RunEvent, { type: 'ended' }> | undefined => {
      const last = run.events.at(-1);
      return last?.kind === 'run' && last.event.type === 'ended' ? last.event : undefined;
    };
    while (!end() && !late.aborted) await once(this.#notifier, id, { signal: late }).catch(() => undefined);
    return { ended: end() !== undefined, summary: run.view.summary, result: end()?.result ?? null };
  }

  async *watch(id: RunId, after: Cursor, signal: AbortSignal): AsyncGenerator<WatchedEvent> {
    const { events } = this.find(id);
    this.seen.watches++;
    try {
      for (let i = 0; !signal.aborted; i++) {
        while (i >= events.length) await once(this.#notifier, id, { signal });
        const event = events[i]!;
        this.seen.told++;
        if (event.position >= (after[event.stream] ?? 0)) yield event;
        if (isLastEvent(event) && i === events.length - 1) return;
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      this.seen.watches--;
    }
  }

  async *watchRuns(signal: AbortSignal): AsyncGenerator<RunSummary> {
    this.seen.newsfeeds++;
    try {
      for await (const [summary] of on(this.#notifier, 'changed', { signal })) yield summary as RunSummary;
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      this.seen.newsfeeds--;
    }
  }

  async cancel(id: RunId, reason: string): Promise<void> {
    this.happen(id, { type: 'cancelling', reason, outcome: 'cancelled' });
  }

  async pause(id: RunId, reason: string): Promise<void> {
    if (this.living(id).status !== 'paused') this.happen(id, { type: 'paused', by: 'a test', reason });
  }

  async resume(id: RunId): Promise<void> {
    if (this.living(id).status === 'paused') this.happen(id, { type: 'resumed', by: 'a test' });
  }

  async retry(id: RunId, by: string): Promise<Retried> {
    const { endedAt, status } = this.find(id).view.summary;
    if (endedAt !== null && status !== 'failed')
      throw new PraxisError(
        'conflict',
        `The run ${id} has ended (${status}); only a run that failed can be tried again.`,
      );
    if (endedAt === null) return { reopened: false, woken: 0 };
    this.happen(id, { type: 'retried', by, reopened: true });
    return { reopened: true, woken: 0 };
  }

  async questions({ run, kind }: QuestionFilter): Promise<readonly OpenQuestion[]> {
    const runs = run === null ? [...this.#runs.keys()] : [run].filter((id) => this.#runs.has(id));
    return runs.flatMap((id) => this.open(id)).filter((open) => kind === null || open.question.kind === kind);
  }

  async answer(question: string, answer: Answer): Promise<void> {
    for (const [id, { events }] of this.#runs) {
      const asked = questionsOf(events).find((q) => q.question.id === question);
      if (!asked) continue;
      if (!asked.isOpen) throw new PraxisError('conflict', `The question ${question} is no longer open.`);
      const problem = validationError(asked.question, answer, Date.now());
      if (problem !== null) throw new PraxisError('invalid', problem);
      return this.happen(id, { type: 'answered', question, subgoal: asked.subgoal, answer });
    }
    throw new PraxisError('missing', `There is no question ${question}.`);
  }

  async fork({ run, at, seed, strategy, action }: ForkRequest): Promise<RunId> {
    const { view, events } = this.find(run);
    const shared = before(events, at);
    const id = `r-${this.#runs.size + 1}`;
    const summary = {
      ...view.summary,
      id,
      status: 'running' as const,
      reason: '',
      endedAt: null,
      questions: 0,
      acceptedAt: this.#runs.size + 1,
    };
    this.#runs.set(id, { view: { ...view, summary }, events: [], lengths: new Map(), parent: run });
    for (const event of shared) this.add(id, moved(event, run, id));
    const cut = Object.fromEntries(shared.map((e) => [e.stream, e.position + 1]));
    const step = 'subgoal' in at && action !== null ? { ...placeOf(at.subgoal), step: at.step, action } : null;
    this.happen(id, {
      type: 'forked',
      parent: run,
      session: id,
      cut,
      overrides: { seed, strategy, versions: null, tools: null, action: step },
      again: [],
    });
    return id;
  }

  /** Nobody thinks here: what was decided is all there is to tell. */
  async explain({ run, at }: ExplainRequest): Promise<Explanation> {
    const { view, events } = this.find(run);
    if ('plan' in at) {
      if (view.plan === null) throw new PraxisError('missing', `The run ${run} has no plan.`);
      return { decision: null, planning: { version: view.plan.version, outcome: 'done', reason: '' }, thoughts: [] };
    }
    const shared = before(events, at).length;
    const { stream, event } = events[shared]!;
    if (event.type !== 'decided') throw new PraxisError('bug', 'A step begins with its decision.');
    const { step, action, why, origin, taint } = event;
    return {
      decision: {
        number: actionsOf(events.slice(0, shared)).length,
        subgoal: stream.slice('subgoal/'.length),
        step,
        action,
        why,
        origin,
        taint,
      },
      planning: null,
      thoughts: [],
    };
  }

  /** Nothing is known of skills here, so that nothing can be taken back. */
  async rollback(run: RunId): Promise<Rollback> {
    const { view, events } = this.find(run);
    if (view.summary.endedAt === null)
      throw new PraxisError('conflict', `The run ${run} has not ended; cancel it first.`);
    const known = this.#rollbacks.get(run);
    if (known) return known;
    const left = actionsOf(events)
      .toReversed()
      .map((action) => ({ action, why: `${action.skill} names no undo.` }));
    const made: Rollback = {
      run: await this.submit({ ...view.goal, title: `take back ${run}`, undoes: run }),
      undone: [],
      left,
    };
    this.#rollbacks.set(run, made);
    return made;
  }

  async *exportRun(run: RunId): AsyncGenerator<string> {
    yield* linesOf(this.find(run));
  }

  async importRun(source: AsyncIterable<string>): Promise<RunId> {
    const lines: string[] = [];
    for await (const line of source) lines.push(line);
    const run = runOfLines(lines);
    const { id } = run.view.summary;
    if (!this.#runs.has(id)) {
      this.#runs.set(id, run);
      this.#notifier.emit('changed', run.view.summary);
    }
    return id;
  }

  async collectGarbage(request: GcRequest): Promise<GcReport> {
    const report = garbageOf(this.#runs, request, Date.now());
    if (!request.dryRun) for (const id of report.runs) this.#runs.delete(id);
    return report;
  }

  async schedules(): Promise<readonly Schedule[]> {
    return [...this.#schedules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** It is never due: nothing runs here. */
  async putSchedule({ id, goal, timing }: Pick<Schedule, 'id' | 'goal' | 'timing'>): Promise<Schedule> {
    const createdAt = this.#schedules.get(id)?.createdAt ?? this.#schedules.size + 1;
    const made: Schedule = {
      id,
      goal,
      timing,
      createdAt,
      nextAt: timing.kind === 'at' ? timing.at : null,
      lastRun: null,
    };
    this.#schedules.set(id, made);
    return made;
  }

  async removeSchedule(id: string): Promise<void> {
    if (!this.#schedules.delete(id)) throw new PraxisError('missing', `There is no schedule ${id}.`);
  }

  async overview(): Promise<Overview> {
    this.seen.overviews++;
    return this.overviewNow;
  }

  /** What an event changes in the run's summary. */
  private becomes(id: RunId, event: RunEvent): Partial<RunSummary> {
    if (event.type === 'retried' && event.reopened) return { status: 'running', reason: '', endedAt: null };
    if (event.type === 'ended')
      return { status: event.outcome, reason: event.reason, endedAt: this.find(id).events.length };
    if (event.type === 'paused') return { status: 'paused' };
    if (event.type === 'resumed') return { status: 'running' };
    return event.type === 'asked' || event.type === 'answered' ? { questions: this.open(id).length } : {};
  }

  private open(id: RunId): readonly OpenQuestion[] {
    const { view, events } = this.find(id);
    const asked = questionsOf(events).filter((q) => q.isOpen);
    return asked.map(({ question, subgoal, askedAt, reminders }) => ({
      run: id,
      title: view.summary.title,
      subgoal,
      question,
      askedAt,
      reminders,
    }));
  }

  private living(id: RunId): RunSummary {
    const { summary } = this.find(id).view;
    if (summary.endedAt !== null)
      throw new PraxisError('conflict', `The run ${id} has already ended (${summary.status}).`);
    return summary;
  }

  private place(id: RunId, stream: string): { readonly position: number; readonly at: number } {
    const { lengths, events } = this.find(id);
    return { position: lengths.get(stream) ?? 0, at: events.length + 1 };
  }

  private add(id: RunId, event: WatchedEvent): void {
    const { lengths, events } = this.find(id);
    lengths.set(event.stream, event.position + 1);
    events.push(event);
    this.#notifier.emit(id);
  }

  private find(id: RunId): MemoryRun {
    const run = this.#runs.get(id);
    if (!run) throw new PraxisError('missing', `There is no run ${id}. See the runs there are with \`praxis runs\`.`);
    return run;
  }
}

function placeOf(subgoal: string): { readonly node: string; readonly attempt: number } {
  const id = parseSubgoalId(subgoal);
  if (!id) throw new PraxisError('invalid', `${subgoal} is not the id of a subgoal.`);
  return { node: id.node, attempt: id.attempt };
}
