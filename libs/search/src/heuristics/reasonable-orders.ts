import type { Step } from '../engines/meter.js';
import { BitRows } from './bit-rows.js';
import type { Landmark } from './landmark-graph.js';
import type { Relaxation } from './relaxation.js';

/** Above this many landmarks the pairs are too many to compare. */
const MOST_LANDMARKS = 1500;

/**
 * Adds reasonable orders: a before b where getting a afterwards would destroy b.
 *
 * reasonable-orders.1 The graph stays free of cycles: an order that would close one is left out.
 */
export function addReasonableOrders(
  landmarks: readonly Landmark[],
  firstAchievers: readonly (readonly number[])[],
  relaxation: Relaxation,
  step: Step = () => {},
): void {
  if (landmarks.length > MOST_LANDMARKS) return;
  const interference = new Interference(landmarks, firstAchievers, relaxation);
  const earlier = closure(landmarks);
  const order = (a: number, b: number): void => {
    step();
    if (a === b || landmarks[a]!.nodes.length > 1 || earlier.has(a, b) || earlier.has(b, a)) return;
    if (!interference.between(a, b)) return;
    landmarks[b]!.before.add(a);
    for (let c = 0; c < landmarks.length; c++) {
      if (c !== b && !earlier.has(c, b)) continue;
      earlier.set(c, a);
      earlier.unite(c, earlier, a);
    }
  };
  const goals = landmarks.flatMap((l, i) => (l.isGoal ? [i] : []));
  for (const b of goals) for (const a of goals) order(a, b);
  for (const [b, landmark] of landmarks.entries()) {
    if (landmark.isGoal || landmark.nodes.length > 1) continue;
    const beside = new Set<number>();
    for (const later of landmark.enables) for (const a of landmarks[later]!.before) beside.add(a);
    for (const a of beside) order(a, b);
  }
}

/** Row b holds all that comes before b. */
function closure(landmarks: readonly Landmark[]): BitRows {
  const earlier = new BitRows(landmarks.length, landmarks.length);
  const done = new Uint8Array(landmarks.length);
  const visit = (b: number): void => {
    if (done[b] === 1) return;
    done[b] = 1;
    for (const a of landmarks[b]!.before) {
      visit(a);
      earlier.set(b, a);
      earlier.unite(b, earlier, a);
    }
  };
  for (let b = 0; b < landmarks.length; b++) visit(b);
  return earlier;
}

/** Tells whether getting one landmark destroys another. */
class Interference {
  readonly #landmarks: readonly Landmark[];
  readonly #relaxation: Relaxation;
  readonly #achievers: readonly (readonly number[])[];
  readonly #groups: readonly (readonly number[])[];
  readonly #complement: Int32Array;
  readonly #enablers: readonly (readonly number[])[];
  readonly #always = new Map<number, { readonly adds: readonly number[]; readonly deletes: ReadonlySet<number> }>();

  constructor(landmarks: readonly Landmark[], achievers: readonly (readonly number[])[], relaxation: Relaxation) {
    this.#landmarks = landmarks;
    this.#achievers = achievers;
    this.#relaxation = relaxation;
    const groups: number[][] = Array.from({ length: relaxation.facts }, () => []);
    for (const [g, facts] of relaxation.task.mutexGroups.entries()) for (const fact of facts) groups[fact]!.push(g);
    this.#groups = groups;
    this.#complement = complements(relaxation.task.facts);
    const enablers: number[][] = landmarks.map(() => []);
    for (const { nodes, enables } of landmarks)
      if (nodes.length === 1) for (const b of enables) enablers[b]!.push(nodes[0]!);
    this.#enablers = enablers;
  }

  between(a: number, b: number): boolean {
    const first = this.#landmarks[a]!.nodes[0]!;
    const second = this.#landmarks[b]!.nodes[0]!;
    if (this.#mutex(first, second)) return true;
    const { adds, deletes } = this.#effectsOf(a);
    // Whatever achieves a makes b true as well.
    if (adds.includes(second)) return false;
    for (const enabler of this.#enablers[a]!) if (enabler !== second && this.#mutex(enabler, second)) return true;
    return deletes.has(second) || adds.some((fact) => fact !== second && this.#mutex(fact, second));
  }

  #mutex(a: number, b: number): boolean {
    const { facts } = this.#relaxation;
    if (a === b || a >= facts || b >= facts) return false;
    return this.#complement[a] === b || this.#groups[a]!.some((g) => this.#groups[b]!.includes(g));
  }

  /** What every first achiever adds, and what every one deletes. */
  #effectsOf(landmark: number): { readonly adds: readonly number[]; readonly deletes: ReadonlySet<number> } {
    const known = this.#always.get(landmark);
    if (known !== undefined) return known;
    const actions = this.#achievers[landmark]!;
    const { add, operator, task } = this.#relaxation;
    const adds = inAll(actions.map((a) => add.values.subarray(add.start[a]!, add.start[a + 1]!)));
    const deletes = inAll(actions.map((a) => plainDeletes(task.operators[operator[a]!])));
    const found = { adds: [...adds], deletes };
    this.#always.set(landmark, found);
    return found;
  }
}

function plainDeletes(operator: Relaxation['task']['operators'][number] | undefined): readonly number[] {
  return operator === undefined ? [] : operator.del.filter((fact) => !operator.add.includes(fact));
}

function inAll(lists: readonly Iterable<number>[]): Set<number> {
  const [first, ...rest] = lists.map((list) => new Set(list));
  return new Set([...(first ?? [])].filter((value) => rest.every((set) => set.has(value))));
}

function complements(facts: readonly string[]): Int32Array {
  const numbers = new Map(facts.map((text, i) => [text, i]));
  const out = new Int32Array(facts.length).fill(-1);
  for (const [i, text] of facts.entries()) {
    const other = numbers.get(`(not ${text})`);
    if (other === undefined) continue;
    out[i] = other;
    out[other] = i;
  }
  return out;
}
