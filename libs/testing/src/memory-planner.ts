import { EventEmitter, on, once } from 'node:events';
import { goalSchema, PraxisError, type Cursor, type Goal, type Plan, type RunEvent, type RunId, type RunSummary, type StepEvent, type Tool } from '@praxis/core';
import { isLastEvent, type Overview, type PageRequest, type PlannerFace, type RunFilter, type RunPage, type RunView, type WatchedEvent } from '@praxis/wire';

interface MemoryRun {
  view: RunView;
  readonly events: WatchedEvent[];
  /** Events of each of its streams. */
  readonly lengths: Map<string, number>;
}

/** A planner that keeps everything in memory and runs nothing: what happens in its runs is told to it. */
export class MemoryPlanner implements PlannerFace {
  readonly #runs = new Map<RunId, MemoryRun>();
  readonly #bell = new EventEmitter().setMaxListeners(0);
  /** Streams of events and of changed runs that are open, and overviews that were asked for. */
  readonly seen = { watches: 0, newsfeeds: 0, overviews: 0, told: 0 };
  overviewNow: Overview = {
    backend: 'postgres',
    runs: { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 },
    tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
    executors: [],
    queues: [],
  };

  /** A new run under an id of the test's own. */
  accept(id: RunId, title: string, more: { readonly plan?: Plan; readonly tools?: readonly Tool[] } = {}): void {
    const goal = goalSchema.parse({ title, world: 'household' });
    const summary: RunSummary = { ...BLANK, id, title, world: goal.world, space: goal.archive.space, acceptedAt: this.#runs.size + 1 };
    this.#runs.set(id, { view: { summary, goal, plan: more.plan ?? null, nodes: {}, tools: more.tools ?? [] }, events: [], lengths: new Map() });
    this.happen(id, { type: 'accepted', goal });
  }

  /** Something happens in a run itself. */
  happen(id: RunId, event: RunEvent): void {
    const stream = `run/${id}`;
    this.add(id, { stream, ...this.place(id, stream), kind: 'run', event });
    this.change(id, event.type === 'ended' ? { status: event.outcome, reason: event.reason, endedAt: this.find(id).events.length } : {});
  }

  /** Something happens in a subgoal of a run. */
  step(id: RunId, stream: string, event: StepEvent): void {
    this.add(id, { stream, ...this.place(id, stream), kind: 'step', event });
  }

  /** Changes what stands in a run's summary. */
  change(id: RunId, what: Partial<RunSummary>): void {
    const run = this.find(id);
    run.view = { ...run.view, summary: { ...run.view.summary, ...what } };
    this.#bell.emit('changed', run.view.summary);
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
    const fitting = all.filter((r) => has(status, r.status) && has(world, r.world) && has(space, r.space) && (text === null || r.title.toLowerCase().includes(text.toLowerCase()) || r.id.startsWith(text)));
    const from = Number(token ?? 0);
    const to = from + (size || 50);
    return { runs: fitting.slice(from, to), next: to < fitting.length ? String(to) : null };
  }

  async *watch(id: RunId, after: Cursor, signal: AbortSignal): AsyncGenerator<WatchedEvent> {
    const { events } = this.find(id);
    this.seen.watches++;
    try {
      for (let i = 0; !signal.aborted; i++) {
        while (i >= events.length) await once(this.#bell, id, { signal });
        const event = events[i]!;
        this.seen.told++;
        if (event.position >= (after[event.stream] ?? 0)) yield event;
        if (isLastEvent(event)) return;
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
      for await (const [summary] of on(this.#bell, 'changed', { signal })) yield summary as RunSummary;
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      this.seen.newsfeeds--;
    }
  }

  async cancel(id: RunId, reason: string): Promise<void> {
    this.happen(id, { type: 'cancelling', reason });
  }

  async overview(): Promise<Overview> {
    this.seen.overviews++;
    return this.overviewNow;
  }

  private place(id: RunId, stream: string): { readonly position: number; readonly at: number } {
    const { lengths, events } = this.find(id);
    return { position: lengths.get(stream) ?? 0, at: events.length + 1 };
  }

  private add(id: RunId, event: WatchedEvent): void {
    const { lengths, events } = this.find(id);
    lengths.set(event.stream, event.position + 1);
    events.push(event);
    this.#bell.emit(id);
  }

  private find(id: RunId): MemoryRun {
    const run = this.#runs.get(id);
    if (!run) throw new PraxisError('missing', `There is no run ${id}. See the runs there are with \`praxis runs\`.`);
    return run;
  }
}

const BLANK: Omit<RunSummary, 'id' | 'title' | 'world' | 'space' | 'acceptedAt'> = {
  status: 'waiting',
  reason: '',
  planVersion: 0,
  subgoals: 0,
  subgoalsDone: 0,
  steps: 0,
  failedSteps: 0,
  replans: 0,
  toolsUsed: [],
  modelCalls: 0,
  endedAt: null,
};
