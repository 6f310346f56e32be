import type { Operator } from '../../ground/task/task.js';
import type { OperatorList } from './operator-list.js';

interface Branch {
  readonly operators: number[];
  readonly children: Map<number, Branch>;
}

/**
 * Finds the operators whose facts hold, by a decision tree: a branch is entered only where its fact is true.
 * Numeric preconditions are left to the caller.
 *
 * Laid out flat: at each node the number of operators, the operators, the number of children, then for each child its
 * fact and where its node starts.
 */
export class Successors {
  readonly #tree: Int32Array;

  constructor(operators: readonly Operator[], facts: number) {
    const uses = new Int32Array(facts);
    for (const operator of operators) for (const fact of operator.pre) uses[fact]!++;
    const root: Branch = { operators: [], children: new Map() };
    operators.forEach((operator, index) => {
      let branch = root;
      for (const fact of rarestFirst(operator.pre, uses)) {
        let child = branch.children.get(fact);
        if (child === undefined) branch.children.set(fact, (child = { operators: [], children: new Map() }));
        branch = child;
      }
      branch.operators.push(index);
    });
    this.#tree = flatten(root);
  }

  get bytes(): number {
    return this.#tree.byteLength;
  }

  find(words: Int32Array, into: OperatorList): void {
    this.#visit(0, words, into);
  }

  #visit(node: number, words: Int32Array, into: OperatorList): void {
    const tree = this.#tree;
    let at = node;
    const ownEnd = at + 1 + tree[at]!;
    for (at++; at < ownEnd; at++) into.add(tree[at]!);
    const end = at + 1 + 2 * tree[at]!;
    for (at++; at < end; at += 2) {
      const fact = tree[at]!;
      if ((words[fact >> 5]! >>> (fact & 31)) & 1) this.#visit(tree[at + 1]!, words, into);
    }
  }
}

function rarestFirst(facts: readonly number[], uses: Int32Array): number[] {
  return [...new Set(facts)].sort((a, b) => uses[a]! - uses[b]! || a - b);
}

function flatten(root: Branch): Int32Array {
  const out: number[] = [];
  const place = (branch: Branch): number => {
    const at = out.length;
    out.push(branch.operators.length);
    for (const operator of branch.operators) out.push(operator);
    out.push(branch.children.size);
    const links = out.length;
    for (const fact of branch.children.keys()) out.push(fact, 0);
    let i = 0;
    for (const child of branch.children.values()) out[links + 2 * i++ + 1] = place(child);
    return at;
  };
  place(root);
  return Int32Array.from(out);
}
