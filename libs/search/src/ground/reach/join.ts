import type { LiftedFormula, ObjectSet, Term } from '../normal/lifted.js';
import type { ColumnIndex, Relation } from './relation.js';
import type { TupleKeys } from './tuple-key.js';

/** One relation in the body of a rule. */
export interface BodyAtom {
  readonly relation: Relation;
  readonly terms: readonly Term[];
  /** Whether the relation is complete before the first join. */
  readonly isStatic: boolean;
}

/** A test over bound slots. */
export interface Filter {
  readonly slots: readonly number[];
  readonly formula: LiftedFormula;
  readonly test: (binding: Int32Array) => boolean;
}

/** What must hold together; every slot stands for an object of its domain. */
export interface Body {
  readonly atoms: readonly BodyAtom[];
  readonly filters: readonly Filter[];
  readonly domains: readonly ObjectSet[];
}

/** What all joins of one grounding share. */
export interface JoinTools {
  readonly keys: TupleKeys;
  readonly tick: () => void;
}

type Columns = readonly (readonly [column: number, term: Term])[];

interface Step {
  readonly relation: Relation;
  /** Columns whose value is known before this step, in ascending order. */
  readonly bound: Columns;
  /** Columns that bind a slot. */
  readonly binds: Columns;
  /** Columns that repeat a slot bound in the same step. */
  readonly repeats: Columns;
  readonly index: ColumnIndex | null;
  readonly filters: readonly Filter[];
  /** Whether the pivot's own row is passed over, so that each match is found once. */
  readonly skipsPivot: boolean;
  readonly scratch: Int32Array;
}

interface Plan {
  readonly first: Step | null;
  readonly steps: readonly Step[];
  readonly filters: readonly Filter[];
}

/**
 * Finds all bindings of a body by nested look-ups.
 *
 * ground-join.1 Each match that contains the pivot's new row is found exactly once over all pivots: a body atom before
 *               the pivot that uses the same relation passes over the new row.
 * ground-join.2 The order of the look-ups is chosen anew as the relations grow (after 1, 4, 16, … runs), by the
 *               estimated number of matching rows; it depends on the relations alone, so equal input gives equal
 *               output.
 */
export class Join {
  readonly body: Body;
  readonly #keys: TupleKeys;
  readonly #tick: () => void;
  readonly #pivot: number;
  readonly #given: ReadonlySet<number>;
  #plan: Plan | null = null;
  #runs = 0;
  #nextPlan = 1;
  #binding: Int32Array = new Int32Array(0);
  #found: () => void = () => undefined;
  #row = -1;

  /** `tick` is called for every row that is looked at, so that long joins can be ended. */
  constructor(
    body: Body,
    tools: JoinTools,
    options: { readonly pivot?: number; readonly given?: Iterable<number> } = {},
  ) {
    this.body = body;
    this.#keys = tools.keys;
    this.#tick = tools.tick;
    this.#pivot = options.pivot ?? -1;
    this.#given = new Set(options.given);
  }

  /** Calls `found` for every match; with a pivot, for those that use this row of it. */
  run(binding: Int32Array, found: () => void, row = -1): void {
    if (this.body.atoms.some((atom, i) => i !== this.#pivot && atom.relation.visible === 0)) return;
    if (++this.#runs >= this.#nextPlan) {
      this.#plan = this.#makePlan();
      this.#nextPlan *= 4;
    }
    const { first, filters } = this.#plan!;
    this.#binding = binding;
    this.#found = found;
    this.#row = row;
    if (first === null) {
      if (passes(filters, binding)) this.#descend(0);
    } else if (this.#agrees(first, row) && this.#take(first, row)) {
      this.#descend(0);
    }
  }

  #descend(depth: number): void {
    const step = this.#plan!.steps[depth];
    if (step === undefined) {
      this.#found();
      return;
    }
    const { relation, bound, scratch, index } = step;
    if (index === null && bound.length === 0) {
      for (let row = 0; row < relation.visible; row++) this.#try(step, row, depth);
      return;
    }
    for (let i = 0; i < bound.length; i++) scratch[i] = this.#value(bound[i]![1]);
    if (index === null) {
      const row = relation.find(scratch);
      if (row >= 0 && row < relation.visible) this.#try(step, row, depth);
      return;
    }
    const head = index.heads.get(this.#keys.key(scratch, 0, bound.length)) ?? -1;
    for (let row = head; row >= 0; row = index.next[row]!) this.#try(step, row, depth);
  }

  #try(step: Step, row: number, depth: number): void {
    this.#tick();
    if (step.skipsPivot && row === this.#row) return;
    if (this.#take(step, row)) this.#descend(depth + 1);
  }

  /** Binds the row's slots; false where it does not fit. */
  #take(step: Step, row: number): boolean {
    const { relation, binds, repeats } = step;
    const binding = this.#binding;
    const start = row * relation.arity;
    for (const [column, slot] of binds) {
      const value = relation.rows[start + column]!;
      if (this.body.domains[slot]!.has[value] === 0) return false;
      binding[slot] = value;
    }
    for (const [column, slot] of repeats) if (relation.rows[start + column] !== binding[slot]) return false;
    return passes(step.filters, binding);
  }

  #agrees(step: Step, row: number): boolean {
    const start = row * step.relation.arity;
    return step.bound.every(([column, term]) => step.relation.rows[start + column] === this.#value(term));
  }

  #value(term: Term): number {
    return term >= 0 ? this.#binding[term]! : ~term;
  }

  #makePlan(): Plan {
    const bound = new Set(this.#given);
    const filters = new Set(this.body.filters);
    const ready = (): readonly Filter[] => {
      const now = [...filters].filter((filter) => filter.slots.every((slot) => bound.has(slot)));
      for (const filter of now) filters.delete(filter);
      return now;
    };
    const atStart = ready();
    const pivot = this.body.atoms[this.#pivot];
    const first = pivot === undefined ? null : this.#makeStep(this.#pivot, bound, () => [...atStart, ...ready()]);
    const left = new Set(this.body.atoms.keys());
    left.delete(this.#pivot);
    const steps: Step[] = [];
    while (left.size > 0) {
      const next = cheapest(this.body, left, bound);
      left.delete(next);
      steps.push(this.#makeStep(next, bound, ready));
    }
    return { first, steps, filters: atStart };
  }

  #makeStep(atom: number, slots: Set<number>, ready: () => readonly Filter[]): Step {
    const { relation, terms } = this.body.atoms[atom]!;
    const bound: [number, Term][] = [];
    const binds: [number, Term][] = [];
    const repeats: [number, Term][] = [];
    const fresh = new Set<number>();
    for (const [column, term] of terms.entries()) {
      if (term < 0 || slots.has(term)) bound.push([column, term]);
      else if (fresh.has(term)) repeats.push([column, term]);
      else {
        fresh.add(term);
        binds.push([column, term]);
      }
    }
    for (const slot of fresh) slots.add(slot);
    const partial = atom !== this.#pivot && bound.length > 0 && bound.length < terms.length;
    const index = partial ? relation.indexOn(bound.map(([column]) => column)) : null;
    const skipsPivot = this.#pivot > atom && relation === this.body.atoms[this.#pivot]!.relation;
    return {
      relation,
      bound,
      binds,
      repeats,
      index,
      filters: ready(),
      skipsPivot,
      scratch: new Int32Array(bound.length),
    };
  }
}

/** The rows one look-up in this atom is expected to give where these slots are bound. */
export function expectedRows({ relation, terms }: BodyAtom, bound: ReadonlySet<number>): number {
  let rows = relation.visible;
  for (const [column, term] of terms.entries())
    if (term < 0 || bound.has(term)) rows /= Math.max(1, relation.distinct[column]!);
  return rows;
}

function cheapest(body: Body, left: ReadonlySet<number>, bound: ReadonlySet<number>): number {
  let best = -1;
  let least = Infinity;
  for (const atom of left) {
    const rows = expectedRows(body.atoms[atom]!, bound);
    if (rows < least) {
      best = atom;
      least = rows;
    }
  }
  return best;
}

function passes(filters: readonly Filter[], binding: Int32Array): boolean {
  for (const filter of filters) if (!filter.test(binding)) return false;
  return true;
}
