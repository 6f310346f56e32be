import type { Domain } from '../ast.js';

/** Answers questions about a domain's types. A type may have several parents. */
export class TypeHierarchy {
  readonly #above: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(readonly types: Domain['types']) {
    this.#above = new Map([...types.keys()].map((type) => [type, closure(type, types)]));
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  /** The type itself and every type above it; empty for a type that is not declared. */
  above(type: string): ReadonlySet<string> {
    return this.#above.get(type) ?? NONE;
  }

  /** The type itself and every type below it, in the order of declaration after the type itself. */
  below(type: string): readonly string[] {
    return [type, ...[...this.types.keys()].filter((other) => other !== type && this.above(other).has(type))];
  }

  /** Whether one of these types is, or lies below, one of those. */
  isWithin(types: readonly string[], wanted: readonly string[]): boolean {
    return types.some((type) => wanted.some((want) => this.above(type).has(want)));
  }

  /** Whether something could be of both: a vehicle may be a truck or an amphibian, a truck is never a room. */
  mayMeet(types: readonly string[], others: readonly string[]): boolean {
    if (this.isWithin(types, others) || this.isWithin(others, types)) return true;
    return [...this.types.keys()].some((type) => this.isWithin([type], types) && this.isWithin([type], others));
  }

  /** The types without those that lie above another of them. */
  narrowest(types: readonly string[]): readonly string[] {
    const distinct = [...new Set(types)];
    return distinct.filter((type) => {
      return !distinct.some((other) => this.above(other).has(type) && !this.above(type).has(other));
    });
  }
}

const NONE: ReadonlySet<string> = new Set();

function closure(type: string, types: Domain['types']): ReadonlySet<string> {
  const above = new Set([type]);
  // A set may grow while it is iterated; each type is visited once, so a circle ends too.
  for (const one of above) for (const parent of types.get(one) ?? []) above.add(parent);
  return above;
}
