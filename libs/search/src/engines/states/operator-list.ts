/** A list of operator numbers that is filled again and again without allocating. */
export class OperatorList {
  items: Int32Array = new Int32Array(64);
  size = 0;

  add(operator: number): void {
    if (this.size === this.items.length) {
      const grown = new Int32Array(this.size * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.size++] = operator;
  }

  clear(): void {
    this.size = 0;
  }
}

/** The same without repetitions. */
export class OperatorSet extends OperatorList {
  readonly #round: Int32Array;
  #now = 1;

  constructor(operators: number) {
    super();
    this.#round = new Int32Array(operators);
  }

  override add(operator: number): void {
    if (this.#round[operator] === this.#now) return;
    this.#round[operator] = this.#now;
    super.add(operator);
  }

  has(operator: number): boolean {
    return this.#round[operator] === this.#now;
  }

  override clear(): void {
    super.clear();
    this.#now++;
  }
}
