/** Tells the search how many bytes its tables hold. */
export interface MemoryMeter {
  hold(bytes: number): void;
}

const CHUNK_WORDS = 1 << 16;

/** Records of a fixed number of words, numbered from 0, in chunks that are never moved. */
export class RecordPool {
  readonly width: number;
  readonly #memory: MemoryMeter;
  readonly #shift: number;
  readonly #mask: number;
  readonly #chunks: Int32Array[] = [];
  #size = 0;

  constructor(width: number, memory: MemoryMeter) {
    this.width = width;
    this.#memory = memory;
    this.#shift = Math.max(0, Math.floor(Math.log2(CHUNK_WORDS / Math.max(1, width))));
    this.#mask = (1 << this.#shift) - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one record and gives its number. */
  push(): number {
    if (this.#size >> this.#shift === this.#chunks.length) {
      const chunk = new Int32Array(this.width << this.#shift);
      this.#memory.hold(chunk.byteLength);
      this.#chunks.push(chunk);
    }
    return this.#size++;
  }

  chunk(id: number): Int32Array {
    return this.#chunks[id >> this.#shift]!;
  }

  offset(id: number): number {
    return (id & this.#mask) * this.width;
  }
}
