import { cut } from './line.js';

/** A column: its heading, and on which side its cells stand. */
export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

/**
 * Lines of a table with a heading; where it is too wide, the columns move together and the widest left-aligned one is
 * cut.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const widths = columns.map(({ head }, i) => Math.max(length(head), ...rows.map((row) => length(row[i] ?? ''))));
  const whole = widths.reduce((sum, w) => sum + w, 0);
  const isTight = whole + 2 * (columns.length - 1) > width;
  const over = whole + columns.length - 1 - width;
  if (isTight && over > 0) shrink(columns, widths, over);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = cut(cells[i] ?? '', widths[i]!);
        const pad = ' '.repeat(widths[i]! - length(cell));
        return align === 'right' ? pad + cell : cell + pad;
      })
      .join(isTight ? ' ' : '  ')
      .trimEnd();
  return [line(columns.map((c) => c.head)), line(widths.map((w) => '─'.repeat(w))), ...rows.map(line)];
}

function shrink(columns: readonly Column[], widths: number[], over: number): void {
  let widest = -1;
  for (const [i, { align }] of columns.entries())
    if (align !== 'right' && (widest < 0 || widths[i]! > widths[widest]!)) widest = i;
  if (widest >= 0) widths[widest] = Math.max(length(columns[widest]!.head), 8, widths[widest]! - over);
}

const length = (text: string): number => [...text].length;
