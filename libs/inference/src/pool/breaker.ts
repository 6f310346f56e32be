import type { NodeTrouble, TroubleKind } from '../node-trouble.js';

/** Failures in a row that open a breaker: one is chance, two happen when a node restarts, three are a habit. */
const FAILURES_IN_A_ROW = 3;
/** With at least so many calls in the window, half of them failing opens it too. */
const WINDOW = 20;
const WINDOW_LEAST = 10;
const WINDOW_SHARE = 0.5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 8_000;
/** A wrong key or a missing model does not mend itself in seconds. */
const STANDING_PAUSE_MS = 60_000;

const STANDING: readonly TroubleKind[] = ['denied', 'no-model'];

/** A length of time in few steps, so that a reason stays the same while time goes by. */
function withinText(ms: number): string {
  if (ms <= 1_000) return 'a second';
  if (ms <= 10_000) return '10 seconds';
  return ms <= 60_000 ? 'a minute' : `${Math.ceil(ms / 600_000) * 10} minutes`;
}

/**
 * Keeps calls of one model away from a node that fails them.
 *
 * breaker.1 It opens after three failures in a row, or when half of the last calls failed.
 * breaker.2 While it is open nothing goes through; each opening without a success in between lasts twice as long, up to
 *           a minute.
 * breaker.3 After the pause one call goes through; only when that one succeeds it closes.
 * breaker.4 `busy` is no failure: the node rests for as long as it asked, or for a short time that doubles.
 * breaker.5 A wrong key or a missing model opens it at once.
 */
export class Breaker {
  #recent: boolean[] = [];
  #inRow = 0;
  #openings = 0;
  #isOpen = false;
  #busyInRow = 0;
  #trial = false;
  /** Nothing before this time. */
  #until = 0;
  #why = '';

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why no call may go through now; null where one may. */
  ruledOut(now: number): string | null {
    if (now < this.#until) return `${this.#why}; asked again within ${withinText(this.#until - now)}`;
    return this.#isOpen && this.#trial ? `${this.#why}; one call is trying whether it is well again` : null;
  }

  /** When it lets something through again, as far as time alone decides; null: it does now, or a trial decides. */
  changesAt(now: number): number | null {
    return now < this.#until ? this.#until : null;
  }

  /** A call goes through: where it is open, as its trial. */
  took(): boolean {
    if (!this.#isOpen) return false;
    this.#trial = true;
    return true;
  }

  /** A call ended without saying anything about the node. */
  released(wasTrial: boolean): void {
    if (wasTrial) this.#trial = false;
  }

  succeeded(wasTrial: boolean): void {
    this.#remember(true);
    this.#inRow = 0;
    this.#busyInRow = 0;
    if (!this.#isOpen || !wasTrial) return;
    this.#isOpen = false;
    this.#trial = false;
    this.#openings = 0;
    this.#recent = [];
  }

  /** A call failed; `jitter` is a number in [0, 1) so that many routers do not come back at once. */
  failed(trouble: NodeTrouble, now: number, wasTrial: boolean, jitter: number): void {
    this.released(wasTrial);
    if (trouble.kind === 'busy') {
      const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** this.#busyInRow++);
      this.#shut(now, trouble.more.retryAfterMs ?? rest * (0.5 + jitter / 2), 'it said that it is busy');
      return;
    }
    this.#remember(false);
    this.#inRow += 1;
    const failures = this.#recent.filter((ok) => !ok).length;
    const isHabit =
      this.#inRow >= FAILURES_IN_A_ROW ||
      (this.#recent.length >= WINDOW_LEAST && failures >= this.#recent.length * WINDOW_SHARE);
    if (STANDING.includes(trouble.kind)) this.#open(now, STANDING_PAUSE_MS, trouble);
    // A call that had been on its way when the breaker opened says nothing new.
    else if (this.#isOpen ? wasTrial : isHabit)
      this.#open(
        now,
        Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#openings++) * (0.75 + jitter / 2),
        trouble,
      );
    if (trouble.more.retryAfterMs !== undefined) this.#shut(now, trouble.more.retryAfterMs, 'it asked to wait');
  }

  #open(now: number, pauseMs: number, trouble: NodeTrouble): void {
    this.#isOpen = true;
    // A wrong key or a missing model is told in the node's own words: people have to mend it.
    this.#shut(
      now,
      pauseMs,
      STANDING.includes(trouble.kind)
        ? `it failed (${trouble.kind}): ${trouble.message}`
        : `it failed (${trouble.kind})`,
    );
  }

  #shut(now: number, pauseMs: number, why: string): void {
    if (now + pauseMs <= this.#until) return;
    this.#until = now + pauseMs;
    this.#why = why;
  }

  #remember(ok: boolean): void {
    this.#recent.push(ok);
    if (this.#recent.length > WINDOW) this.#recent.shift();
  }
}
