import type { Literal } from '@praxis/core';

/** A literal over variables and names, such as `(reminded ?list)`, taken apart. */
export interface SkillLiteral {
  readonly predicate: string;
  readonly args: readonly string[];
  readonly isNegated: boolean;
}

const ATOM = /^\(\s*([^\s()?][^\s()]*)((?:\s+[^\s()]+)*)\s*\)$/;
const NEGATION = /^\(\s*not\s*(\(.*\))\s*\)$/s;

/** Reads a literal; null where the text is something else. Names are in lower case, as facts are. */
export function readLiteral(text: string): SkillLiteral | null {
  const trimmed = text.trim().toLowerCase();
  const inner = NEGATION.exec(trimmed);
  const found = ATOM.exec(inner?.[1]?.trim() ?? trimmed);
  if (!found || found[1] === 'not' || found[1] === 'and') return null;
  const args = found[2]!.split(/\s+/).filter((a) => a !== '');
  return { predicate: found[1]!, args, isNegated: inner !== null };
}

export const isVariable = (arg: string): boolean => arg.startsWith('?');

/** Name and number of arguments: `reminded/1`. Two predicates of one name are two. */
export const predicateKey = ({ predicate, args }: Pick<SkillLiteral, 'predicate' | 'args'>): string =>
  `${predicate}/${args.length}`;

/** The text of a literal, with other arguments where they are given. */
export function literalText({ predicate, args, isNegated }: SkillLiteral, bind: (arg: string) => string): Literal {
  const atom = `(${[predicate, ...args.map(bind)].join(' ')})`;
  return isNegated ? `(not ${atom})` : atom;
}

/** A literal as a declaration would have it: `(linked ?x ?y)`. */
export const liftedText = (literal: SkillLiteral): Literal => {
  const names = literal.args.length > 3 ? literal.args.map((_, i) => `?x${i + 1}`) : ['?x', '?y', '?z'];
  return literalText({ ...literal, args: literal.args.map((_, i) => names[i]!) }, (arg) => arg);
};
