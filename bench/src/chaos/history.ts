import type { Answer, RunEvent, StepEvent, SubgoalId } from '@praxis/core';
import type { Arrival, Deed } from './recorder.js';

/** An event of the journal as it stands in the database. */
export interface Noted<E = RunEvent | StepEvent> {
  readonly stream: string;
  readonly position: number;
  readonly at: number;
  readonly event: E;
}

/** An event that a client was told of. */
export interface Told {
  readonly stream: string;
  readonly position: number;
  readonly type: string;
}

/** A row of a read model, as the database gives it. */
export type ModelRow = Readonly<Record<string, unknown>>;

/** What a person said when asked whether something had been done. */
export interface Word {
  readonly deed: string;
  readonly item: string;
  readonly verdict: Answer['verdict'];
}

/** Everything that is known about one run once it is over, from every side. */
export interface History {
  readonly run: string;
  /** Whether the planner said at last that it has the goal. */
  readonly wasTaken: boolean;
  readonly wanted: readonly { readonly deed: Deed; readonly item: string }[];
  /** All of the run's streams, each in the order of its positions. */
  readonly streams: ReadonlyMap<string, readonly Noted[]>;
  readonly told: readonly Told[];
  readonly arrivals: readonly Arrival[];
  readonly words: readonly Word[];
  readonly models: {
    readonly runs: readonly ModelRow[];
    readonly subgoals: readonly ModelRow[];
    readonly questions: readonly ModelRow[];
  };
}

/** The run's own stream. */
export const runOf = ({ streams, run }: History): readonly Noted<RunEvent>[] =>
  (streams.get(`run/${run}`) ?? []) as readonly Noted<RunEvent>[];

/** The streams of its subgoals. */
export function subgoalsOf({ streams }: History): ReadonlyMap<SubgoalId, readonly Noted<StepEvent>[]> {
  const prefix = 'subgoal/';
  const found = [...streams].filter(([stream]) => stream.startsWith(prefix));
  return new Map(found.map(([stream, events]) => [stream.slice(prefix.length), events as readonly Noted<StepEvent>[]]));
}

/** Events of one type, in order. */
export function only<E extends { readonly type: string }, T extends E['type']>(
  events: readonly Noted<E>[],
  type: T,
): readonly Extract<E, { type: T }>[] {
  return events.flatMap(({ event }) => (event.type === type ? [event as Extract<E, { type: T }>] : []));
}
