import { planningStream, type Journal, type RunEvent, type RunId } from '@praxis/core';
import { isTracing, measure, planSpan, writeSpan } from '@praxis/platform';
import type { PlannerParts } from '../parts.js';
import { nextVersion, spansEndedBy, type Timed } from './run-spans.js';

type Parts = Pick<PlannerParts, 'clock' | 'log'> & { readonly store: { readonly journal: Journal } };

/** Tells traces and metrics what the journal says about runs; the runs go on alike whether or not anybody listens. */
export class RunTracer {
  readonly #begunAt: number;
  readonly #resumed = new Set<RunId>();

  constructor(private readonly parts: Parts) {
    this.#begunAt = parts.clock.now();
  }

  /**
   * The story of a run up to here. The first time that this process meets a run which is older than itself, it writes
   * the spans of what ended before: whoever wrote the events may have died before the spans were sent. They are the
   * same spans, whoever writes them.
   */
  of(run: RunId, history: readonly Timed[]): RunStory {
    const isOlder = history[0] !== undefined && history[0].at < this.#begunAt;
    const isOver = history.at(-1)?.event.type === 'ended';
    if (isTracing() && isOlder && !isOver && !this.#resumed.has(run)) {
      this.#resumed.add(run);
      for (const [i, { at }] of history.entries()) if (at < this.#begunAt) writeSpans(run, history, i);
    }
    if (isOver) this.#resumed.delete(run);
    return new RunStory(run, [...history], this.parts);
  }
}

/** One run's story while it is worked on. */
export class RunStory {
  constructor(
    private readonly run: RunId,
    private readonly history: Timed[],
    private readonly parts: Parts,
  ) {}

  /** Tells what was just written to the journal. */
  async tell(events: readonly RunEvent[]): Promise<void> {
    for (const event of events) {
      const at = this.parts.clock.now();
      const before = this.history.at(-1)?.at ?? at;
      this.history.push({ event, at });
      if (event.type === 'planned') measure.plan(event.reason, at - before);
      if (event.type === 'ended') measure.run(event.outcome, at - this.history[0]!.at);
      if (!isTracing()) continue;
      if (event.type === 'ended') await this.endPlanning(at);
      writeSpans(this.run, this.history, this.history.length - 1);
    }
  }

  /** A planning that was begun and led to no plan ends with its run. */
  private async endPlanning(at: number): Promise<void> {
    const version = nextVersion(this.history);
    const [first] = await this.parts.store.journal.read(planningStream(this.run, version)).catch((err: unknown) => {
      this.parts.log.debug('a planning could not be read for the trace', { run: this.run, err });
      return [];
    });
    if (first)
      writeSpan(planSpan(this.run, version), {
        name: 'plan',
        startedAt: first.at,
        endedAt: at,
        attributes: { 'praxis.run.id': this.run, 'praxis.plan.version': version },
        failure: 'no-plan',
      });
  }
}

function writeSpans(run: RunId, history: readonly Timed[], index: number): void {
  for (const [ref, record] of spansEndedBy(run, history, index)) writeSpan(ref, record);
}
