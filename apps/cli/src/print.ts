import { makePaint, type Paint } from './view/line.js';

/** Where text goes: a terminal, a pipe or a file. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The one place that writes: results to stdout, everything else to stderr. */
export class Printer {
  readonly paint: Paint;
  readonly isTerminal: boolean;

  constructor(
    private readonly out: Output,
    private readonly err: Output,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.isTerminal = out.isTTY === true && env['TERM'] !== 'dumb';
    this.paint = makePaint(this.isTerminal && (env['NO_COLOR'] ?? '') === '');
  }

  /** Width to write for; a pipe takes what comes. */
  get columns(): number {
    return this.isTerminal ? (this.out.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  get rows(): number {
    return this.out.rows ?? 24;
  }

  /** A line of the result. */
  line(text = ''): void {
    this.out.write(`${text}\n`);
  }

  lines(all: readonly string[]): void {
    if (all.length > 0) this.out.write(`${all.join('\n')}\n`);
  }

  /** A value on one line. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  raw(text: string): void {
    this.out.write(text);
  }

  /** A line beside the result: progress, statistics, errors. */
  note(text: string): void {
    this.err.write(`${text}\n`);
  }
}
