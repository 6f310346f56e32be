/** The longest pattern, in characters, and the most patterns that its braces may stand for. */
const MOST = { pattern: 1024, alternatives: 256 } as const;

/**
 * Reads a pattern of paths: `*` stands for any characters of a name, `?` for one, `**` for any number of folders, and
 * `{a,b}` for one of several texts. A path is matched in time linear in its length times that of the pattern.
 *
 * @throws Error that says what is wrong with the pattern
 * @example
 *   readGlob('reports/**' + '/*.{csv,json}')('reports/2024/sales.csv'); // true
 */
export function readGlob(pattern: string): (path: string) => boolean {
  if (pattern.length > MOST.pattern) throw new Error(`the pattern is longer than ${MOST.pattern} characters`);
  const found = alternatives(pattern.normalize('NFC')).map((one) => one.replace(/^\.\//, '').split('/'));
  return (path) => {
    const names = path.split('/');
    return found.some((parts) => matchList(parts, names, (part) => part === '**', matchName));
  };
}

const matchName = (part: string, name: string): boolean =>
  matchList(
    [...part],
    [...name],
    (wild) => wild === '*',
    (one, other) => one === '?' || one === other,
  );

/** Matches a list against a pattern in which some members stand for any number of members. */
function matchList<P, T>(
  pattern: readonly P[],
  list: readonly T[],
  isWild: (part: P) => boolean,
  fits: (part: P, member: T) => boolean,
): boolean {
  let [at, part] = [0, 0];
  // Where the last wild part stands, and how many members it has been given so far.
  let [wild, given] = [-1, 0];
  while (at < list.length) {
    if (part < pattern.length && isWild(pattern[part]!)) [wild, given, part] = [part, at, part + 1];
    else if (part < pattern.length && fits(pattern[part]!, list[at]!)) [at, part] = [at + 1, part + 1];
    else if (wild !== -1) [given, at, part] = [given + 1, given + 1, wild + 1];
    else return false;
  }
  return pattern.slice(part).every(isWild);
}

/** The patterns without braces that a pattern stands for. */
function alternatives(pattern: string): readonly string[] {
  let done: string[] = [];
  let open = [pattern];
  while (open.length > 0) {
    const next: string[] = [];
    for (const one of open) {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(one);
      if (braces === null) done = [...done, one];
      else for (const text of braces[1]!.split(',')) next.push(one.replace(braces[0], () => text));
    }
    if (next.length + done.length > MOST.alternatives)
      throw new Error(`its braces stand for more than ${MOST.alternatives} patterns`);
    open = next;
  }
  return done;
}
