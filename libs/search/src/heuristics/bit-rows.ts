/** A table of bits; rows are sets that can be united, intersected and compared quickly. */
export class BitRows {
  /** Words of one row. */
  readonly words: number;
  readonly bits: Int32Array;

  constructor(rows: number, columns: number) {
    this.words = Math.max(1, (columns + 31) >> 5);
    this.bits = new Int32Array(rows * this.words);
  }

  has(row: number, column: number): boolean {
    return ((this.bits[row * this.words + (column >> 5)]! >>> (column & 31)) & 1) === 1;
  }

  set(row: number, column: number): void {
    this.bits[row * this.words + (column >> 5)]! |= 1 << (column & 31);
  }

  fill(row: number): void {
    this.bits.fill(-1, row * this.words, (row + 1) * this.words);
  }

  /** Adds to `row` all that `source`'s row `from` holds. */
  unite(row: number, source: BitRows, from: number): void {
    const to = row * this.words;
    const at = from * source.words;
    for (let w = 0; w < this.words; w++) this.bits[to + w]! |= source.bits[at + w]!;
  }

  /** Keeps in `row` only what `source`'s row `from` or the column `kept` holds; whether anything went. */
  intersect(row: number, source: BitRows, from: number, kept: number): boolean {
    const to = row * this.words;
    const at = from * source.words;
    let changed = false;
    for (let w = 0; w < this.words; w++) {
      const old = this.bits[to + w]!;
      const both = old & (w === kept >> 5 ? source.bits[at + w]! | (1 << (kept & 31)) : source.bits[at + w]!);
      if (both === old) continue;
      changed = true;
      this.bits[to + w] = both;
    }
    return changed;
  }

  /** The columns in a row. */
  columns(row: number): number[] {
    const out: number[] = [];
    for (let w = 0; w < this.words; w++) {
      for (let bits = this.bits[row * this.words + w]!; bits !== 0; bits &= bits - 1)
        out.push((w << 5) + 31 - Math.clz32(bits & -bits));
    }
    return out;
  }
}
