/** Controls that would reorder or hide what stands around them: shown by their code instead. */
// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const codeOf = (c: string): string => c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** The text with its invisible controls made visible, so that what is read is what is there. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (c) => `⟦U+${codeOf(c)}⟧`);
}

/** JSON with its invisible controls escaped: another spelling of the same value, of which nothing is hidden. */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, (c) => `\\u${codeOf(c)}`);
}
