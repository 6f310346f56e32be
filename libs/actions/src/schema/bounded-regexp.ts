import { Script, createContext, type Context } from 'node:vm';

/** Longest time that one match may take, in milliseconds. */
const TIMEOUT_MS = 100;

/** A text up to this length is matched without a limit where its pattern cannot backtrack much. */
const SHORT = 256;

const SCRIPT = new Script('new RegExp(source, flags).test(text)');

/** What a JSON Schema validator needs of a regular expression. */
export interface RegExpLike {
  exec(text: string): readonly string[] | null;
  test(text: string): boolean;
  /** Equal for equal patterns. */
  toString(): string;
}

/**
 * A regular expression whose matching is stopped after 100 ms, since its pattern may come from a server and its text
 * from a model. A text that takes longer counts as one that does not match. A pattern that is no regular expression
 * even without the `u` flag is a `SyntaxError`.
 */
export function boundedRegExp(source: string): RegExpLike {
  const flags = isRegExp(source, 'u') ? 'u' : '';
  const direct = new RegExp(source, flags);
  const isPlain = isCheap(source);
  const test = (text: string): boolean =>
    isPlain && text.length <= SHORT ? direct.test(text) : testInTime({ source, flags, text });
  return { test, exec: (text) => (test(text) ? [text] : null), toString: () => String(direct) };
}

function isRegExp(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

/** At most one part of it repeats without a limit, and no group repeats: matching costs at most the square of the length. */
function isCheap(source: string): boolean {
  const bare = source.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/gs, 'x');
  return !/\)[*+{?]/.test(bare) && (bare.match(/[*+]|\{\d*,?\d*\}/g)?.length ?? 0) <= 1;
}

interface Match {
  readonly source: string;
  readonly flags: string;
  readonly text: string;
}

let context: Context | null = null;

/** V8 interrupts a regular expression that runs in a script with a timeout. */
function testInTime(match: Match): boolean {
  context ??= createContext({});
  Object.assign(context, match);
  try {
    return SCRIPT.runInContext(context, { timeout: TIMEOUT_MS }) === true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw thrown;
  } finally {
    Object.assign(context, { text: '' });
  }
}
