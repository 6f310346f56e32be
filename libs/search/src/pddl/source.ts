import { PraxisError } from '@praxis/core';
import type { Position } from './ast.js';

/** A PDDL text with the name under which errors speak of it. */
export class Source {
  #lineStarts: number[] | null = null;
  readonly #warnings = new Set<string>();

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** Line and column of an offset into the text. */
  position(at: number): Position {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - starts[low]! + 1 };
  }

  /** An error that points at an offset. */
  error(at: number, problem: string): PraxisError {
    return this.errorAt(this.position(at), problem);
  }

  /** What was read although it is odd, each with its place, in the order of discovery. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** Remembers that something odd was read, and how. */
  warn(at: number, what: string): void {
    const { line, column } = this.position(at);
    this.#warnings.add(`${this.name}:${line}:${column}: ${what}`);
  }

  /** An error that points at a known position. */
  errorAt({ line, column }: Position, problem: string): PraxisError {
    return new PraxisError('invalid', `${this.name}:${line}:${column}: ${problem}`, { details: { line, column } });
  }
}

const LINE_END = /\r\n|\n|\r/g;

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(LINE_END)) starts.push(index + end.length);
  return starts;
}
