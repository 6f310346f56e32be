/**
 * Breaks a text into lines of at most `width` columns, at spaces where it can; all but the first begin with `hang`
 * spaces.
 */
export function wrap(text: string, width: number, hang = 0): readonly string[] {
  const lines: string[] = [];
  let rest = text.trimEnd();
  for (;;) {
    const indent = lines.length === 0 ? '' : ' '.repeat(hang);
    const room = Math.max(8, width - indent.length);
    if (rest.length <= room) return [...lines, `${indent}${rest}`];
    // A first line may begin with spaces of its own; those are no place to break.
    const from = rest.length - rest.trimStart().length;
    const space = rest.lastIndexOf(' ', room);
    const at = space > from ? space : room;
    lines.push(`${indent}${rest.slice(0, at).trimEnd()}`);
    rest = rest.slice(at).trimStart();
  }
}
