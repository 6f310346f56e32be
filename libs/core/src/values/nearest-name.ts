/** `; did you mean …?` with the declared name most like this one, else a short list of what is declared. */
export function suggestion(name: string, declared: Iterable<string>): string {
  const names = [...declared];
  const near = nearestName(name, names);
  if (near !== null) return `; did you mean \`${near}\`?`;
  if (names.length === 0) return '; none is declared';
  return names.length > 8 ? '' : `; declared: ${names.join(', ')}`;
}

/** The name that differs by the fewest slips of the keyboard, or null where none is near. */
export function nearestName(name: string, declared: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(name.length, Math.max(1, Math.floor(name.length / 3)) + 1);
  for (const candidate of declared) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = slips(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Letters to insert, remove, replace or swap with their neighbour to make one word the other. */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
