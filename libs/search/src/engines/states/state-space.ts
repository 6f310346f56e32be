import type { ConditionalEffect, NumericCondition, NumericEffect, Task } from '../../ground/task/task.js';
import { Axioms } from './axioms.js';
import { afterEffect, allHold, evaluate } from './numbers.js';
import type { OperatorList } from './operator-list.js';
import { packLists, type PackedLists } from '../queues/packed-lists.js';
import { Successors } from './successors.js';

/** A state in one array: facts as bits (fact f is bit `f & 31` of word `f >> 5`), then the numbers' raw bytes. */
export interface PackedState {
  readonly words: Int32Array;
  /** The same memory as the tail of `words`. */
  readonly numbers: Float64Array;
}

/** Whether a fact is true. */
export function isTrue(words: Int32Array, fact: number): boolean {
  return ((words[fact >> 5]! >>> (fact & 31)) & 1) === 1;
}

/** The task as a graph: states, which operators apply, and what they lead to. */
export class StateSpace {
  readonly task: Task;
  /** Words of one state. */
  readonly width: number;
  readonly #factWords: number;
  readonly #successors: Successors;
  readonly #axioms: Axioms;
  readonly #add: PackedLists;
  readonly #del: PackedLists;
  readonly #pre: PackedLists;
  readonly #goal: Int32Array;
  /** Where an operator has conditional or numeric parts. */
  readonly #special: Uint8Array;
  readonly #numericPre: readonly (readonly NumericCondition[] | null)[];

  constructor(task: Task) {
    this.task = task;
    const words = Math.max(1, (task.facts.length + 31) >> 5);
    this.#factWords = task.variables.length > 0 ? words + (words & 1) : words;
    this.width = this.#factWords + 2 * task.variables.length;
    this.#successors = new Successors(task.operators, task.facts.length);
    this.#axioms = new Axioms(task);
    this.#add = packLists(task.operators.map((o) => o.add));
    this.#del = packLists(task.operators.map((o) => o.del));
    this.#pre = packLists(task.operators.map((o) => o.pre));
    this.#goal = Int32Array.from(task.goal);
    this.#special = Uint8Array.from(task.operators, (o) => (o.conditional.length > 0 || o.numeric.length > 0 ? 1 : 0));
    this.#numericPre = task.operators.map((o) => (o.preNumeric.length > 0 ? o.preNumeric : null));
  }

  /** Memory for one state. */
  blank(): PackedState {
    const buffer = new ArrayBuffer(this.width * 4);
    const count = this.task.variables.length;
    return {
      words: new Int32Array(buffer),
      numbers: count === 0 ? new Float64Array(0) : new Float64Array(buffer, this.#factWords * 4, count),
    };
  }

  /** The initial state, with its derived facts. */
  initial(): PackedState {
    const state = this.blank();
    for (const fact of this.task.init) state.words[fact >> 5]! |= 1 << (fact & 31);
    for (const [i, value] of this.task.initNumbers.entries()) state.numbers[i] = value + 0;
    if (!this.#axioms.none) this.#axioms.settle(state.words, state.numbers);
    return state;
  }

  /** Fills `into` with the operators that apply. */
  applicable(state: PackedState, into: OperatorList): void {
    into.clear();
    this.#successors.find(state.words, into);
    if (this.task.variables.length === 0) return;
    let kept = 0;
    for (let i = 0; i < into.size; i++) {
      const operator = into.items[i]!;
      const numeric = this.#numericPre[operator]!;
      if (numeric === null || allHold(numeric, state.numbers)) into.items[kept++] = operator;
    }
    into.size = kept;
  }

  applies(operator: number, state: PackedState): boolean {
    const { start, values } = this.#pre;
    for (let k = start[operator]!; k < start[operator + 1]!; k++) if (!isTrue(state.words, values[k]!)) return false;
    const numeric = this.#numericPre[operator]!;
    return numeric === null || allHold(numeric, state.numbers);
  }

  /** Writes the state after an applicable operator to `to`; false where a number would not be finite. */
  apply(operator: number, from: PackedState, to: PackedState): boolean {
    to.words.set(from.words);
    if (this.#special[operator]) {
      if (!this.#applySpecial(operator, from, to)) return false;
    } else {
      this.#change(operator, to.words);
    }
    if (!this.#axioms.none) this.#axioms.settle(to.words, to.numbers);
    return true;
  }

  isGoal(state: PackedState): boolean {
    for (const fact of this.#goal) if (!isTrue(state.words, fact)) return false;
    return allHold(this.task.goalNumeric, state.numbers);
  }

  #change(operator: number, words: Int32Array): void {
    const del = this.#del;
    for (let k = del.start[operator]!; k < del.start[operator + 1]!; k++) {
      const fact = del.values[k]!;
      words[fact >> 5]! &= ~(1 << (fact & 31));
    }
    const add = this.#add;
    for (let k = add.start[operator]!; k < add.start[operator + 1]!; k++) {
      const fact = add.values[k]!;
      words[fact >> 5]! |= 1 << (fact & 31);
    }
  }

  #applySpecial(index: number, from: PackedState, to: PackedState): boolean {
    const operator = this.task.operators[index]!;
    const fired = operator.conditional.filter((effect) => fires(effect, from));
    for (const effect of fired) for (const fact of effect.del) to.words[fact >> 5]! &= ~(1 << (fact & 31));
    // The operator's own adds come after all deletes, and the conditional adds only after its own deletes (task.3).
    this.#change(index, to.words);
    for (const effect of fired) for (const fact of effect.add) to.words[fact >> 5]! |= 1 << (fact & 31);
    return (
      changeNumbers(operator.numeric, from, to) && fired.every((effect) => changeNumbers(effect.numeric, from, to))
    );
  }
}

function fires(effect: ConditionalEffect, state: PackedState): boolean {
  for (const fact of effect.when) if (!isTrue(state.words, fact)) return false;
  return allHold(effect.whenNumeric, state.numbers);
}

function changeNumbers(effects: readonly NumericEffect[], from: PackedState, to: PackedState): boolean {
  for (const { variable, op, value } of effects) {
    const result = afterEffect(op, to.numbers[variable]!, evaluate(value, from.numbers));
    if (!Number.isFinite(result)) return false;
    to.numbers[variable] = result;
  }
  return true;
}
