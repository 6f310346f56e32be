import type { ASTNode } from '@marcbachmann/cel-js';

/** How much work an expression may be. */
export const MOST_STEPS = 1_000_000;
/** Items of a list, or characters of a text, that an expression may make. */
const MOST_SIZE = 1_000_000;

/** Counts the work of one evaluation. */
export interface Meter {
  steps: number;
  /** It went beyond a limit: which; an error that a quantifier swallows is found here. */
  over: string | null;
}

type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;

/** A node as the library has it. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  evaluate: Evaluate;
}

/** Operators whose work grows with their operands. */
const HEAVY: ReadonlySet<string> = new Set(['in', '==', '!=', '+']);

/** Has every node of a parsed expression count its work; the library has no limit of its own. */
export function measure(tree: ASTNode, meter: Meter): void {
  visit(tree as unknown as Node, false, meter);
}

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && 'op' in value && 'evaluate' in value;

function visit(node: Node, isHeavy: boolean, meter: Meter): void {
  // The library replaces `evaluate` of a node by a faster one at its first call; the prototype's finds that out anew.
  const inner = Object.getPrototypeOf(node) as { evaluate: Evaluate };
  let fast: Evaluate | null = null;
  const counted: Evaluate = (evaluator, self, context) => {
    spend(meter, 1);
    node.evaluate = fast ?? inner.evaluate;
    try {
      const value =
        fast === null ? inner.evaluate.call(node, evaluator, self, context) : node.evaluate(evaluator, self, context);
      const size = Array.isArray(value) || typeof value === 'string' ? value.length : 0;
      if (size > MOST_SIZE) over(meter, `it makes something larger than ${MOST_SIZE} items or characters`);
      if (isHeavy && size > 0) spend(meter, Math.ceil(size / 16));
      return value;
    } finally {
      if (node.evaluate !== counted) fast = node.evaluate;
      node.evaluate = counted;
    }
  };
  node.evaluate = counted;
  each(node.args, (child) => visit(child, HEAVY.has(node.op), meter));
}

function each(args: unknown, act: (node: Node) => void): void {
  if (isNode(args)) act(args);
  else if (Array.isArray(args)) for (const inner of args) each(inner, act);
}

function spend(meter: Meter, steps: number): void {
  meter.steps += steps;
  if (meter.steps > MOST_STEPS) over(meter, `it takes more than ${MOST_STEPS} steps`);
}

function over(meter: Meter, reason: string): never {
  meter.over ??= reason;
  throw new Error(reason);
}

/** All nodes of a tree, with the names that are bound around each. */
export function walk(tree: ASTNode, act: (node: ASTNode, bound: ReadonlySet<string>) => void): void {
  const go = (node: Node, bound: ReadonlySet<string>): void => {
    act(node as unknown as ASTNode, bound);
    if (node.op !== 'rcall') return each(node.args, (child) => go(child, bound));
    const [name, receiver, args] = node.args as readonly [string, Node, readonly Node[]];
    go(receiver, bound);
    const [first] = args;
    const isMacro = BINDERS.has(name) && args.length > 1 && first?.op === 'id';
    const inner = isMacro ? new Set([...bound, first.args as string]) : bound;
    for (const child of isMacro ? args.slice(1) : args) go(child, inner);
  };
  go(tree as unknown as Node, new Set());
}

/** Calls whose first argument is a name for what the others are about. */
const BINDERS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
