import type { AtomTable } from './atom-table.js';
import type { GroundAction, GroundAxiom, GroundEffect } from '../ground-action.js';
import { literalOf, type GroundLiteral } from '../ground-formula.js';

/** What is known about each literal of a set of ground actions and axioms. */
export interface LiteralStatus {
  /** Literals that may hold in some reachable state. */
  readonly reached: Uint8Array;
  /** Literals that hold in every reachable state. */
  readonly certain: Uint8Array;
}

/** The truth of a literal in every reachable state, or null where it may change. */
export function knownIn({ reached, certain }: LiteralStatus): (literal: GroundLiteral) => boolean | null {
  return (literal) => (certain[literal] === 1 ? true : reached[literal] === 0 ? false : null);
}

/** Clauses in order: one for each effect of each action, then one for each axiom. */
interface Clauses {
  readonly bodySizes: Int32Array;
  readonly effects: readonly (GroundEffect | GroundAxiom)[];
  /** The token that a clause makes true beside its effects, or -1: conditional effects wait for their action's. */
  readonly tokens: Int32Array;
  /** Clauses by the token in their body: those of token t are `clauses[start[t] … start[t+1]-1]`. */
  readonly start: Int32Array;
  readonly clauses: Int32Array;
}

/**
 * Settles which literals can be reached and which always hold, on the ground level: the same relaxation as before, but
 * with negative literals counted too.
 *
 * Reaching assumes that a derived atom may be false unless it is certain, and certainty builds on what cannot be
 * reached, so both are repeated until nothing changes.
 */
export function settleLiterals(
  actions: readonly GroundAction[],
  axioms: readonly GroundAxiom[],
  atoms: AtomTable,
): LiteralStatus {
  const clauses = clausesOf(actions, axioms, 2 * atoms.count);
  const certain = new Uint8Array(2 * atoms.count);
  for (let known = -1; ;) {
    const reached = reach(clauses, atoms, certain);
    markCertain(reached, certain, axioms, atoms);
    const now = certain.reduce((sum, one) => sum + one, 0);
    if (axioms.length === 0 || now === known) return { reached, certain };
    known = now;
  }
}

/** Tokens are the literals, then one for each action with conditional effects: it is usable. */
function clausesOf(actions: readonly GroundAction[], axioms: readonly GroundAxiom[], literals: number): Clauses {
  const effects: (GroundEffect | GroundAxiom)[] = [];
  const bodies: (readonly number[])[] = [];
  const made: number[] = [];
  let tokens = literals;
  const enter = (effect: GroundEffect | GroundAxiom, body: readonly number[], makes: number): void => {
    effects.push(effect);
    bodies.push(body);
    made.push(makes);
  };
  for (const { condition, effects: parts } of actions) {
    const token = parts.length > 1 ? tokens++ : -1;
    for (const [i, effect] of parts.entries()) {
      if (i === 0) enter(effect, condition.literals, token);
      else enter(effect, [...effect.condition.literals, token], -1);
    }
  }
  for (const axiom of axioms) enter(axiom, axiom.condition.literals, -1);
  return { effects, tokens: Int32Array.from(made), ...byToken(bodies, tokens) };
}

function byToken(
  bodies: readonly (readonly number[])[],
  tokens: number,
): Pick<Clauses, 'bodySizes' | 'start' | 'clauses'> {
  const start = new Int32Array(tokens + 2);
  for (const body of bodies) for (const token of body) start[token + 2]!++;
  for (let i = 2; i < start.length; i++) start[i]! += start[i - 1]!;
  const clauses = new Int32Array(start[tokens + 1]!);
  for (const [i, body] of bodies.entries()) for (const token of body) clauses[start[token + 1]!++] = i;
  return { bodySizes: Int32Array.from(bodies, (body) => body.length), start, clauses };
}

function reach(
  { bodySizes, effects, tokens, start, clauses }: Clauses,
  atoms: AtomTable,
  certain: Uint8Array,
): Uint8Array {
  const reached = new Uint8Array(start.length - 2);
  const missing = bodySizes.slice();
  const queue: number[] = [];
  const mark = (token: number): void => {
    if (reached[token] === 1) return;
    reached[token] = 1;
    queue.push(token);
  };
  const fire = (clause: number): void => {
    const effect = effects[clause]!;
    if ('head' in effect) {
      mark(literalOf(effect.head, true));
      return;
    }
    for (const atom of effect.add) mark(literalOf(atom, true));
    for (const atom of effect.del) mark(literalOf(atom, false));
    if (tokens[clause]! >= 0) mark(tokens[clause]!);
  };
  for (let atom = 0; atom < atoms.count; atom++) {
    if (atoms.isInitial(atom)) mark(literalOf(atom, true));
    else if (certain[literalOf(atom, true)] === 0) mark(literalOf(atom, false));
  }
  for (let i = 0; i < missing.length; i++) if (missing[i] === 0) fire(i);
  for (let token = queue.pop(); token !== undefined; token = queue.pop()) {
    for (let k = start[token]!; k < start[token + 1]!; k++) {
      const clause = clauses[k]!;
      if (--missing[clause]! === 0) fire(clause);
    }
  }
  return reached.subarray(0, 2 * atoms.count);
}

function markCertain(reached: Uint8Array, certain: Uint8Array, axioms: readonly GroundAxiom[], atoms: AtomTable): void {
  for (let atom = 0; atom < atoms.count; atom++) {
    const positive = literalOf(atom, true);
    if (reached[positive] === 0) certain[positive + 1] = 1;
    else if (reached[positive + 1] === 0) certain[positive] = 1;
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const { head, condition } of axioms) {
      const positive = literalOf(head, true);
      if (certain[positive] === 1 || condition.numeric.length + condition.rest.length > 0) continue;
      if (!condition.literals.every((literal) => certain[literal] === 1)) continue;
      certain[positive] = 1;
      changed = true;
    }
  }
}
