import type { Domain, Problem, TypedName } from '../pddl/ast.js';
import { TypeTree } from '../pddl/type-tree.js';

/** All objects of a task, constants included, by type. */
export class ObjectTable {
  readonly #types: ReadonlyMap<string, readonly string[]>;
  readonly #tree: TypeTree;
  readonly #lists = new Map<string, readonly string[]>();

  constructor(domain: Domain, problem: Problem) {
    const all: readonly TypedName[] = [...domain.constants, ...problem.objects];
    this.#tree = new TypeTree(domain.types);
    this.#types = new Map(all.map(({ name, types }) => [name, types]));
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
    return own !== undefined && this.#tree.isWithin(own, types);
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
