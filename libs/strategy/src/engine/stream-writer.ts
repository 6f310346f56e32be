import { faultPoint, stepEvents, type Journal, type StepEvent } from '@praxis/core';

/**
 * An append that is to come: it begins when somebody waits for it, at the latest in the next turn of the event loop.
 */
interface Next {
  readonly written: Promise<void>;
  begin(): void;
}

/**
 * Writes the events of one stream in the order in which they are given.
 *
 * stream-writer.1 One append at a time, each where the one before it ended.
 * stream-writer.2 What is added waits for what is written in the same turn: what came of a step and the decision that
 *                 follows share a commit.
 * stream-writer.3 After an append that failed there is no other: what follows would follow from what is not written.
 */
export class StreamWriter {
  #waiting: StepEvent[] = [];
  #next: Next | null = null;
  #current: Promise<void> = Promise.resolve();

  constructor(
    private readonly journal: Journal,
    private readonly stream: string,
    /** How many events the stream has. */
    private position: number,
  ) {}

  /** Takes events that nobody waits for; comes back when they are journalled. */
  add(events: readonly StepEvent[]): Promise<void> {
    this.#waiting.push(...events);
    this.#next ??= this.#prepare();
    return this.#next.written;
  }

  /** Journals all events so far now; comes back when that is done. */
  flushed(): Promise<void> {
    this.#next?.begin();
    return this.#next?.written ?? this.#current;
  }

  #prepare(): Next {
    const before = this.#current;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    setImmediate(begin);
    const written = before.then(() => begun).then(() => this.#append());
    return { written, begin };
  }

  async #append(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    this.#current = this.#next!.written;
    this.#next = null;
    this.position = await this.journal.append(
      this.stream,
      this.position,
      events.map((e) => stepEvents.encode(e)),
    );
    if (events.some((e) => e.type === 'observed')) await faultPoint('interpreter.after-observed');
  }
}
