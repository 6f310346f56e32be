const OPEN = '<think>';
const CLOSE = '</think>';
/** An answer that begins with more white space than this begins with no thought. */
const LONGEST_LEAD = 64;

/** A piece of an answer, told apart. */
export interface SplitPiece {
  readonly text: string;
  readonly reasoning: string;
}

/**
 * Tells `<think>…</think>` at the very beginning of an answer from the answer itself, piece by piece: models whose
 * server knows no reasoning write it so. What comes later in such marks is text; a thought that does not end is all
 * thought.
 */
export class ThinkSplitter {
  #state: 'start' | 'thought' | 'gap' | 'text' = 'start';
  /** What cannot be told yet. */
  #held = '';

  /** What is known with this piece. */
  take(piece: string): SplitPiece {
    if (this.#state === 'text') return { text: piece, reasoning: '' };
    this.#held += piece;
    let reasoning = '';
    if (this.#state === 'start') this.#begin();
    if (this.#state === 'thought') reasoning = this.#think();
    if (this.#state === 'gap') this.#skipGap();
    return { text: (this.#state as string) === 'text' ? this.#release() : '', reasoning };
  }

  /** What was still held when the answer ended. */
  end(): SplitPiece {
    const held = this.#release();
    return this.#state === 'thought'
      ? { text: '', reasoning: held }
      : { text: this.#state === 'gap' ? '' : held, reasoning: '' };
  }

  #begin(): void {
    const begun = this.#held.trimStart();
    if (begun.startsWith(OPEN)) {
      this.#state = 'thought';
      this.#held = begun.slice(OPEN.length);
    } else if (!OPEN.startsWith(begun) || this.#held.length > LONGEST_LEAD) this.#state = 'text';
  }

  #think(): string {
    const at = this.#held.indexOf(CLOSE);
    if (at >= 0) {
      const thought = this.#held.slice(0, at);
      this.#held = this.#held.slice(at + CLOSE.length);
      this.#state = 'gap';
      return thought;
    }
    // The closing mark may come in two pieces: so much stays as could be its beginning.
    let keep = Math.min(CLOSE.length - 1, this.#held.length);
    while (keep > 0 && !CLOSE.startsWith(this.#held.slice(-keep))) keep -= 1;
    const thought = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(this.#held.length - keep);
    return thought;
  }

  #skipGap(): void {
    this.#held = this.#held.trimStart();
    if (this.#held !== '') this.#state = 'text';
  }

  #release(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
