import { PraxisError } from '@praxis/core';

import { objectsOf } from '../../pddl/types/objects.js';
import { TypeHierarchy } from '../../pddl/types/type-hierarchy.js';
import { TOTAL_COST } from '../../pddl/types/vocabulary.js';
import type { Domain, Effect, Expression, Formula, Problem, Signature, TypedName } from '../../pddl/ast.js';
import type { ObjectSet } from '../normal/lifted.js';
import { TupleKeys } from './tuple-key.js';

/** `static` never changes; `fluent` is changed by actions; `derived` is set by axioms. */
export type PredicateKind = 'static' | 'fluent' | 'derived';

/** `cost` is `(total-cost)` where nothing reads it: it lives in the operators' costs only. */
export type FunctionKind = 'static' | 'fluent' | 'cost';

export interface PredicateEntry {
  readonly name: string;
  readonly arity: number;
  readonly kind: PredicateKind;
}

export interface FunctionEntry {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Whether some effect gives it a value that does not build on the one before. */
  readonly isAssigned: boolean;
  /** Whether the metric reads it. */
  readonly isMeasured: boolean;
}

/** Objects, predicates and functions by number, and what kind each of them is. */
export interface Universe {
  readonly objects: readonly string[];
  readonly objectIds: ReadonlyMap<string, number>;
  readonly predicates: readonly PredicateEntry[];
  readonly predicateIds: ReadonlyMap<string, number>;
  readonly functions: readonly FunctionEntry[];
  readonly functionIds: ReadonlyMap<string, number>;
  readonly keys: TupleKeys;
  /** The objects of any of these types. */
  readonly membersOf: (types: readonly string[]) => ObjectSet;
}

/** Numbers everything the domain and the problem name. */
export function surveyUniverse(domain: Domain, problem: Problem, goal: Formula): Universe {
  const named = objectsOf(domain, problem);
  const objects = named.map((o) => o.name);
  const objectIds = numbered(objects);
  const touched = touchedNames(domain, goal);
  const measured = new Set<string>();
  if (problem.metric !== null) readExpression(problem.metric.value, measured);
  const derived = new Set(domain.derived.map((rule) => rule.name));
  const signatures = uniqueByName([...domain.predicates, ...domain.derived]);
  const predicates = signatures.map(({ name, parameters }): PredicateEntry => {
    const kind = derived.has(name) ? 'derived' : touched.predicates.has(name) ? 'fluent' : 'static';
    return { name, arity: parameters.length, kind };
  });
  const functions = uniqueByName([...domain.functions, { name: TOTAL_COST, parameters: [] }]).map(
    ({ name }): FunctionEntry => {
      const roles = { isAssigned: touched.assigned.has(name), isMeasured: measured.has(name) };
      if (name === TOTAL_COST && !touched.read.has(name)) return { name, kind: 'cost', ...roles };
      return { name, kind: touched.changed.has(name) ? 'fluent' : 'static', ...roles };
    },
  );
  return {
    objects,
    objectIds,
    predicates,
    predicateIds: numbered(predicates.map((p) => p.name)),
    functions,
    functionIds: numbered(functions.map((f) => f.name)),
    keys: new TupleKeys(objects.length),
    membersOf: typeMembers(domain, named, objectIds),
  };
}

/** The set of these objects. */
export function objectSet(list: readonly number[], count: number): ObjectSet {
  const has = new Uint8Array(count);
  for (const object of list) has[object] = 1;
  return { list, has };
}

/** The number of a name, or an error that says what is missing. */
export function numberOf(ids: ReadonlyMap<string, number>, name: string, what: string): number {
  const id = ids.get(name);
  if (id === undefined)
    throw new PraxisError('invalid', `The ${what} "${name}" is not declared; declare it or correct its name.`);
  return id;
}

function numbered(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, i) => [name, i]));
}

function uniqueByName(signatures: readonly Signature[]): readonly Signature[] {
  return [...new Map(signatures.map((s) => [s.name, s])).values()];
}

function typeMembers(
  domain: Domain,
  named: readonly TypedName[],
  ids: ReadonlyMap<string, number>,
): (types: readonly string[]) => ObjectSet {
  const members = new Map<string, Set<number>>([['object', new Set(ids.values())]]);
  const hierarchy = new TypeHierarchy(domain.types);
  for (const { name, types } of named) {
    for (const above of types.flatMap((type) => [...hierarchy.above(type)])) {
      if (!members.has(above)) members.set(above, new Set());
      members.get(above)!.add(ids.get(name)!);
    }
  }
  const made = new Map<string, ObjectSet>();
  return (types) => {
    const asked = types.length === 0 ? ['object'] : types;
    const key = asked.join(' ');
    let set = made.get(key);
    if (set === undefined) {
      const union = new Set(asked.flatMap((type) => [...(members.get(type) ?? [])]));
      set = objectSet(
        [...union].sort((a, b) => a - b),
        ids.size,
      );
      made.set(key, set);
    }
    return set;
  };
}

interface Touched {
  readonly predicates: Set<string>;
  /** Functions that effects change, and those among them that some effect assigns to. */
  readonly changed: Set<string>;
  readonly assigned: Set<string>;
  readonly read: Set<string>;
}

function touchedNames(domain: Domain, goal: Formula): Touched {
  const touched: Touched = { predicates: new Set(), changed: new Set(), assigned: new Set(), read: new Set() };
  for (const action of domain.actions) {
    readFormula(action.precondition, touched.read);
    touchEffect(action.effect, touched);
  }
  for (const rule of domain.derived) readFormula(rule.condition, touched.read);
  readFormula(goal, touched.read);
  return touched;
}

function touchEffect(effect: Effect, touched: Touched): void {
  switch (effect.kind) {
    case 'add':
    case 'delete':
      touched.predicates.add(effect.predicate);
      break;
    case 'and':
      for (const part of effect.parts) touchEffect(part, touched);
      break;
    case 'when':
      readFormula(effect.condition, touched.read);
      touchEffect(effect.part, touched);
      break;
    case 'forall':
      touchEffect(effect.part, touched);
      break;
    case 'assign':
      touched.changed.add(effect.target.function);
      if (effect.op === 'assign') touched.assigned.add(effect.target.function);
      readExpression(effect.value, touched.read);
  }
}

function readFormula(formula: Formula, into: Set<string>): void {
  switch (formula.kind) {
    case 'compare':
      readExpression(formula.left, into);
      readExpression(formula.right, into);
      break;
    case 'and':
    case 'or':
      for (const part of formula.parts) readFormula(part, into);
      break;
    case 'not':
    case 'forall':
    case 'exists':
      readFormula(formula.part, into);
  }
}

function readExpression(expression: Expression, into: Set<string>): void {
  if (expression.kind === 'fluent') into.add(expression.function);
  if (expression.kind === 'arithmetic') for (const part of expression.parts) readExpression(part, into);
}
