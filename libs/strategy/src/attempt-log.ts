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

/** Refusals before anything was sent: they say nothing about the service. */
const NOT_SENT: ReadonlySet<string> = new Set(['denied', 'budget', 'cancelled']);

/** An action that was decided and has no outcome yet. */
interface Open {
  readonly call: string;
  readonly key: string | null;
  readonly approvals: readonly Question[];
}

/**
 * The attempts of a run at each action, whichever step, subgoal or plan decided it: a fold of its streams, one after the other.
 *
 * L1 Attempts are counted in a row: a success starts the count again.
 * L2 An attempt that was begun and has no outcome when its stream ends is in doubt, as is one that ended as unknown.
 * L3 Doubt ends with a known outcome of an attempt under the same key, never with a refusal before anything was sent.
 * L4 An approval is kept while what it allows failed and changed nothing.
 */
export class AttemptLog {
  readonly #records = new Map<string, ActionRecord>();
  readonly #open = new Map<string, Open>();

  of(action: Action): ActionRecord {
    return this.#records.get(callOf(action)) ?? UNTRIED;
  }

  /** Takes in the next event of a stream, with the time at which it was written. */
  see(event: StepEvent, at: number): void {
    switch (event.type) {
      case 'decided':
        this.#open.set(event.id, { call: callOf(event.action), key: null, approvals: this.#open.get(event.id)?.approvals ?? [] });
        return;
      case 'tried':
        return this.#change(event.id, (open) => ({ ...open, key: event.key }));
      case 'postponed':
        return this.#postponed(event, at);
      case 'asked':
        return this.#change(event.id, (open) => ({ ...open, approvals: [...open.approvals, event.question] }));
      case 'replied':
        return this.#change(event.id, (open) => ({ ...open, approvals: open.approvals.filter((q) => q.id !== event.question || event.answer.verdict === 'approve') }));
      case 'observed':
        return this.#observed(event, at);
      case 'ended':
        return this.endStream();
      default:
    }
  }

  /** What is still open has no outcome any more (L2). */
  endStream(): void {
    for (const { call, key } of this.#open.values()) if (key !== null) this.#write(call, { doubt: key });
    this.#open.clear();
  }

  /** A person asks to try again: no pause is due for what failed before. Doubt remains. */
  forgive(): void {
    for (const [call, record] of this.#records) this.#records.set(call, { ...record, failures: 0 });
  }

  #postponed({ id, attempt }: Extract<StepEvent, { type: 'postponed' }>, at: number): void {
    const open = this.#open.get(id);
    if (!open) return;
    const known = this.#records.get(open.call) ?? UNTRIED;
    // A pause before an attempt counts no other failure.
    if (attempt > known.failures) this.#write(open.call, { failures: attempt, lastAt: at });
  }

  #observed({ id, result, change }: Extract<StepEvent, { type: 'observed' }>, at: number): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    if (!open) return;
    if (result.ok) return void this.#records.delete(open.call);
    const { failures, doubt } = this.#records.get(open.call) ?? UNTRIED;
    const settled = result.code === 'unknown-outcome' ? (open.key ?? doubt) : open.key === null ? doubt : null;
    const approvals = isNoChange(change) && !NOT_SENT.has(result.code) && settled === null ? open.approvals.filter((q) => q.kind === 'approval') : [];
    const counted = NOT_SENT.has(result.code) ? {} : { failures: failures + 1, lastAt: at };
    this.#write(open.call, { doubt: settled, approvals, ...counted });
  }

  #change(id: string, change: (open: Open) => Open): void {
    const open = this.#open.get(id);
    if (open) this.#open.set(id, change(open));
  }

  #write(call: string, fields: Partial<ActionRecord>): void {
    this.#records.set(call, { ...(this.#records.get(call) ?? UNTRIED), ...fields });
  }
}

/** A skill with its arguments, in whatever order they were written. */
const callOf = ({ skill, args }: Action): string => canonical({ skill, args: { ...args } });
