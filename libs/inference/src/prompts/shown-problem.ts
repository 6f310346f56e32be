import { readTerm, termText, type Term } from './read-terms.js';

/** What of a problem is shown beside a goal and facts that stand in blocks of their own. */
export interface ProblemView {
  /**
   * Predicates that actions can change (null: it is not known which), and the facts that are shown; null in all: the
   * initial state is the world as it is now.
   */
  readonly now: { readonly changing: ReadonlySet<string> | null; readonly facts: ReadonlySet<string> } | null;
}

/**
 * A problem without its own goal, since a prompt has only one; once the world has moved on, also without its initial
 * state. Of that, what no action changes stays where the facts do not tell it. What cannot be read is shown as it is.
 */
export function shownProblem(problem: string, { now }: ProblemView): string {
  const cut = sectionsOf(problem).flatMap(({ from, to, name }) => {
    if (name === ':goal') return [{ from, to, by: '' }];
    if (name !== ':init' || now === null) return [];
    return [{ from, to, by: unchanging(problem.slice(from, to), now) }];
  });
  return cut
    .toReversed()
    .reduce(
      (text, { from, to, by }) =>
        `${by === '' ? text.slice(0, from).trimEnd() : text.slice(0, from) + by}${text.slice(to)}`,
      problem,
    );
}

/** What of an initial state still holds whatever was done, and is not told elsewhere. */
function unchanging(init: string, { changing, facts }: NonNullable<ProblemView['now']>): string {
  const term = changing === null ? null : readTerm(init);
  if (term === null || typeof term === 'string') return '';
  const kept = term
    .slice(1)
    .filter((fact) => isFact(fact) && !changing!.has(String(fact[0])) && !facts.has(termText(fact)));
  return kept.length === 0 ? '' : `(:init ${kept.map(termText).join(' ')})`;
}

/** Numbers stand among the facts; what is said not to hold goes without saying. */
const isFact = (term: Term): term is readonly Term[] =>
  typeof term !== 'string' && term[0] !== '=' && term[0] !== 'not';

interface Section {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** The sections of a `(define (problem …) …)`, such as `(:goal …)`, where they stand; comments are skipped. */
function sectionsOf(text: string): readonly Section[] {
  const found: Section[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ';') i = endOfLine(text, i);
    else if (text[i] === '(' && depth++ === 1) from = i;
    else if (text[i] === ')' && --depth === 1)
      found.push({ from, to: i + 1, name: /^\(\s*([^\s()]*)/.exec(text.slice(from))?.[1]?.toLowerCase() ?? '' });
  }
  return found;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
