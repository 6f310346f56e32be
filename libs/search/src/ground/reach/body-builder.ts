import type { Evaluator } from './evaluator.js';
import { Join, type Body, type BodyAtom, type Filter, type JoinTools } from './join.js';
import { addSlots, freeSlots, type LiftedAtom, type LiftedFormula, type ObjectSet } from '../normal/lifted.js';
import { Relation } from './relation.js';
import { objectSet, type Universe } from './universe.js';

/** What a rule's body is made of. */
export interface BodyParts {
  readonly atoms: readonly LiftedAtom[];
  /** Atoms over relations that are not predicates. */
  readonly others?: readonly BodyAtom[];
  readonly filters: readonly LiftedFormula[];
  readonly domains: readonly ObjectSet[];
  /** Slots whose value the rule's head needs. */
  readonly keep: ReadonlySet<number>;
  /** Slots that are bound before the body is joined. */
  readonly given?: ReadonlySet<number>;
}

/** Eliminating a slot makes a table over the slots it was joined with; more columns than this may be too many rows. */
const WIDEST_ELIMINATION = 2;

/**
 * Makes bodies that are quick to join: static predicates of one object narrow the domains, slots that no atom binds
 * run over their domain, and slots that only static atoms use and the head does not need are projected away.
 */
export class BodyBuilder {
  readonly universe: Universe;
  readonly tools: JoinTools;
  readonly #evaluator: Evaluator;

  constructor(universe: Universe, evaluator: Evaluator, tick: () => void) {
    this.universe = universe;
    this.tools = { keys: universe.keys, tick };
    this.#evaluator = evaluator;
  }

  build(parts: BodyParts): Body {
    const given = parts.given ?? new Set<number>();
    const domains = [...parts.domains];
    const { facts } = this.#evaluator;
    const atoms: BodyAtom[] = [...(parts.others ?? [])];
    for (const { predicate, terms } of parts.atoms) {
      const relation = facts.relations[predicate]!;
      const isStatic = facts.isStatic(predicate);
      const only = isStatic && terms.length === 1 ? terms[0]! : -1;
      if (only >= 0 && !given.has(only)) domains[only] = this.#narrowed(domains[only]!, relation);
      else atoms.push({ relation, terms, isStatic });
    }
    const filters = parts.filters.map((formula) => this.#filter(formula, domains));
    for (const slot of unboundSlots(parts, atoms, filters))
      atoms.push({ relation: this.#domainRelation(domains[slot]!), terms: [slot], isStatic: true });
    return this.#eliminate({ atoms, filters, domains }, new Set([...parts.keep, ...given]));
  }

  #filter(formula: LiftedFormula, domains: readonly ObjectSet[]): Filter {
    const test = (binding: Int32Array): boolean => this.#evaluator.formula(formula, binding, domains) === true;
    return { slots: [...freeSlots(formula)], formula, test };
  }

  #narrowed(domain: ObjectSet, relation: Relation): ObjectSet {
    const list = domain.list.filter((object) => relation.find([object]) >= 0);
    return objectSet(list, this.universe.objects.length);
  }

  #domainRelation(domain: ObjectSet): Relation {
    const relation = new Relation(1, this.universe.keys, this.universe.objects.length);
    for (const object of domain.list) relation.insert([object]);
    relation.revealAll();
    return relation;
  }

  #eliminate(body: Body, keep: ReadonlySet<number>): Body {
    let current = body;
    const slots = new Set<number>();
    for (const { terms } of body.atoms) addSlots(terms, slots);
    for (const slot of slots) if (!keep.has(slot)) current = this.#without(slot, current);
    return current;
  }

  #without(slot: number, body: Body): Body {
    const atoms = body.atoms.filter((atom) => atom.terms.includes(slot));
    const filters = body.filters.filter((filter) => filter.slots.includes(slot));
    const neighbours = new Set<number>();
    for (const { terms } of atoms) addSlots(terms, neighbours);
    const covered = filters.every((filter) => filter.slots.every((other) => neighbours.has(other)));
    neighbours.delete(slot);
    if (!covered || atoms.some((atom) => !atom.isStatic) || neighbours.size > WIDEST_ELIMINATION) return body;
    const terms = [...neighbours];
    const relation = new Relation(terms.length, this.universe.keys, this.universe.objects.length);
    const binding = new Int32Array(body.domains.length);
    const part: Body = { atoms, filters, domains: body.domains };
    new Join(part, this.tools).run(binding, () => void relation.insert(terms.map((term) => binding[term]!)));
    relation.revealAll();
    return {
      atoms: [...body.atoms.filter((atom) => !atoms.includes(atom)), { relation, terms, isStatic: true }],
      filters: body.filters.filter((filter) => !filters.includes(filter)),
      domains: body.domains,
    };
  }
}

/** The slots that are used and that neither an atom binds nor the caller. */
function unboundSlots(
  { atoms, keep, given }: BodyParts,
  binding: readonly BodyAtom[],
  filters: readonly Filter[],
): ReadonlySet<number> {
  const unbound = new Set(keep);
  for (const { terms } of atoms) addSlots(terms, unbound);
  for (const { slots } of filters) addSlots(slots, unbound);
  for (const slot of given ?? []) unbound.delete(slot);
  for (const { terms } of binding) for (const term of terms) unbound.delete(term);
  return unbound;
}

/** Whether the body binds no slot beyond these, so that no two matches agree on them. */
export function bindsOnly(body: Body, slots: ReadonlySet<number>): boolean {
  return body.atoms.every(({ terms }) => terms.every((term) => term < 0 || slots.has(term)));
}
