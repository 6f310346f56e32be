/** Lists of numbers, one after the other in one array: list i is `values[start[i]] … values[start[i + 1] - 1]`. */
export interface PackedLists {
  readonly start: Int32Array;
  readonly values: Int32Array;
}

/** Packs lists of numbers. */
export function packLists(lists: readonly (readonly number[])[]): PackedLists {
  const start = new Int32Array(lists.length + 1);
  for (let i = 0; i < lists.length; i++) start[i + 1] = start[i]! + lists[i]!.length;
  const values = new Int32Array(start[lists.length]!);
  for (let i = 0; i < lists.length; i++) values.set(lists[i]!, start[i]!);
  return { start, values };
}

/** Turns the lists round: result list v holds every i whose list names v. */
export function transposeLists(lists: PackedLists, size: number): PackedLists {
  const start = new Int32Array(size + 1);
  for (const value of lists.values) start[value + 1]!++;
  for (let v = 0; v < size; v++) start[v + 1]! += start[v]!;
  const next = start.slice(0, size);
  const values = new Int32Array(lists.values.length);
  for (let i = 0; i + 1 < lists.start.length; i++) {
    for (let k = lists.start[i]!; k < lists.start[i + 1]!; k++) values[next[lists.values[k]!]!++] = i;
  }
  return { start, values };
}
