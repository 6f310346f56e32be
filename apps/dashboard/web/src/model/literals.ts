/** One part of a condition, without its brackets: `at robby kitchen`. */
export interface LiteralWords {
  readonly words: string;
  readonly isNegated: boolean;
}

/** Longer conditions are shown as they are written. */
const LONGEST = 20_000;

/** The literals of a conjunction, or of a row of literals; null where the text is anything else. */
export function readLiterals(text: string): readonly LiteralWords[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('(') || trimmed.length > LONGEST) return null;
  const inner = /^\(and\b([\s\S]*)\)$/.exec(trimmed)?.[1] ?? trimmed;
  const found: LiteralWords[] = [];
  const rest = inner.replace(
    /\(\s*(?:not\s*\(([^()]*)\)|([^()]*))\s*\)/g,
    (_, negated: string | undefined, plain: string | undefined) => {
      found.push({ words: (negated ?? plain ?? '').trim(), isNegated: negated !== undefined });
      return '';
    },
  );
  return found.length > 0 && rest.trim() === '' ? found : null;
}

const wordsOf = ({ words, isNegated }: LiteralWords): string => (isNegated ? `not ${words}` : words);

/** A row of literals as the planner makes titles of them, the rest counted. */
const ROW = /^(\(.*\)) and (\d+) more$/s;

/** A condition in one line: `stowed lamps shelf1 · not open door1`; anything else as it is. */
export function conditionLine(text: string): string {
  const row = ROW.exec(text);
  const literals = readLiterals(row?.[1] ?? text);
  if (!literals) return text;
  return [...literals.map(wordsOf), ...(row ? [`+${row[2]}`] : [])].join(' · ');
}

/** As `conditionLine`, without named checks, which are told in words of their own; empty where there is nothing else. */
export function factsLine(condition: string): string {
  const literals = readLiterals(condition);
  if (!literals) return conditionLine(condition);
  return literals
    .filter(({ words }) => !words.startsWith('check '))
    .map(wordsOf)
    .join(' · ');
}

/** The literals of a goal, to tell them apart from what is only on the way. */
export const wantedWords = (condition: string): ReadonlySet<string> =>
  new Set((readLiterals(condition) ?? []).map(wordsOf));

/** So many literals name a subgoal. */
const NAMED_BY = 3;

/** What a subgoal is called: what the goal asks for comes first; a title in plain words stays as it is. */
export function subgoalLine(
  { title, post }: { readonly title: string; readonly post: string },
  wanted: ReadonlySet<string>,
): string {
  const literals = title.startsWith('(') ? readLiterals(post) : null;
  if (!literals) return conditionLine(title);
  const words = literals.map(wordsOf);
  const sorted = [...words.filter((w) => wanted.has(w)), ...words.filter((w) => !wanted.has(w))];
  const more = sorted.length - NAMED_BY;
  return [...sorted.slice(0, NAMED_BY), ...(more > 0 ? [`+${more}`] : [])].join(' · ');
}
