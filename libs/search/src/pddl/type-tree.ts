import type { Domain } from './ast.js';

/** Answers questions about a domain's types; the tree must be free of circles. */
export class TypeTree {
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  constructor(readonly types: Domain['types']) {
    for (const type of types.keys()) {
      const line = new Set<string>();
      for (let up: string | null = type; up !== null && !line.has(up); up = types.get(up) ?? null) line.add(up);
      this.#ancestors.set(type, line);
    }
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  /** Whether one of these types is, or lies below, one of those. */
  isWithin(types: readonly string[], wanted: readonly string[]): boolean {
    return types.some((type) => wanted.some((want) => this.#ancestors.get(type)?.has(want) ?? false));
  }

  /** Whether something could be of both: a vehicle may be a truck, a truck is never a room. */
  mayMeet(types: readonly string[], others: readonly string[]): boolean {
    return this.isWithin(types, others) || this.isWithin(others, types);
  }
}
