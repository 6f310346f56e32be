import { canonical, isNoChange, type Action, type Question, type StepEvent } from '@praxis/core';

/** What a run has tried of one action so far. */
export interface ActionRecord {
  /** Failed attempts in a row. */
  readonly failures: number;
  /** When the latest of them failed, in milliseconds since 1970-01-01 UTC. */
  readonly lastAt: number;
  /** The key of an attempt whose outcome is unknown; null where there is none. */
  readonly doubt: string | null;
  /** Approvals that are not used up: what was approved failed and changed nothing. */
  readonly approvals: readonly Question[];
}

const UNTRIED: ActionRecord = { failures: 0, lastAt: 0, doubt: null, approvals: [] };

/** Refusals before anything was sent, and outdated decisions: they say nothing about the service. */
const NOT_SENT: ReadonlySet<string> = new Set(['denied', 'budget', 'cancelled', 'stale']);

/** An action that was decided and has no outcome yet. */
interface Open {
  readonly call: string;
  /** Under which it was begun here; null where it was not. */
  readonly key: string | null;
  /** Of an earlier attempt, which it settles; null where it settles none. */
  readonly takesUp: string | null;
  readonly approvals: readonly Question[];
}

/**
 * The attempts of a run at each action, whichever step, subgoal or plan decided it: a fold of its streams, one after
 * the other.
 *
 * attempt-log.1 Attempts are counted in a row: a success starts the count again.
 * attempt-log.2 An attempt that was begun and has no outcome when its stream ends is in doubt, as is one that ended as
 *               unknown.
 * attempt-log.3 Doubt ends with a known outcome of an attempt under the same key, in whatever order the streams are
 *               read; never with a refusal before anything was sent, nor with what comes of another key.
 * attempt-log.4 An approval is kept while what it allows failed and changed nothing.
 */
export class AttemptLog {
  readonly #records = new Map<string, Omit<ActionRecord, 'doubt'>>();
  /** The latest key of each action whose outcome was unknown when its attempt was over. */
  readonly #doubts = new Map<string, string>();
  /** Keys of which the outcome is known. */
  readonly #settled = new Set<string>();
  readonly #open = new Map<string, Open>();

  of(action: Action): ActionRecord {
    const call = callOf(action);
    return { ...(this.#records.get(call) ?? UNTRIED), doubt: this.#doubtOf(call) };
  }

  /** Whether anything that was tried is in doubt. */
  get isInDoubt(): boolean {
    return [...this.#doubts.keys()].some((call) => this.#doubtOf(call) !== null);
  }

  /** Takes over which outcomes another log knows, and nothing else of it. */
  settleBy(other: AttemptLog): void {
    for (const key of other.#settled) this.#settled.add(key);
  }

  /** Takes in the next event of a stream, with the time at which it was written. */
  see(event: StepEvent, at: number): void {
    switch (event.type) {
      case 'decided':
        this.#open.set(event.id, {
          call: callOf(event.action),
          key: null,
          takesUp: event.key ?? null,
          approvals: this.#open.get(event.id)?.approvals ?? [],
        });
        return;
      case 'tried':
        return this.#change(event.id, (open) => ({ ...open, key: event.key }));
      case 'postponed':
        return this.#postponed(event, at);
      case 'asked':
        return this.#change(event.id, (open) => ({ ...open, approvals: [...open.approvals, event.question] }));
      case 'replied':
        return this.#change(event.id, (open) => ({
          ...open,
          approvals: open.approvals.filter((q) => q.id !== event.question || event.answer.verdict === 'approve'),
        }));
      case 'observed':
        return this.#observed(event, at);
      case 'ended':
        return this.endStream();
      default:
    }
  }

  /** What is still open has no outcome any more (attempt-log.2). */
  endStream(): void {
    for (const { call, key } of this.#open.values()) if (key !== null) this.#doubts.set(call, key);
    this.#open.clear();
  }

  /** A person asks to try again: no pause is due for what failed before. Doubt remains. */
  forgive(): void {
    for (const [call, record] of this.#records) this.#records.set(call, { ...record, failures: 0 });
  }

  #postponed({ id, attempt, code }: Extract<StepEvent, { type: 'postponed' }>, at: number): void {
    const open = this.#open.get(id);
    // What gives way to another subgoal has failed in nothing.
    if (!open || code === 'stale') return;
    const known = this.#records.get(open.call) ?? UNTRIED;
    // A pause before an attempt counts no other failure.
    if (attempt > known.failures) this.#write(open.call, { failures: attempt, lastAt: at });
  }

  #observed({ id, result, change }: Extract<StepEvent, { type: 'observed' }>, at: number): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    if (!open) return;
    if (result.ok) return this.#succeeded(open);
    const { failures } = this.#records.get(open.call) ?? UNTRIED;
    if (result.code === 'unknown-outcome') this.#doubt(open);
    else if (open.key !== null) this.#settled.add(open.key);
    const isOver =
      isNoChange(change) &&
      this.#doubtOf(open.call) === null &&
      (!NOT_SENT.has(result.code) || result.code === 'stale');
    const approvals = isOver ? open.approvals.filter((q) => q.kind === 'approval') : [];
    const counted = NOT_SENT.has(result.code) ? {} : { failures: failures + 1, lastAt: at };
    this.#write(open.call, { approvals, ...counted });
  }

  #succeeded({ call, key, takesUp }: Open): void {
    this.#records.delete(call);
    const done = key ?? takesUp;
    if (done !== null) this.#settled.add(done);
  }

  #doubt({ call, key, takesUp }: Open): void {
    const left = key ?? takesUp;
    if (left !== null) this.#doubts.set(call, left);
  }

  #doubtOf(call: string): string | null {
    const key = this.#doubts.get(call);
    return key === undefined || this.#settled.has(key) ? null : key;
  }

  #change(id: string, change: (open: Open) => Open): void {
    const open = this.#open.get(id);
    if (open) this.#open.set(id, change(open));
  }

  #write(call: string, fields: Partial<Omit<ActionRecord, 'doubt'>>): void {
    this.#records.set(call, { ...(this.#records.get(call) ?? UNTRIED), ...fields });
  }
}

/** A skill with its arguments, in whatever order they were written. */
export const callOf = ({ skill, args }: Action): string => canonical({ skill, args: { ...args } });
