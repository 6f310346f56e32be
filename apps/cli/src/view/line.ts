/** How a piece of text looks. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line before it is fitted and painted. */
export type Line = readonly Span[];

/** Puts a style on a text, or leaves it as it is where there are no colours. */
export type Paint = (text: string, style: Style) => string;

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Paints with ANSI codes, or not at all. */
export function makePaint(hasColors: boolean): Paint {
  return hasColors ? (text, style) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (text) => text;
}

/** A line of plain text, or of text in one style. */
export function plain(text: string, style?: Style): Line {
  return [style === undefined ? { text } : { text, style }];
}

/** Cuts a text to a width, marking the cut. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Writes a line in at most `width` columns. */
export function showLine(line: Line, width: number, paint: Paint): string {
  const whole = line.reduce((sum, span) => sum + [...span.text].length, 0);
  let left = whole <= width ? whole : width - 1;
  const shown: string[] = [];
  for (const { text, style } of line) {
    const piece = [...text].slice(0, left).join('');
    left -= [...piece].length;
    if (piece !== '') shown.push(style === undefined ? piece : paint(piece, style));
  }
  return `${shown.join('')}${whole <= width ? '' : '…'}`;
}
