import { digest } from './digest.js';

/** A ground atom in PDDL form, lower case, single spaces: `(at robot1 kitchen)`. */
export type Fact = string;

/** A fact or its negation: `(open door1)`, `(not (open door1))`. */
export type Literal = string;

/** A PDDL goal description over named objects, e.g. `(and (at ball room2) (not (open door1)))`. */
export type Condition = string;

/** What is known to be true now; a fact that is not listed is false. */
export interface WorldState {
  readonly facts: readonly Fact[];
  /** Numeric fluents by term, e.g. `{'(fuel truck1)': 3}`. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** The difference between two states: small, so that a journal of steps stays linear. */
export interface StateChange {
  readonly added: readonly Fact[];
  readonly removed: readonly Fact[];
  /** New values of the numbers that changed; null where the number is gone. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

/** The state in which nothing is true. */
export const EMPTY_STATE: WorldState = { facts: [], numbers: {} };

/** The change that changes nothing. */
export const EMPTY_CHANGE: StateChange = { added: [], removed: [], numbers: {} };

/** Makes a state with its facts sorted and unique, so that equal states are equal as JSON. */
export function makeState(facts: Iterable<Fact>, numbers: Readonly<Record<string, number>> = {}): WorldState {
  const sorted = Object.fromEntries(Object.entries(numbers).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { facts: [...new Set(facts)].sort(), numbers: sorted };
}

/** What must change for `before` to become `after`. */
export function diffStates(before: WorldState, after: WorldState): StateChange {
  const old = new Set(before.facts);
  const now = new Set(after.facts);
  const numbers: Record<string, number | null> = {};
  for (const key of new Set([...Object.keys(before.numbers), ...Object.keys(after.numbers)])) {
    const value = after.numbers[key];
    if (value !== before.numbers[key]) numbers[key] = value ?? null;
  }
  return { added: after.facts.filter((f) => !old.has(f)), removed: before.facts.filter((f) => !now.has(f)), numbers };
}

/** Applies a difference; `applyChange(a, diffStates(a, b))` equals `b`. */
export function applyChange(state: WorldState, change: StateChange): WorldState {
  const gone = new Set(change.removed);
  const numbers: Record<string, number> = { ...state.numbers };
  for (const [key, value] of Object.entries(change.numbers)) {
    if (value === null) delete numbers[key];
    else numbers[key] = value;
  }
  return makeState([...state.facts.filter((f) => !gone.has(f)), ...change.added], numbers);
}

/** True where nothing changed. */
export function isNoChange(change: StateChange): boolean {
  return change.added.length === 0 && change.removed.length === 0 && Object.keys(change.numbers).length === 0;
}

/** Whether the same is true in both states, in whatever order they list it. */
export const sameState = (a: WorldState, b: WorldState): boolean => isNoChange(diffStates(a, b));

/** A short name for a state: equal states have equal digests. */
export function stateDigest(state: WorldState): string {
  return digest({ facts: [...state.facts], numbers: { ...state.numbers } });
}

/** The literal that is true where this one is false. */
export function negate(literal: Literal): Literal {
  const inner = /^\(not (\(.*\))\)$/.exec(literal);
  return inner?.[1] ?? `(not ${literal})`;
}

/** Whether a literal holds in a state. */
export function literalHolds(literal: Literal, state: WorldState): boolean {
  const inner = /^\(not (\(.*\))\)$/.exec(literal);
  return inner ? !isFact(inner[1]!, state.facts) : isFact(literal, state.facts);
}

/** Longer lists of facts are looked up in a set, which is made once for each list. */
const FEW = 64;
const sets = new WeakMap<readonly Fact[], ReadonlySet<Fact>>();

function isFact(fact: Fact, facts: readonly Fact[]): boolean {
  if (facts.length <= FEW) return facts.includes(fact);
  let set = sets.get(facts);
  if (set === undefined) sets.set(facts, (set = new Set(facts)));
  return set.has(fact);
}

/** All of these, as one condition. */
export function conjunction(literals: readonly Literal[]): Condition {
  return literals.length === 1 ? literals[0]! : `(and ${literals.join(' ')})`.replace('(and )', '(and)');
}
