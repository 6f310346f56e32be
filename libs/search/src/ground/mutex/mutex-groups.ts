import type { AtomTable } from '../reach/atom-table.js';
import type { GroundLiteral } from '../ground-formula.js';
import { appendTo } from '../reach/lists-by-key.js';
import { Balance } from './mutex-balance.js';
import { extensions, groupOf, templateKey, templatesOf, type FactShape, type MutexTemplate } from './mutex-template.js';
import type { Operator } from '../task/task.js';

/**
 * Operators, their conditional effects and facts looked at before the search for further groups ends; keeps large tasks
 * quick.
 */
const MOST_CHECKS = 4_000_000;
/** What a conditional effect costs beside its operator: each is compared with all the others. */
const CHECKS_PER_CONDITIONAL = 8;
const NONE: readonly number[] = [];
const MOST_PARTS = 5;
/** Operators of one action that a failed candidate is extended by; those of one action mostly suggest the same. */
const MOST_OFFENDERS = 4;

/**
 * Finds groups of facts of which at most one is true in any reachable state.
 *
 * mutex-groups.1 A group is kept only if at most one of its facts is true at the start, and every operator that adds
 *                one of them needs one of them, and deletes it unless it is the one added, and adds no second one. By
 *                induction no reachable state has two.
 * mutex-groups.2 A candidate that fails is extended by a fact which the offending operator needs and deletes.
 */
export function findMutexGroups(
  operators: readonly Operator[],
  init: readonly number[],
  literals: readonly GroundLiteral[],
  atoms: AtomTable,
  tick: (units: number) => void = () => {},
): readonly (readonly number[])[] {
  const search = new GroupSearch(operators, init, literals, atoms, tick);
  search.run();
  return withoutSubsets([...search.groups, ...complementPairs(literals)]);
}

interface Candidate {
  readonly groups: readonly number[][];
  /** The fixed objects of each group. */
  readonly fixed: readonly (readonly number[])[];
  /** The group of each fact, or -1. */
  readonly groupAt: Int32Array;
}

class GroupSearch {
  readonly groups: number[][] = [];
  readonly #operators: readonly Operator[];
  readonly #init: readonly number[];
  /** Null for negations and derived facts. */
  readonly #shapes: readonly (FactShape | null)[];
  readonly #factsOf = new Map<number, number[]>();
  readonly #addersOf = new Map<number, Set<number>>();
  readonly #queue: MutexTemplate[] = [];
  readonly #seen = new Set<string>();
  readonly #tick: (units: number) => void;
  #checks = 0;

  constructor(
    operators: readonly Operator[],
    init: readonly number[],
    literals: readonly GroundLiteral[],
    atoms: AtomTable,
    tick: (units: number) => void,
  ) {
    this.#tick = tick;
    this.#operators = operators;
    this.#init = init;
    this.#shapes = literals.map((literal) => {
      if (literal % 2 === 1 || atoms.isDerived(literal >> 1)) return null;
      const [predicate, ...args] = atoms.parts(literal >> 1);
      return { predicate: predicate!, args };
    });
    for (const [fact, shape] of this.#shapes.entries()) {
      if (shape === null) continue;
      if (!this.#factsOf.has(shape.predicate))
        for (const template of templatesOf(shape.predicate, shape.args.length)) this.#propose(template);
      appendTo(this.#factsOf, shape.predicate, fact);
    }
    for (const [i, operator] of operators.entries()) {
      for (const { add } of [operator, ...operator.conditional]) for (const fact of add) this.#enterAdder(fact, i);
    }
  }

  run(): void {
    for (let i = 0; i < this.#queue.length && this.#checks < MOST_CHECKS; i++) this.#test(this.#queue[i]!);
  }

  #enterAdder(fact: number, operator: number): void {
    const predicate = this.#shapes[fact]?.predicate;
    if (predicate === undefined) return;
    const adders = this.#addersOf.get(predicate);
    if (adders === undefined) this.#addersOf.set(predicate, new Set([operator]));
    else adders.add(operator);
  }

  #propose(template: MutexTemplate): void {
    const key = templateKey(template);
    if (template.parts.length > MOST_PARTS || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#queue.push(template);
  }

  #test(template: MutexTemplate): void {
    const candidate = this.#candidate(template);
    const { groups } = candidate;
    const broken = this.#brokenAtStart(candidate);
    const extended = new Map<string, number>();
    const balance = new Balance(candidate.groupAt);
    for (const operator of this.#adders(template)) {
      this.#check(1 + CHECKS_PER_CONDITIONAL * operator.conditional.length);
      if (this.#checks > MOST_CHECKS) return;
      for (const group of balance.brokenBy(operator)) {
        broken[group] = 1;
        const tries = extended.get(operator.action) ?? 0;
        if (tries < MOST_OFFENDERS) this.#extend(template, operator, candidate.fixed[group]!);
        extended.set(operator.action, tries + 1);
      }
    }
    for (const [group, facts] of groups.entries()) if (broken[group] === 0 && facts.length > 1) this.groups.push(facts);
  }

  #check(units: number): void {
    this.#checks += units;
    this.#tick(units);
  }

  #candidate(template: MutexTemplate): Candidate {
    const numbers = new Map<string, number>();
    const groups: number[][] = [];
    const fixed: (readonly number[])[] = [];
    const groupAt = new Int32Array(this.#shapes.length).fill(-1);
    for (const fact of template.parts.flatMap((part) => this.#factsOf.get(part.predicate) ?? [])) {
      const objects = groupOf(template, this.#shapes[fact]!)!;
      const key = objects.join(',');
      let group = numbers.get(key);
      if (group === undefined) {
        group = groups.push([]) - 1;
        fixed.push(objects);
        numbers.set(key, group);
      }
      groups[group]!.push(fact);
      this.#check(1);
      groupAt[fact] = group;
    }
    return { groups, fixed, groupAt };
  }

  #brokenAtStart({ groups, groupAt }: Candidate): Uint8Array {
    const broken = new Uint8Array(groups.length);
    const initially = new Uint8Array(groups.length);
    for (const fact of this.#init) {
      const group = groupAt[fact]!;
      if (group < 0) continue;
      if (initially[group] === 1) broken[group] = 1;
      initially[group] = 1;
    }
    return broken;
  }

  *#adders(template: MutexTemplate): Iterable<Operator> {
    const seen = new Uint8Array(this.#operators.length);
    for (const { predicate } of template.parts) {
      for (const i of this.#addersOf.get(predicate) ?? []) {
        if (seen[i] === 1) continue;
        seen[i] = 1;
        yield this.#operators[i]!;
      }
    }
  }

  #extend(template: MutexTemplate, operator: Operator, fixed: readonly number[]): void {
    for (const { when, del } of [{ when: NONE, del: operator.del }, ...operator.conditional]) {
      for (const fact of del) {
        const shape = this.#shapes[fact];
        if (!shape || !(operator.pre.includes(fact) || when.includes(fact))) continue;
        for (const extension of extensions(template, fixed, shape)) this.#propose(extension);
      }
    }
  }
}

/** A fact and its negation are never both true. */
function complementPairs(literals: readonly GroundLiteral[]): readonly number[][] {
  return literals.flatMap((literal, fact) =>
    literal % 2 === 0 && literals[fact + 1] === literal + 1 ? [[fact, fact + 1]] : [],
  );
}

function withoutSubsets(groups: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const bySize = [...groups].sort((a, b) => b.length - a.length);
  const kept: (readonly number[])[] = [];
  const groupsOf = new Map<number, Set<number>>();
  for (const group of bySize) {
    const [first, ...others] = group.map((fact) => groupsOf.get(fact) ?? new Set<number>());
    if ([...first!].some((one) => others.every((other) => other.has(one)))) continue;
    for (const fact of group) {
      const list = groupsOf.get(fact) ?? new Set();
      groupsOf.set(fact, list.add(kept.length));
    }
    kept.push([...group].sort((a, b) => a - b));
  }
  return kept;
}
