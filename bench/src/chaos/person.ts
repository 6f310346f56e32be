import { PraxisError, type Answer, type Question } from '@praxis/core';
import type { OpenQuestion, PlannerApi } from '@praxis/wire';
import type { Word } from './history.js';
import type { Recorder } from './recorder.js';

/** How often the person looks for questions, in milliseconds. */
const LOOK_MS = 150;

/**
 * The person whom a run asks: says truthfully what the recorder has seen, lets everything else pass.
 *
 * What was said is remembered here, so that the checker need not believe the journal about it.
 */
export class Person {
  readonly #words = new Map<string, Word>();
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(
    private readonly planner: Pick<PlannerApi, 'questions' | 'answer'>,
    private readonly run: string,
    private readonly recorder: Recorder,
  ) {
    this.#done = this.#sit();
    // `leave` tells what went wrong; a harness that fails elsewhere must not die of it first.
    this.#done.catch(() => undefined);
  }

  get words(): readonly Word[] {
    return [...this.#words.values()];
  }

  async leave(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #sit(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const open = await this.planner
        .questions({ run: this.run, kind: null })
        .catch(unlessAway<readonly OpenQuestion[]>([]));
      for (const { question } of open)
        await this.planner.answer(question.id, this.#answer(question)).catch(unlessAway(undefined));
      await new Promise((resume) => setTimeout(resume, LOOK_MS));
    }
  }

  #answer(question: Question): Answer {
    const say = (verdict: Answer['verdict']): Answer => ({
      verdict,
      by: 'chaos',
      reason: '',
      args: null,
      grant: verdict === 'grant' ? question.needs : null,
      value: null,
    });
    switch (question.kind) {
      case 'uncertain': {
        const { skill = '', args = {} } = question.action ?? {};
        const item = String(args['i']);
        // Asked twice, because the answer to the first was lost: the same word.
        const said = this.#words.get(question.id);
        const hasHappened = this.recorder.arrivals(new Set([item])).some((a) => a.applied && a.deed === skill);
        const verdict = said?.verdict ?? (hasHappened ? 'happened' : 'not-happened');
        this.#words.set(question.id, { deed: skill, item, verdict });
        return say(verdict);
      }
      case 'approval':
        return say('approve');
      case 'budget':
        return say('grant');
      case 'question':
        return say('answer');
    }
  }
}

/** A planner that is just being killed cannot be asked, and a question that is answered meanwhile need not be. */
function unlessAway<T>(instead: T): (thrown: unknown) => T {
  return (thrown) => {
    if (['unavailable', 'timeout', 'conflict', 'missing', 'cancelled'].includes(PraxisError.from(thrown).code))
      return instead;
    throw thrown;
  };
}
