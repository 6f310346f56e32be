import type { Domain, Problem } from '../pddl/ast.js';
import { objectsOf } from '../pddl/types/objects.js';
import { TypeHierarchy } from '../pddl/types/type-hierarchy.js';

/** All objects of a task, constants included, by type. */
export class ObjectTable {
  readonly #types: ReadonlyMap<string, readonly string[]>;
  readonly #hierarchy: TypeHierarchy;
  readonly #lists = new Map<string, readonly string[]>();

  constructor(domain: Domain, problem: Problem) {
    this.#hierarchy = new TypeHierarchy(domain.types);
    this.#types = new Map(objectsOf(domain, problem).map(({ name, types }) => [name, types]));
  }

  has(name: string): boolean {
    return this.#types.has(name);
  }

  names(): Iterable<string> {
    return this.#types.keys();
  }

  /** The types an object was declared with. */
  typesOf(name: string): readonly string[] {
    return this.#types.get(name) ?? [];
  }

  /** Whether an object is of one of these types. */
  isOf(name: string, types: readonly string[]): boolean {
    const own = this.#types.get(name);
    return own !== undefined && this.#hierarchy.isWithin(own, types);
  }

  /** Every object of one of these types. */
  ofTypes(types: readonly string[]): readonly string[] {
    const key = types.join(' ');
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = [...this.#types.keys()].filter((name) => this.isOf(name, types));
      this.#lists.set(key, list);
    }
    return list;
  }
}
