import { PraxisError } from '@praxis/core';
import type { Position } from './ast.js';

/** A PDDL text with the name under which errors speak of it. */
export class Source {
  #lineStarts: number[] | null = null;

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

  /** An error that points at a known position. */
  errorAt({ line, column }: Position, problem: string): PraxisError {
    return new PraxisError('invalid', `${this.name}:${line}:${column}: ${problem}`, { details: { line, column } });
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
