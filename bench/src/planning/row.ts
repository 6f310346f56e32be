import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** What became of one problem. */
export interface Row {
  readonly domain: string;
  readonly problem: string;
  readonly outcome: 'solved' | 'unsolvable' | 'spent' | 'failed';
  /** Evaluations allowed in the try that counts. */
  readonly budget: number;
  readonly steps: number | null;
  readonly cost: number | null;
  readonly reference: number | null;
  readonly facts: number;
  readonly operators: number;
  readonly expanded: number;
  readonly evaluated: number;
  readonly milliseconds: number;
  /** Why a plan is wrong or a problem could not be read; null where nothing is. */
  readonly complaint: string | null;
}

/** The rows of a run that may be resumed: one JSON line for each problem that is done. */
export class RowFile {
  readonly rows: Row[];
  readonly #file: string;

  constructor(file: string, resumes: boolean) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (!resumes) rmSync(file, { force: true });
    this.rows = existsSync(file) ? readLines(file) : [];
  }

  has(domain: string, problem: string): boolean {
    return this.rows.some((row) => row.domain === domain && row.problem === problem);
  }

  add(row: Row): void {
    this.rows.push(row);
    appendFileSync(this.#file, `${JSON.stringify(row)}\n`);
  }
}

/** A line that was cut off by a crash does not count. */
function readLines(file: string): Row[] {
  return readFileSync(file, 'utf8').split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Row];
    } catch {
      return [];
    }
  });
}
