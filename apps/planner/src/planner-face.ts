import { PraxisError, fold, goalSchema, makeRunId, runEvents, runStream, type Cursor, type Goal, type RunEvent, type RunId, type RunSummary } from '@praxis/core';
import { runSpan, spanContextOf, within } from '@praxis/platform';
import { findPreset } from '@praxis/strategy';
import { isLastEvent, linkCall, readEvent, type Overview, type PageRequest, type PlannerFace, type RunFilter, type RunPage, type RunView, type WatchedEvent } from '@praxis/wire';
import { createHash } from 'node:crypto';
import { ClusterOverview } from './overview.js';
import type { PlannerParts } from './parts.js';
import { watchRuns } from './watch-runs.js';

/** The planner's questions: validate, append, enqueue `advance`; nothing else. */
export class PlannerQuestions implements PlannerFace {
  readonly #overview: ClusterOverview;

  constructor(private readonly parts: Pick<PlannerParts, 'store' | 'queues' | 'worlds' | 'newRunId' | 'clock' | 'log'>) {
    this.#overview = new ClusterOverview(parts);
  }

  async submit(input: Goal, requestId: string | null): Promise<RunId> {
    const goal = await this.accept(input);
    const run = requestId === null ? this.parts.newRunId() : makeRunId(createHash('sha256').update(requestId).digest());
    linkCall(() => spanContextOf(runSpan(run)));
    const accept = (): Promise<number> => this.parts.store.journal.append(runStream(run), 0, [runEvents.encode({ type: 'accepted', goal })]);
    await within(() => runSpan(run), accept).catch((error: unknown) => {
      // The same request came before: its run is the answer.
      if (requestId === null || PraxisError.from(error).code !== 'conflict') throw error;
    });
    await this.parts.queues.add('advance', { run });
    return run;
  }

  async get(run: RunId): Promise<RunView> {
    const summary = await this.parts.store.runs.get(run);
    const state = fold(await this.events(run))!;
    return { summary, goal: state.goal, plan: state.plan, nodes: Object.fromEntries(state.nodes), tools: state.opened?.tools ?? [] };
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
    for await (const stored of feed.follow(run, after, signal)) {
      const watched = readEvent(stored);
      yield watched;
      if (isLastEvent(watched)) return;
    }
  }

  async cancel(run: RunId, reason: string): Promise<void> {
    for (;;) {
      const events = await this.events(run);
      const state = fold(events)!;
      if (state.ended) throw new PraxisError('conflict', `The run ${run} has already ended (${state.ended.outcome}); there is nothing to cancel.`);
      if (state.cancelling !== null) return;
      const event = runEvents.encode({ type: 'cancelling', reason: reason || 'cancelled by the user' });
      const written = await this.parts.store.journal.append(runStream(run), events.length, [event]).catch(retryOnConflict);
      if (written === null) continue;
      await this.parts.queues.add('advance', { run });
      return;
    }
  }

  watchRuns(signal: AbortSignal): AsyncIterable<RunSummary> {
    return watchRuns(this.parts, signal);
  }

  overview(): Promise<Overview> {
    return this.#overview.get();
  }

  private async accept(input: Goal): Promise<Goal> {
    const parsed = goalSchema.safeParse(input);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new PraxisError('invalid', `The goal's field "${issue.path.join('.')}" is wrong: ${issue.message}.`);
    }
    findPreset(parsed.data.strategy);
    const info = await (await this.parts.worlds.get(parsed.data.world)).describe();
    const known = info.scenarios.map((s) => s.name);
    // A condition of the user's own needs some situation to begin in; the world's first one will do.
    const begins = parsed.data.scenario === '' && parsed.data.problem === null && parsed.data.condition !== '' ? (known[0] ?? '') : parsed.data.scenario;
    const goal: Goal = { ...parsed.data, scenario: begins };
    if (goal.problem === null && !known.includes(goal.scenario)) {
      const choice = known.length > 0 ? `Its scenarios: ${known.join(', ')}.` : 'Send a problem of your own (--domain and --problem).';
      throw new PraxisError('missing', `The world ${goal.world} has no scenario "${goal.scenario}". ${choice}`);
    }
    return goal;
  }

  private async events(run: RunId): Promise<readonly RunEvent[]> {
    const stored = await this.parts.store.journal.read(runStream(run));
    if (stored.length === 0) throw unknownRun(run);
    return stored.map((e) => runEvents.decode(e));
  }
}

function unknownRun(run: RunId): PraxisError {
  return new PraxisError('missing', `There is no run ${run}. See the runs there are with \`praxis runs\`.`);
}

function retryOnConflict(error: unknown): null {
  if (PraxisError.from(error).code === 'conflict') return null;
  throw error;
}
