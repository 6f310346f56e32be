import { PraxisError } from '../values/errors.js';
import type { Action } from '../values/action.js';
import type { ArtifactRef } from '../values/artifact.js';
import type { ProblemText } from '../goals/goal.js';
import type { Observation } from '../acting/observation.js';
import type { SkillManifest } from '../acting/skill.js';
import type { Condition, WorldState } from '../values/state.js';
import type { WorldFiles } from './world-files.js';

/** A ready-made situation of a world, with a goal that makes sense in it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly condition: Condition;
}

/** What a world says about itself. */
export interface WorldInfo {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** Name of the planning domain, under which tools are kept; equal domains share tools. */
  readonly domain: string;
  readonly skills: readonly SkillManifest[];
  readonly scenarios: readonly Scenario[];
  readonly offers: WorldOffers;
}

/**
 * Which optional parts the sessions of a world have, said before one is open. Whoever holds a session looks at the
 * session itself (environment.7).
 */
export interface WorldOffers {
  /** Sessions list their legal actions. */
  readonly legal: boolean;
  /** Sessions take snapshots and go back to them. */
  readonly snapshots: boolean;
  /** A session can be cloned from a snapshot; only where there are snapshots. */
  readonly clones: boolean;
}

/** How to open a world: a scenario of its own or a problem of the caller's. */
export interface OpenRequest {
  readonly scenario: string;
  readonly problem: ProblemText | null;
  readonly seed: string;
  /** Opening twice with one id gives the same session, so that a retry after a crash is harmless. */
  readonly sessionId: string;
  /** Files that are there at the beginning, by their names; a world without files leaves them aside. */
  readonly files?: readonly ArtifactRef[];
}

/** A PDDL domain and problem that the agent believes; the world itself may follow stricter rules. */
export interface Rules {
  readonly domain: string;
  readonly problem: string;
}

/** The rules in a record that has an empty text where a world tells none, as journals and messages have. */
export function rulesIn({ domain, problem }: Rules): Rules | null {
  return domain === '' ? null : { domain, problem };
}

/** The texts of rules for such a record. */
export const ruleTexts = (rules: Rules | null): Rules => rules ?? { domain: '', problem: '' };

/** What an agent may know before it acts: the rules it believes, the goal, and whose bodies are there. */
export interface Briefing {
  /** Null where the world tells none. */
  readonly rules: Rules | null;
  readonly condition: Condition;
  /** Objects that act; empty when the world has a single unnamed actor. */
  readonly agents: readonly string[];
}

/** What came of checking a condition: one sentence per part that is false or cannot be evaluated; none where it holds. */
export interface Verdict {
  readonly holds: boolean;
  readonly problems: readonly string[];
}

/** The states of a session, kept and brought back. */
export interface Snapshots {
  /** An opaque text that `restore` and `clone` understand. */
  take(): Promise<string>;
  restore(snapshot: string): Promise<void>;
  /** A second session in the state of a snapshot, with its own seed; absent where the world cannot make one. */
  clone?(snapshot: string, seed: string): Promise<WorldSession>;
}

/** Socket: a kind of environment, local or remote. */
export interface World {
  describe(): Promise<WorldInfo>;
  open(request: OpenRequest, signal?: AbortSignal): Promise<WorldSession>;
  /**
   * Refuses, with `invalid`, what `open` could not take or what would be too large to act in; without it everything is
   * let in.
   */
  admit?(request: Pick<OpenRequest, 'scenario' | 'problem'> & { readonly condition: Condition }): Promise<void>;
  /** Finds an open session again, from any process; `missing` when there is none. */
  resume(sessionId: string): Promise<WorldSession>;
}

/**
 * Socket: one open world. `legal` and `snapshots` are there where the world can do them, and absent where it cannot.
 *
 * environment.1 `act` with a key that was used before changes nothing and gives the recorded answer.
 * environment.2 `check`, `observe` and `legal` change nothing.
 * environment.3 Restoring a snapshot brings back equal facts; a clone and its original never touch each other.
 * environment.4 The same seed, snapshot and actions give the same observations.
 * environment.5 A refused action is an observation with `ok: false`, never an exception, and changes no fact.
 * environment.6 Where `act` says on which state it was decided, an action that the world would not do in another state
 *               is `stale`; one that is possible is done, whatever has changed.
 * environment.7 Every session has exactly the optional parts that the world offers.
 * environment.8 A verdict names a problem for a condition that does not hold, and none for one that holds.
 */
export interface WorldSession {
  readonly id: string;
  briefing(): Promise<Briefing>;
  observe(): Promise<WorldState>;
  /**
   * A signal that fires asks a world that is slow to stop; what it then answers is taken as it is. `decidedOn` is the
   * digest of the state on which the action was decided (environment.6); a world that does not know its versions leaves
   * it aside.
   */
  act(action: Action, key: string, signal?: AbortSignal, decidedOn?: string): Promise<Observation>;
  /** Fails with `invalid` where the condition cannot be read. */
  check(condition: Condition, signal?: AbortSignal): Promise<Verdict>;
  /** Actions the agent may believe to be possible now; absent where the world cannot list them. */
  legal?(signal?: AbortSignal): Promise<readonly Action[]>;
  /** Absent where the world takes none. */
  readonly snapshots?: Snapshots | undefined;
  /** Absent where the world has no files. */
  readonly files?: WorldFiles | undefined;
  close(): Promise<void>;
}

/** The snapshots of a session of which copies are made; fails with `invalid` where it has none. */
export function snapshotsOf({ id, snapshots }: Pick<WorldSession, 'id' | 'snapshots'>): Required<Snapshots> {
  if (snapshots?.clone !== undefined) return snapshots as Required<Snapshots>;
  throw new PraxisError(
    'invalid',
    `The world of the session ${id} takes no snapshots or makes no clones, so that no copy of it can be had.`,
  );
}

/** Socket: the worlds that a process can open, by name. */
export interface WorldCatalog {
  list(): Promise<readonly WorldInfo[]>;
  /** Fails with `missing` and the names there are. */
  get(name: string): Promise<World>;
}

/** Socket: keeps a world's sessions, so that they outlive the process and any executor can act in them. */
export interface SessionStore {
  load(id: string): Promise<{ readonly version: number; readonly body: string } | null>;
  /** Writes version `expected + 1`; false when somebody else wrote first. 0 creates. */
  save(id: string, expected: number, body: string): Promise<boolean>;
  remove(id: string): Promise<void>;
}
