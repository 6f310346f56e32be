import type { Formula } from '../pddl/ast.js';
import type { Query, QueryAtom } from './query.js';
import type { Row, Situation } from './situation.js';

/** Objects for variables. It is changed in place while a formula is walked, and put back afterwards. */
export type Binding = Map<string, string>;

/** Decides a formula whose variables are all bound. */
export type Test = (formula: Formula, binding: Binding, situation: Situation) => boolean;

/** One atom of a query, and the only rows that it may match. */
export interface Pivot {
  readonly atom: number;
  readonly rows: readonly Row[];
}

/** Is shown each solution; answers `stop` when it has seen enough. */
export type Visit = (binding: Binding) => 'stop' | 'more';

/**
 * Finds the values of a query's variables for which it holds.
 *
 * interpret-join.1 The query's own variables hide those of the same name in `binding`, which is as before when this
 *                  returns.
 * interpret-join.2 The atom with the fewest rows is joined next; variables that no atom names run over all objects of
 *                  their type.
 * interpret-join.3 A test runs as soon as the last of its variables is bound.
 * interpret-join.4 Every row and every value that is looked at is a step of the situation's meter.
 */
export function solve(query: Query, binding: Binding, situation: Situation, test: Test, visit: Visit): 'stop' | 'more' {
  const hidden: [string, string][] = [];
  for (const name of query.variables.keys()) {
    const value = binding.get(name);
    if (value === undefined) continue;
    hidden.push([name, value]);
    binding.delete(name);
  }
  const answer = new Join(query, binding, situation, test, visit).run(null);
  for (const [name, value] of hidden) binding.set(name, value);
  return answer;
}

/** The same where one atom runs over the pivot's rows alone, and nothing is bound beforehand. */
export function solveFrom(pivot: Pivot, query: Query, situation: Situation, test: Test, visit: Visit): 'stop' | 'more' {
  return new Join(query, new Map(), situation, test, visit).run(pivot);
}

class Join {
  constructor(
    readonly query: Query,
    readonly binding: Binding,
    readonly situation: Situation,
    readonly test: Test,
    readonly visit: Visit,
  ) {}

  run(pivot: Pivot | null): 'stop' | 'more' {
    if (!this.#passes(null)) return 'more';
    const { atoms } = this.query;
    return pivot === null
      ? this.#next(atoms)
      : this.#over(
          atoms[pivot.atom]!,
          pivot.rows,
          atoms.filter((_, at) => at !== pivot.atom),
        );
  }

  #next(atoms: readonly QueryAtom[]): 'stop' | 'more' {
    if (atoms.length === 0) return this.#enumerate();
    let best = atoms[0]!;
    let rows = this.#rows(best);
    for (const atom of atoms) {
      const other = atom === best ? rows : this.#rows(atom);
      if (other.length >= rows.length) continue;
      best = atom;
      rows = other;
    }
    return this.#over(
      best,
      rows,
      atoms.filter((atom) => atom !== best),
    );
  }

  #over(atom: QueryAtom, rows: readonly Row[], rest: readonly QueryAtom[]): 'stop' | 'more' {
    // Rules may add rows while this runs; those are for the next round.
    for (let at = 0, end = rows.length; at < end; at += 1) {
      this.situation.meter.tick();
      const bound = this.#match(atom, rows[at]!);
      if (bound === null) continue;
      const answer = this.#passes(bound) ? this.#next(rest) : 'more';
      this.#unbind(bound);
      if (answer === 'stop') return answer;
    }
    return 'more';
  }

  #enumerate(): 'stop' | 'more' {
    for (const [name, types] of this.query.variables) {
      if (this.binding.has(name)) continue;
      for (const value of this.situation.objects.ofTypes(types)) {
        this.situation.meter.tick();
        this.binding.set(name, value);
        const answer = this.#passes([name]) ? this.#enumerate() : 'more';
        this.binding.delete(name);
        if (answer === 'stop') return answer;
      }
      return 'more';
    }
    return this.visit(this.binding);
  }

  #rows(atom: QueryAtom): readonly Row[] {
    return this.situation.candidates(
      atom.predicate,
      atom.args.map((term) => this.#value(term)),
    );
  }

  #value(term: string): string | undefined {
    return term.startsWith('?') ? this.binding.get(term) : term;
  }

  /** Binds the atom's variables to a row; null, with nothing bound, where it does not fit. */
  #match(atom: QueryAtom, row: Row): string[] | null {
    // A world may know facts of another shape than the domain declares; they match nothing.
    if (row.length !== atom.args.length) return null;
    const bound: string[] = [];
    for (let at = 0; at < row.length; at += 1) {
      const term = atom.args[at]!;
      const value = this.#value(term);
      const fits =
        value === undefined
          ? this.situation.objects.isOf(row[at]!, this.query.variables.get(term) ?? [])
          : value === row[at];
      if (!fits) {
        this.#unbind(bound);
        return null;
      }
      if (value !== undefined) continue;
      this.binding.set(term, row[at]!);
      bound.push(term);
    }
    return bound;
  }

  #unbind(names: readonly string[]): void {
    for (const name of names) this.binding.delete(name);
  }

  /** Runs the tests that these variables complete; with null, those that need no variable of the query. */
  #passes(added: readonly string[] | null): boolean {
    return this.query.tests.every(({ formula, variables }) => {
      const isDue =
        added === null
          ? variables.length === 0
          : variables.some((name) => added.includes(name)) && variables.every((name) => this.binding.has(name));
      return !isDue || this.test(formula, this.binding, this.situation);
    });
  }
}
