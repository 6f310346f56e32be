import type { BodyBuilder } from './body-builder.js';
import { bindsOnly } from './body-builder.js';
import { casesOf, sortCase, type SortedCase } from '../normal/cases.js';
import type { Evaluator } from './evaluator.js';
import type { Watch } from '../halt.js';
import { Join, type Body } from './join.js';
import {
  addSlots,
  freeSlots,
  numberSlots,
  type LiftedAction,
  type LiftedAtom,
  type LiftedAxiom,
  type LiftedEffect,
} from '../normal/lifted.js';
import { appendTo } from './lists-by-key.js';
import { Relation } from './relation.js';
import type { Universe } from './universe.js';

/** One case of an action or an axiom, with all bindings under which it can be reached. */
export interface ReachedCase<Schema> {
  readonly schema: Schema;
  readonly sorted: SortedCase;
  /** The slots which the columns of `table` bind. */
  readonly slots: readonly number[];
  readonly table: Relation;
  /** Whether another case, or another row of this one, may stand for the same action. */
  readonly repeats: boolean;
}

interface Watcher {
  readonly join: Join;
  readonly binding: Int32Array;
  readonly fire: () => void;
}

/**
 * Everything that can be reached when deletes, negative conditions that may change and numbers that may change are
 * ignored, by semi-naive evaluation: each new fact is joined with what was known before it.
 *
 * reachability.1 A fact is joined once, when it leaves the queue; facts still in the queue are not seen by joins
 *                (relation.2).
 * reachability.2 The result contains every fact and every action that any real state can reach.
 */
export class Reachability {
  readonly #universe: Universe;
  readonly #evaluator: Evaluator;
  readonly #bodies: BodyBuilder;
  readonly #watch: Watch;
  readonly #watchers = new Map<Relation, Watcher[]>();
  readonly #once: Watcher[] = [];
  readonly #queue: Relation[] = [];

  constructor(universe: Universe, evaluator: Evaluator, bodies: BodyBuilder, watch: Watch) {
    this.#universe = universe;
    this.#evaluator = evaluator;
    this.#bodies = bodies;
    this.#watch = watch;
  }

  addAxiom(axiom: LiftedAxiom): readonly ReachedCase<LiftedAxiom>[] {
    return casesOf(axiom.condition).map((one, _, cases) => {
      const sorted = sortCase(one, this.#universe);
      const keep = new Set<number>();
      addSlots(axiom.head.terms, keep);
      const heads = [axiom.head];
      const repeats = cases.length > 1 || sorted.extra.length > 0;
      return this.#addCase(axiom, { sorted, keep, repeats }, (binding) => this.#deriveAll(heads, binding));
    });
  }

  addAction(action: LiftedAction): readonly ReachedCase<LiftedAction>[] {
    const consequences = action.effects.flatMap((effect) => this.#consequences(action, effect));
    return casesOf(action.precondition).map((one, _, cases) => {
      const sorted = sortCase(one, this.#universe);
      const repeats = cases.length > 1 || sorted.extra.length > 0;
      return this.#addCase(action, { sorted, keep: new Set(action.parameters), repeats }, (binding) => {
        this.#watch.operator();
        for (const follow of consequences) follow(binding);
      });
    });
  }

  /** Runs until nothing new can be reached. */
  run(): void {
    const { relations } = this.#evaluator.facts;
    for (const relation of relations)
      for (let row = relation.visible; row < relation.size; row++) this.#queue.push(relation);
    for (const { join, binding, fire } of this.#once) join.run(binding, fire);
    for (let next = 0; next < this.#queue.length; next++) {
      const relation = this.#queue[next]!;
      const row = relation.reveal();
      for (const { join, binding, fire } of this.#watchers.get(relation) ?? []) join.run(binding, fire, row);
      this.#watch.tick();
    }
  }

  #addCase<Schema extends LiftedAction | LiftedAxiom>(
    schema: Schema,
    { sorted, keep, repeats }: { readonly sorted: SortedCase; readonly keep: Set<number>; readonly repeats: boolean },
    follow: (binding: Int32Array) => void,
  ): ReachedCase<Schema> {
    for (const atom of sorted.atoms) if (!this.#evaluator.facts.isStatic(atom.predicate)) addSlots(atom.terms, keep);
    for (const formula of sorted.open) freeSlots(formula, keep);
    const body = this.#bodies.build({ atoms: sorted.atoms, filters: sorted.filters, domains: schema.domains, keep });
    const slots = [...keep];
    const table = this.#relation(slots.length);
    const unique = bindsOnly(body, keep);
    const tuple = new Int32Array(slots.length);
    this.#addRule(body, (binding) => {
      for (let i = 0; i < slots.length; i++) tuple[i] = binding[slots[i]!]!;
      if (unique) table.append(tuple);
      else if (!table.insert(tuple)) return;
      follow(binding);
    });
    return { schema, sorted, slots, table, repeats };
  }

  /** What to do with each reached binding of the action so that the effect's adds are reached in their turn. */
  #consequences(action: LiftedAction, effect: LiftedEffect): readonly ((binding: Int32Array) => void)[] {
    if (effect.add.length === 0 || effect.slots.some((slot) => action.domains[slot]!.list.length === 0)) return [];
    return casesOf(effect.condition).map((one) => {
      const { atoms, filters } = sortCase(one, this.#universe);
      const keep = slotsOf(effect.add);
      const used = new Set(keep);
      for (const { terms } of atoms) addSlots(terms, used);
      for (const filter of filters) freeSlots(filter, used);
      const parameters = action.parameters.filter((slot) => used.has(slot));
      if (atoms.length === 0 && filters.length === 0 && parameters.length === used.size) {
        return (binding) => this.#deriveAll(effect.add, binding);
      }
      const projection = this.#relation(parameters.length);
      const others = [{ relation: projection, terms: parameters, isStatic: false }];
      const body = this.#bodies.build({ atoms, others, filters, domains: action.domains, keep });
      this.#addRule(body, (binding) => this.#deriveAll(effect.add, binding));
      return (binding) => this.#derive(projection, parameters, binding);
    });
  }

  #relation(arity: number): Relation {
    return new Relation(arity, this.#universe.keys, this.#universe.objects.length);
  }

  #addRule(body: Body, follow: (binding: Int32Array) => void): void {
    const binding = new Int32Array(body.domains.length);
    const fire = (): void => follow(binding);
    if (body.atoms.every((atom) => atom.isStatic)) {
      this.#once.push({ join: new Join(body, this.#bodies.tools), binding, fire });
      return;
    }
    for (const [pivot, { relation, isStatic }] of body.atoms.entries()) {
      if (isStatic) continue;
      appendTo(this.#watchers, relation, { join: new Join(body, this.#bodies.tools, { pivot }), binding, fire });
    }
  }

  #deriveAll(atoms: readonly LiftedAtom[], binding: Int32Array): void {
    for (const { predicate, terms } of atoms) this.#derive(this.#evaluator.facts.relations[predicate]!, terms, binding);
  }

  #derive(relation: Relation, terms: readonly number[], binding: Int32Array): void {
    if (relation.insert(this.#evaluator.tuple(terms, binding))) this.#queue.push(relation);
  }
}

/** The slots that these effects need bound. */
export function effectSlots(effect: LiftedEffect): Set<number> {
  const slots = slotsOf([...effect.add, ...effect.del]);
  for (const { terms, value } of effect.assign) {
    addSlots(terms, slots);
    numberSlots(value, slots);
  }
  return slots;
}

function slotsOf(atoms: readonly LiftedAtom[]): Set<number> {
  const slots = new Set<number>();
  for (const { terms } of atoms) addSlots(terms, slots);
  return slots;
}
