/** Lets the calls for one id run one after another, in the order in which they came; calls for others run beside. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(id: string, call: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id) ?? Promise.resolve();
    const mine = before.then(call, call);
    this.#last.set(id, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(id) === mine) this.#last.delete(id);
    }
  }
}
