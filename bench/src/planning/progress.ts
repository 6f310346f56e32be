/** Shows how far a run is: a bar that is drawn over on a terminal, one line for each problem elsewhere. */
export class Progress {
  readonly #total: number;
  readonly #out: NodeJS.WriteStream;
  #done = 0;

  constructor(total: number, out: NodeJS.WriteStream) {
    this.#total = total;
    this.#out = out;
  }

  step(text: string): void {
    this.#done++;
    if (!this.#out.isTTY) {
      this.#out.write(`${this.#done}/${this.#total} ${text}\n`);
      return;
    }
    const width = 30;
    const full = Math.round((this.#done / this.#total) * width);
    this.#out.write(`\r\u001b[2K${'█'.repeat(full)}${'░'.repeat(width - full)} ${this.#done}/${this.#total} ${text}${this.#done === this.#total ? '\n' : ''}`);
  }
}
