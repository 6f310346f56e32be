/**
 * How fast another occurrence of a word stops mattering, and how much a text's length counts against it: the customary
 * values.
 */
const K1 = 1.2;
const B = 0.75;

/** Words that say how a text is built and not what it is about. */
const EMPTY_WORDS = new Set(
  'a an and are as at be been being by can do does for from had has have how i if in into is it its me my of on or our so some than that the their them then there these they this those to us want was we were what when where which will with would you your'.split(
    ' ',
  ),
);

/**
 * The words of a text for matching: parts of `camelCase`, `snake-case` and sentences alike, in small letters, with the
 * endings of plurals and common verb forms taken off.
 */
export function wordsOf(text: string): readonly string[] {
  const parts =
    text
      .replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.filter((word) => !EMPTY_WORDS.has(word)).map(stem);
}

function stem(word: string): string {
  const bare = word
    .replace(/(?<=[^aeious])ies$/, 'y')
    .replace(/(?<=ss|sh|ch|x|z)es$/, '')
    .replace(/(?<=\p{L}{2}[^su])s$/u, '')
    .replace(/(?<=\p{L}{3})(?:ing|ed)$/u, '');
  return bare.replace(/([^aeiousl])\1$/, '$1').replace(/(?<=\p{L}{3})e$/u, '');
}

interface Entry {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Texts that can be ranked by how well they fit a query (Okapi BM25). */
export class TextRank {
  private readonly entries: readonly Entry[];
  private readonly inTexts = new Map<string, number>();
  private readonly meanLength: number;

  /** Each text as its words; a word that stands twice counts for more. */
  constructor(texts: readonly (readonly string[])[]) {
    this.entries = texts.map((words) => {
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const word of counts.keys()) this.inTexts.set(word, (this.inTexts.get(word) ?? 0) + 1);
      return { counts, length: words.length };
    });
    this.meanLength = this.entries.reduce((sum, entry) => sum + entry.length, 0) / Math.max(1, this.entries.length);
  }

  /** A score for each text, in their order; 0 where no word is shared. */
  scores(query: readonly string[]): readonly number[] {
    const words = [...new Set(query)].filter((word) => this.inTexts.has(word));
    return this.entries.map((entry) =>
      words.reduce((sum, word) => sum + this.weight(word) * this.share(entry, word), 0),
    );
  }

  /** A word tells the more, the fewer texts have it; never less than nothing. */
  private weight(word: string): number {
    const n = this.inTexts.get(word) ?? 0;
    return Math.log(1 + (this.entries.length - n + 0.5) / (n + 0.5));
  }

  private share({ counts, length }: Entry, word: string): number {
    const count = counts.get(word) ?? 0;
    return (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / Math.max(1, this.meanLength)));
  }
}
