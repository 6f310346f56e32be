/** Time as a simulated node and what drives it see it: the machine's own, faster, or virtual. */
export interface SimClock {
  /** Milliseconds of model time. */
  now(): number;
  /** Ends after so many milliseconds of model time; rejects with the signal's reason when that fires before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
