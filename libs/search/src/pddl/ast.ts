import type { NumberExpression, ParsedCondition } from '@praxis/core';

/** Where something stands in a PDDL text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A variable (`?x`) or the name of an object, in lower case. */
export type Term = string;

/** A parameter, object or constant with its types: a parameter is of one of them, an object of all. */
export interface TypedName {
  readonly name: string;
  readonly types: readonly string[];
}

/** The declared shape of a predicate, a function or a derived predicate. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly TypedName[];
}

/** A function applied to terms, such as `(fuel ?truck)`. */
export interface FluentTerm {
  readonly function: string;
  readonly args: readonly Term[];
}

/** An arithmetic expression; a unary minus is `-` with one part. */
export type Expression = NumberExpression;

export type Comparison = Extract<ParsedCondition, { readonly kind: 'compare' }>['op'];

/** A goal description. `imply` is read as `or (not …) …`; an empty `and` is true, an empty `or` is false. */
export type Formula = ParsedCondition;

/** What an action does to the state; an empty `and` does nothing. */
export type Effect =
  | { readonly kind: 'add' | 'delete'; readonly predicate: string; readonly args: readonly Term[] }
  | { readonly kind: 'and'; readonly parts: readonly Effect[] }
  | { readonly kind: 'forall'; readonly variables: readonly TypedName[]; readonly part: Effect }
  | { readonly kind: 'when'; readonly condition: Formula; readonly part: Effect }
  | {
      readonly kind: 'assign';
      readonly op: 'assign' | 'increase' | 'decrease' | 'scale-up' | 'scale-down';
      readonly target: FluentTerm;
      readonly value: Expression;
    };

/** An action schema. */
export interface ActionSchema extends Signature {
  readonly precondition: Formula;
  readonly effect: Effect;
  readonly position: Position;
}

/** A derived predicate: true exactly where its condition is (least fixed point). */
export interface DerivedRule extends Signature {
  readonly condition: Formula;
  readonly position: Position;
}

/** A planning domain, checked: every name it uses is declared with the right arity. */
export interface Domain {
  readonly name: string;
  readonly requirements: readonly string[];
  /** Parents of each type. `object` is the root of all; a type above it holds every object too. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  readonly constants: readonly TypedName[];
  readonly predicates: readonly Signature[];
  readonly functions: readonly Signature[];
  readonly actions: readonly ActionSchema[];
  readonly derived: readonly DerivedRule[];
  /** What was read although it is odd, each with its place in the text; missing where there is nothing. */
  readonly warnings?: readonly string[];
}

/** A ground atom's value in the initial state is true exactly when it is listed; numbers are keyed `(fuel truck1)`. */
export interface InitialState {
  readonly atoms: readonly { readonly predicate: string; readonly args: readonly string[] }[];
  readonly numbers: ReadonlyMap<string, number>;
}

/** A measure of plans. The function `(total-time)`, unless the domain declares it, is the number of steps. */
export interface Metric {
  readonly direction: 'minimize' | 'maximize';
  readonly value: Expression;
}

/** A planning problem, checked against its domain. */
export interface Problem {
  readonly name: string;
  readonly domain: string;
  /** The problem's objects; a constant of the domain is among them only where the problem gives it further types. */
  readonly objects: readonly TypedName[];
  readonly init: InitialState;
  readonly goal: Formula;
  /** What plans are compared by; null where it is the number of their steps. */
  readonly metric: Metric | null;
  /** What was read although it is odd, each with its place in the text; missing where there is nothing. */
  readonly warnings?: readonly string[];
}
