import type { Action } from '../values/action.js';
import type { ArtifactRef } from '../values/artifact.js';
import type { ProblemText } from '../goals/goal.js';
import type { Observation } from '../acting/observation.js';
import type { SkillManifest } from '../acting/skill.js';
import type { Condition, WorldState } from '../values/state.js';

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
  readonly can: { readonly snapshot: boolean; readonly clone: boolean; readonly legal: boolean };
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

/** What an agent may know before it acts: the rules it believes, the objects, the goal, and whose bodies are there. */
export interface Briefing {
  /** PDDL the agent believes; the world itself may follow stricter rules. Both empty where a world has no PDDL. */
  readonly domain: string;
  readonly problem: string;
  readonly condition: Condition;
  /** Objects that act; empty when the world has a single unnamed actor. */
  readonly agents: readonly string[];
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
 * Socket: one open world.
 *
 * environment.1 `act` with a key that was used before changes nothing and gives the recorded answer.
 * environment.2 `check`, `observe` and `legal` change nothing.
 * environment.3 `restore(snapshot())` brings back equal facts; a clone and its original never touch each other.
 * environment.4 The same seed, snapshot and actions give the same observations.
 * environment.5 A refused action is an observation with `ok: false`, never an exception, and changes no fact.
 * environment.6 Where `act` says on which state it was decided, an action that the world would not do in another state
 *               is `stale`; one that is possible is done, whatever has changed.
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
  /** Actions the agent may believe to be possible now; empty where the world cannot tell. */
  legal(signal?: AbortSignal): Promise<readonly Action[]>;
  check(condition: Condition, signal?: AbortSignal): Promise<boolean>;
  /** An opaque text that `restore` and `clone` understand. */
  snapshot(): Promise<string>;
  restore(snapshot: string): Promise<void>;
  /** A second world in the state of a snapshot, with its own seed. */
  clone(snapshot: string, seed: string): Promise<WorldSession>;
  close(): Promise<void>;
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
