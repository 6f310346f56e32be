import { PraxisError, type Literal } from '@praxis/core';

/** `(at truck1 depot)` from its words. */
export function atomText(name: string, args: readonly string[]): string {
  return args.length === 0 ? `(${name})` : `(${name} ${args.join(' ')})`;
}

/** The words of `(at truck1 depot)`, in lower case. */
export function atomWords(text: string): readonly string[] {
  const inner = /^\s*\(([^()]+)\)\s*$/.exec(text)?.[1]?.trim();
  if (inner === undefined || inner === '') {
    throw new PraxisError('invalid', `"${text}" is not a ground atom; write it as (name object …).`);
  }
  return inner.toLowerCase().split(/\s+/);
}

/** The words of a literal and its sign. */
export function literalWords(literal: Literal): { readonly words: readonly string[]; readonly positive: boolean } {
  const negated = /^\s*\(\s*not\s+(\([^()]*\))\s*\)\s*$/i.exec(literal)?.[1];
  return negated === undefined
    ? { words: atomWords(literal), positive: true }
    : { words: atomWords(negated), positive: false };
}
