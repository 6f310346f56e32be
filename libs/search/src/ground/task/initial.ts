import { PraxisError, type WorldState } from '@praxis/core';

import type { Problem } from '../../pddl/ast.js';
import { atomWords } from './text.js';
import { numberOf, type Universe } from '../reach/universe.js';

/** A ground atom by numbers. */
export interface InitialAtom {
  readonly predicate: number;
  readonly tuple: readonly number[];
}

/** A numeric fluent's first value. */
export interface InitialNumber {
  readonly function: number;
  readonly tuple: readonly number[];
  readonly value: number;
}

/** Where the task starts. */
export interface Initial {
  readonly atoms: readonly InitialAtom[];
  readonly numbers: readonly InitialNumber[];
}

/** Reads the initial state: the given one, or the problem's. What it says about derived facts is left to the axioms. */
export function readInitial(universe: Universe, problem: Problem, state?: WorldState): Initial {
  const atoms =
    state === undefined ? problem.init.atoms.map((a) => [a.predicate, ...a.args]) : state.facts.map(atomWords);
  const numbers = state === undefined ? problem.init.numbers.entries() : Object.entries(state.numbers);
  return {
    atoms: atoms
      .map((words) => readAtom(universe, words))
      .filter((atom) => universe.predicates[atom.predicate]!.kind !== 'derived'),
    numbers: [...numbers].map(([text, value]) => readNumber(universe, text, value)),
  };
}

function readAtom(universe: Universe, [name, ...args]: readonly string[]): InitialAtom {
  const predicate = numberOf(universe.predicateIds, name!, 'predicate');
  const { arity } = universe.predicates[predicate]!;
  if (args.length !== arity) {
    throw new PraxisError(
      'invalid',
      `The state says (${[name, ...args].join(' ')}), but ${name!} takes ${arity} objects; correct the state.`,
    );
  }
  return { predicate, tuple: readObjects(universe, args) };
}

function readNumber(universe: Universe, text: string, value: number): InitialNumber {
  const [name, ...args] = atomWords(text);
  return { function: numberOf(universe.functionIds, name!, 'function'), tuple: readObjects(universe, args), value };
}

function readObjects(universe: Universe, names: readonly string[]): readonly number[] {
  return names.map((name) => numberOf(universe.objectIds, name, 'object'));
}
