/** Times to the first token that are remembered for a model. */
const REMEMBERED = 200;
/** With fewer there is no telling what is slow. */
const LEAST_REMEMBERED = 20;
const SLOW = 0.95;
/** Nobody is asked a second time sooner: a network's hiccup is no slow node. */
const SOONEST_MS = 50;

/**
 * When a call is slow enough to ask a second node: after all but a twentieth of the others had begun, and only for a
 * bounded share of the calls.
 */
export class HedgeRule {
  readonly #times = new Map<string, number[]>();
  #calls = 0;
  #hedges = 0;

  constructor(private readonly share: number) {}

  /** A call of the model began to be answered after so long. */
  began(model: string, ms: number): void {
    const times = this.#times.get(model) ?? [];
    this.#times.set(model, times);
    times.push(ms);
    if (times.length > REMEMBERED) times.shift();
  }

  /** A call sets out: how long it may take to begin; null: it is not asked twice. */
  afterMs(model: string): number | null {
    this.#calls += 1;
    const times = this.#times.get(model);
    if (this.share <= 0 || !times || times.length < LEAST_REMEMBERED) return null;
    const sorted = [...times].sort((a, b) => a - b);
    return Math.max(SOONEST_MS, sorted[Math.floor(SLOW * sorted.length)]!);
  }

  /** Whether one more may be asked twice now; counts it where it may. */
  take(): boolean {
    if (this.#hedges + 1 > this.#calls * this.share) return false;
    this.#hedges += 1;
    return true;
  }
}
