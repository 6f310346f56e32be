import type { AxiomLayer, Task } from '../../ground/task/task.js';
import { allHold } from './numbers.js';

interface CompiledLayer {
  readonly layer: AxiomLayer;
  /** For each fact derived in this layer, the rules whose bodies name it. */
  readonly waiting: ReadonlyMap<number, readonly number[]>;
  readonly missing: Int32Array;
}

/** Sets the derived facts of a state (task.5): each rule fires as soon as its last body fact is true. */
export class Axioms {
  readonly #layers: readonly CompiledLayer[];
  readonly #derived: readonly number[];
  readonly #queue: number[] = [];

  constructor(task: Task) {
    this.#layers = task.axioms.map(compileLayer);
    const derived = new Set<number>();
    for (const layer of task.axioms) {
      for (const rule of layer.rules) derived.add(rule.head);
      for (const pair of layer.complements) derived.add(pair.fact).add(pair.complement);
    }
    this.#derived = [...derived];
  }

  get none(): boolean {
    return this.#layers.length === 0;
  }

  settle(words: Int32Array, numbers: Float64Array): void {
    for (const fact of this.#derived) words[fact >> 5]! &= ~(1 << (fact & 31));
    for (const compiled of this.#layers) {
      this.#fire(compiled, words, numbers);
      for (const { fact, complement } of compiled.layer.complements)
        if (!isTrue(words, fact)) setTrue(words, complement);
    }
  }

  #fire({ layer, waiting, missing }: CompiledLayer, words: Int32Array, numbers: Float64Array): void {
    const queue = this.#queue;
    const derive = (head: number): void => {
      if (isTrue(words, head)) return;
      setTrue(words, head);
      queue.push(head);
    };
    // Counted before anything of this layer is true, so that each derived body fact is counted down exactly once.
    for (const [i, rule] of layer.rules.entries())
      missing[i] = allHold(rule.bodyNumeric, numbers) ? countFalse(rule.body, words) : -1;
    for (const [i, rule] of layer.rules.entries()) if (missing[i] === 0) derive(rule.head);
    for (let fact = queue.pop(); fact !== undefined; fact = queue.pop()) {
      for (const i of waiting.get(fact)!) if (--missing[i]! === 0) derive(layer.rules[i]!.head);
    }
  }
}

function countFalse(facts: readonly number[], words: Int32Array): number {
  let count = 0;
  for (const fact of facts) if (!isTrue(words, fact)) count++;
  return count;
}

function compileLayer(layer: AxiomLayer): CompiledLayer {
  const waiting = new Map<number, number[]>();
  for (const rule of layer.rules) waiting.set(rule.head, []);
  for (const [i, rule] of layer.rules.entries()) for (const fact of rule.body) waiting.get(fact)?.push(i);
  return { layer, waiting, missing: new Int32Array(layer.rules.length) };
}

function isTrue(words: Int32Array, fact: number): boolean {
  return ((words[fact >> 5]! >>> (fact & 31)) & 1) === 1;
}

function setTrue(words: Int32Array, fact: number): void {
  words[fact >> 5]! |= 1 << (fact & 31);
}
