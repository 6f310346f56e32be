const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The beginning of a text: at most `length` UTF-16 units, cut between two characters as a reader sees them, so that no
 * emoji is cut in half.
 *
 * @example
 * clipText('tea 🫖🫖', 6); // 'tea 🫖'
 */
export function clipText(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { index, segment } of characters.segment(text)) {
    if (index + segment.length > length) break;
    end = index + segment.length;
  }
  // A single character may be longer than everything that fits; half a surrogate pair is still none.
  return end > 0 ? text.slice(0, end) : text.slice(0, wholePair(text, length));
}

function wholePair(text: string, end: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}
