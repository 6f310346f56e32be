import type { AtomTable } from './atom-table.js';
import type { GroundAction, GroundAxiom } from './ground-action.js';
import { literalOf, type GroundLiteral } from './ground-formula.js';

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

interface Clauses {
  readonly bodySizes: Int32Array;
  readonly heads: readonly (readonly number[])[];
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
export function settleLiterals(actions: readonly GroundAction[], axioms: readonly GroundAxiom[], atoms: AtomTable): LiteralStatus {
  const clauses = clausesOf(actions, axioms, 2 * atoms.count);
  const certain = new Uint8Array(2 * atoms.count);
  for (let before = -1, sum = 0; sum !== before; ) {
    const reached = reach(clauses, atoms, certain);
    markCertain(reached, certain, axioms, atoms);
    before = sum;
    sum = certain.reduce((total, one) => total + one, 0);
    if (axioms.length === 0 || sum === before) return { reached, certain };
  }
  throw new Error('unreachable');
}

/** An action's conditional effects wait for a token of its own (after all literals) beside their conditions. */
function clausesOf(actions: readonly GroundAction[], axioms: readonly GroundAxiom[], literals: number): Clauses {
  const bodies: (readonly number[])[] = [];
  const heads: (readonly number[])[] = [];
  let tokens = literals;
  for (const { condition, effects } of actions) {
    const [first, ...conditional] = effects.map(({ add, del }) => [...add.map((a) => literalOf(a, true)), ...del.map((a) => literalOf(a, false))]);
    bodies.push(condition.literals);
    if (conditional.length === 0) {
      heads.push(first!);
      continue;
    }
    const token = tokens++;
    heads.push([...first!, token]);
    for (const [i, head] of conditional.entries()) {
      bodies.push([...effects[i + 1]!.condition.literals, token]);
      heads.push(head);
    }
  }
  for (const { head, condition } of axioms) {
    bodies.push(condition.literals);
    heads.push([literalOf(head, true)]);
  }
  const start = new Int32Array(tokens + 2);
  for (const body of bodies) for (const token of body) start[token + 2]!++;
  for (let i = 2; i < start.length; i++) start[i]! += start[i - 1]!;
  const clauses = new Int32Array(start[tokens + 1]!);
  for (const [i, body] of bodies.entries()) for (const token of body) clauses[start[token + 1]!++] = i;
  return { bodySizes: Int32Array.from(bodies, (body) => body.length), heads, start, clauses };
}

function reach({ bodySizes, heads, start, clauses }: Clauses, atoms: AtomTable, certain: Uint8Array): Uint8Array {
  const reached = new Uint8Array(start.length - 2);
  const missing = bodySizes.slice();
  const queue: number[] = [];
  const mark = (token: number): void => {
    if (reached[token] === 1) return;
    reached[token] = 1;
    queue.push(token);
  };
  for (let atom = 0; atom < atoms.count; atom++) {
    if (atoms.isInitial(atom)) mark(literalOf(atom, true));
    else if (certain[literalOf(atom, true)] === 0) mark(literalOf(atom, false));
  }
  for (let i = 0; i < missing.length; i++) if (missing[i] === 0) for (const head of heads[i]!) mark(head);
  for (let token = queue.pop(); token !== undefined; token = queue.pop()) {
    for (let k = start[token]!; k < start[token + 1]!; k++) {
      const clause = clauses[k]!;
      if (--missing[clause]! === 0) for (const head of heads[clause]!) mark(head);
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
  for (let changed = true; changed; ) {
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
