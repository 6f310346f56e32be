/** Where time comes from: a parameter, so that tests and replays hold it still. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Clocks of several machines may differ by so much. */
const SKEW_MS = 60_000;

/**
 * Whether something was written by a clock that was ahead of the one that is right now: times that follow from it do
 * not count.
 */
export const isAhead = (writtenAt: number, now: number): boolean => writtenAt > now + SKEW_MS;
