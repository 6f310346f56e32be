/** Text without what a terminal or a database stumbles over. */
export const plain = (text: string): string =>
  Buffer.from(text)
    .toString()
    .replace(/[^\P{Cc}\n\t]/gu, '');
