import type { Step } from '../engines/meter.js';
import type { OperatorList, OperatorSet } from '../engines/states/operator-list.js';
import { packLists, type PackedLists } from '../engines/queues/packed-lists.js';
import { RecordPool, type MemoryMeter } from '../engines/queues/record-pool.js';
import { isTrue } from '../engines/states/state-space.js';
import type { Heuristic, StateView } from './heuristic.js';
import { findLandmarks, type Landmark } from './landmark-graph.js';
import { slack } from './numeric-nodes.js';
import { relaxedEffects, holdingNodes } from './relaxed-effects.js';
import type { Relaxation } from './relaxation.js';

/**
 * Counts the landmarks that are still to be reached, or to be reached again.
 *
 * landmark-count.1 Each state's accepted landmarks are its parent's and those which hold now with all that comes before
 *                  them accepted.
 * landmark-count.2 An accepted landmark counts again while it is false and is a goal, or is needed in the step before
 *                  one that is not accepted.
 * landmark-count.3 A state is asked about after its parent.
 */
export class LandmarkCount implements Heuristic {
  readonly name = 'landmarks';
  readonly admissible = false;
  readonly landmarks: readonly Landmark[];
  readonly #relaxation: Relaxation;
  readonly #words: number;
  readonly #accepted: RecordPool;
  readonly #before: PackedLists;
  readonly #enables: PackedLists;
  /** The landmarks each operator can make true. */
  readonly #achieves: PackedLists;
  readonly #holds: Uint8Array;
  readonly #row: Int32Array;
  readonly #parentRow: Int32Array;

  constructor(relaxation: Relaxation, first: Pick<StateView, 'words' | 'numbers'>, memory: MemoryMeter, step?: Step) {
    this.#relaxation = relaxation;
    const holding = holdingNodes(relaxation, first.words, (k) => slack(relaxation.numeric[k]!, first.numbers));
    this.landmarks = findLandmarks(relaxation, holding, step).landmarks;
    this.#words = Math.max(1, (this.landmarks.length + 31) >> 5);
    this.#accepted = new RecordPool(this.#words, memory);
    this.#before = packLists(this.landmarks.map((l) => [...l.before]));
    this.#enables = packLists(this.landmarks.map((l) => [...l.enables]));
    this.#achieves = achievedBy(relaxation, this.landmarks);
    this.#holds = new Uint8Array(this.landmarks.length);
    this.#row = new Int32Array(this.#words);
    this.#parentRow = new Int32Array(this.#words);
  }

  evaluate(state: StateView): number {
    for (const [i, landmark] of this.landmarks.entries())
      this.#holds[i] = landmark.nodes.some((n) => this.#nodeHolds(n, state)) ? 1 : 0;
    if (state.parent < 0) this.#acceptFirst();
    else this.#acceptAfter(state.parent);
    this.#store(state.id);
    let open = 0;
    for (let i = 0; i < this.landmarks.length; i++) if (!isTrue(this.#row, i) || this.#neededAgain(i)) open++;
    return open;
  }

  preferred(state: StateView, applicable: OperatorList, into: OperatorSet): void {
    this.#load(state.id, this.#row);
    const { start, values } = this.#achieves;
    for (let k = 0; k < applicable.size; k++) {
      const operator = applicable.items[k]!;
      for (let i = start[operator]!; i < start[operator + 1]!; i++) {
        if (!this.#isNext(values[i]!)) continue;
        into.add(operator);
        break;
      }
    }
  }

  #nodeHolds(node: number, state: StateView): boolean {
    if (node < this.#relaxation.facts) return isTrue(state.words, node);
    const numeric = this.#relaxation.numeric[node - this.#relaxation.facts]!;
    const now = slack(numeric, state.numbers);
    return numeric.strict ? now > 0 : now >= 0;
  }

  #isNext(landmark: number): boolean {
    return !isTrue(this.#row, landmark) && this.#allBefore(landmark, this.#row);
  }

  #allBefore(landmark: number, row: Int32Array): boolean {
    const { start, values } = this.#before;
    for (let k = start[landmark]!; k < start[landmark + 1]!; k++) if (!isTrue(row, values[k]!)) return false;
    return true;
  }

  #neededAgain(landmark: number): boolean {
    if (this.#holds[landmark] === 1) return false;
    if (this.landmarks[landmark]!.isGoal) return true;
    const { start, values } = this.#enables;
    for (let k = start[landmark]!; k < start[landmark + 1]!; k++) if (!isTrue(this.#row, values[k]!)) return true;
    return false;
  }

  /** In the first state, landmarks are accepted as long as all before them hold as well. */
  #acceptFirst(): void {
    this.#row.fill(0);
    for (let changed = true; changed;) {
      changed = false;
      for (let i = 0; i < this.landmarks.length; i++) {
        if (this.#holds[i] === 0 || isTrue(this.#row, i) || !this.#allBefore(i, this.#row)) continue;
        this.#row[i >> 5]! |= 1 << (i & 31);
        changed = true;
      }
    }
  }

  #acceptAfter(parent: number): void {
    this.#load(parent, this.#parentRow);
    this.#row.set(this.#parentRow);
    for (let i = 0; i < this.landmarks.length; i++) {
      if (this.#holds[i] === 1 && !isTrue(this.#row, i) && this.#allBefore(i, this.#parentRow))
        this.#row[i >> 5]! |= 1 << (i & 31);
    }
  }

  #store(id: number): void {
    while (this.#accepted.size <= id) this.#accepted.push();
    this.#accepted.chunk(id).set(this.#row, this.#accepted.offset(id));
  }

  #load(id: number, row: Int32Array): void {
    const chunk = this.#accepted.chunk(id);
    const offset = this.#accepted.offset(id);
    for (let w = 0; w < this.#words; w++) row[w] = chunk[offset + w]!;
  }
}

function achievedBy(relaxation: Relaxation, landmarks: readonly Landmark[]): PackedLists {
  const byNode = new Map<number, number[]>();
  for (const [i, { nodes }] of landmarks.entries())
    for (const node of nodes) byNode.set(node, [...(byNode.get(node) ?? []), i]);
  const lists: Set<number>[] = relaxation.task.operators.map(() => new Set());
  const { start, values } = relaxedEffects(relaxation).of;
  for (let action = 0; action < relaxation.actions; action++) {
    const list = lists[relaxation.operator[action]!];
    for (const node of values.subarray(start[action]!, start[action + 1]!))
      for (const i of byNode.get(node) ?? []) list?.add(i);
  }
  return packLists(lists.map((set) => [...set]));
}
