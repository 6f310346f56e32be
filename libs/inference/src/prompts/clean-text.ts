/** Unicode breaks lines in more places than `\n`; a reader of fenced blocks may follow any of them. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
/**
 * Controls, lone surrogates, and what is not seen (direction marks, tags); joiners stay, since words of some languages
 * need them.
 */
const UNSEEN = /[\p{Cc}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;
/**
 * Marks by which chat templates tell whose turn it is. Engines read them as such wherever they stand, so a space takes
 * their meaning away.
 */
const TURN_MARK =
  /<(?=[|｜])|<(?=\/?(?:s|bos|eos|think|tool_call|tool_response|start_of_turn|end_of_turn)>)|\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])/giu;

/** Letters of which nothing above can be made: most lines have no others. */
const PLAIN = /^[ -;=-Z\\-~]*$/;

/**
 * One line of foreign text as it may stand in a prompt: nothing unseen, no marks that only a chat template may write.
 */
export const cleanLine = (line: string): string =>
  (PLAIN.test(line) ? line : line.replaceAll('\t', ' ').replace(UNSEEN, '').replace(TURN_MARK, '$& ')).trimEnd();

/** The lines of a foreign text, cleaned; empty ones at its beginning and end are left out. */
export function cleanLines(text: string): readonly string[] {
  const lines = text.split(LINE_BREAK).map(cleanLine);
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** A foreign text as one line, for an item of a list. */
export const cleanItem = (text: string): string => (PLAIN.test(text) ? text : cleanLines(text).join(' ')).trim();

/** A foreign text as part of a sentence: one line that cannot open a fence. */
export const cleanInline = (text: string): string => cleanItem(text).replace(/`{3,}/g, '``').replace(/~{3,}/g, '~~');

/** A fence that no line of the text can close: longer than any run of backticks in it. */
export function fenceFor(lines: readonly string[]): string {
  let longest = 2;
  for (const line of lines)
    if (line.includes('```')) for (const [run] of line.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}
