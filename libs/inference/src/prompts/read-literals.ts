import { conjunction, type Condition, type Literal } from '@praxis/core';
import { readTerm, termText, type Term } from './read-terms.js';

/** Words that a condition may use, where the rules of the world are known. */
export interface Vocabulary {
  /** How many arguments each predicate and each numeric function takes. */
  readonly predicates: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly objects: ReadonlySet<string>;
}

/** A condition that was understood, or what is wrong with it. */
export type ReadCondition =
  | { readonly condition: Condition; readonly literals: readonly Literal[]; readonly problems: readonly [] }
  | { readonly condition: null; readonly literals: readonly []; readonly problems: readonly string[] };

const COMPARISONS = ['=', '<', '<=', '>', '>='];

/** What else a condition may hold. */
export interface ConditionForm {
  /** Choices such as `(or (in cup cupboard) (in cup cabinet))` are allowed. */
  readonly choices?: boolean;
}

/**
 * A condition that a model wrote, in core's form: small letters, single spaces, no `and` within an `and`, nothing
 * twice. It must be a conjunction of ground literals and comparisons of numbers; `words` null: any names will do.
 */
export function readCondition(text: string, words: Vocabulary | null, form: ConditionForm = {}): ReadCondition {
  const refuse = (...problems: readonly string[]): ReadCondition => ({ condition: null, literals: [], problems });
  if (text.trim() === '') return refuse('it is empty');
  const term = text.trim().startsWith('(') ? (readTerm(text) ?? readTerm(`(and ${text})`)) : null;
  if (term === null || typeof term === 'string')
    return refuse(`${text.trim()} is not a condition such as (and (on a b) (not (open door1)))`);
  const parts = flatten(term);
  if (parts.length === 0) return refuse('it is empty');
  const problems = parts.flatMap((part) =>
    form.choices === true ? choiceProblems(part, words) : problemsOf(part, words),
  );
  if (problems.length > 0) return refuse(...new Set(problems));
  const literals = [...new Set(parts.map(termText))];
  const contrary = literals.find((literal) => literals.includes(`(not ${literal})`));
  if (contrary !== undefined) return refuse(`${contrary} is both to hold and not to hold`);
  return { condition: conjunction(literals), literals, problems: [] };
}

/** The parts of a conjunction; two negations in a row are none. */
function flatten(term: Term): readonly Term[] {
  if (typeof term === 'string') return [term];
  if (term[0] === 'and') return term.slice(1).flatMap(flatten);
  const inner = term[0] === 'not' && term.length === 2 ? term[1]! : null;
  return Array.isArray(inner) && inner[0] === 'not' && inner.length === 2 ? flatten(inner[1] as Term) : [term];
}

/** What is wrong with a literal, or with a choice between conjunctions. */
function choiceProblems(part: Term, words: Vocabulary | null): readonly string[] {
  if (typeof part === 'string' || part[0] !== 'or') return problemsOf(part, words);
  if (part.length < 3) return [`${termText(part)} leaves no choice; an "or" has at least two parts`];
  return part
    .slice(1)
    .flatMap(flatten)
    .flatMap((inner) => choiceProblems(inner, words));
}

function problemsOf(part: Term, words: Vocabulary | null): readonly string[] {
  if (typeof part === 'string') return [`${part} is not a literal; a literal stands in parentheses`];
  if (part[0] === 'not')
    return part.length === 2 ? atomProblems(part[1]!, words) : [`${termText(part)} negates more or less than one fact`];
  if (COMPARISONS.includes(String(part[0])))
    return part.length === 3
      ? part.slice(1).flatMap((side) => sideProblems(side, words))
      : [`${termText(part)} compares more or less than two sides`];
  return atomProblems(part, words);
}

const LOGIC = ['or', 'imply', 'forall', 'exists', 'when', 'and', 'not'];

function atomProblems(atom: Term, words: Vocabulary | null): readonly string[] {
  if (typeof atom === 'string' || atom.length === 0) return [`${termText(atom)} is not a fact such as (on a b)`];
  const [name, ...args] = atom;
  if (LOGIC.includes(String(name)))
    return [`${termText(atom)} uses ${String(name)}; only literals joined by "and" will do`];
  if (typeof name !== 'string' || args.some((arg) => typeof arg !== 'string'))
    return [`${termText(atom)} has terms within it; a fact has a predicate and objects`];
  return callProblems(atom as readonly string[], words, 'predicate');
}

/** One side of a comparison: a number, an object or a numeric term. */
function sideProblems(side: Term, words: Vocabulary | null): readonly string[] {
  if (typeof side === 'string')
    return Number.isFinite(Number(side)) || words === null || words.objects.has(side)
      ? []
      : [`${side} is neither a number nor an object`];
  if (side.some((word) => typeof word !== 'string') || side.length === 0)
    return [`${termText(side)} is not a number such as (fuel truck1)`];
  return callProblems(side as readonly string[], words, 'function');
}

function callProblems(
  [name = '', ...args]: readonly string[],
  words: Vocabulary | null,
  kind: 'predicate' | 'function',
): readonly string[] {
  const variable = args.find((arg) => arg.startsWith('?'));
  if (variable !== undefined) return [`${variable} is a variable; name an object`];
  if (words === null) return [];
  const known = kind === 'predicate' ? words.predicates : words.functions;
  const arity = known.get(name);
  if (arity === undefined)
    return [`${name} is not a ${kind} here; there are ${[...known.keys()].join(', ') || 'none'}`];
  if (arity !== args.length)
    return [`${name} takes ${arity} ${arity === 1 ? 'object' : 'objects'}, not ${args.length}`];
  return args.filter((arg) => !words.objects.has(arg)).map((arg) => `there is no object ${arg}`);
}
