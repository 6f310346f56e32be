import { PraxisError } from '@praxis/core';
import type { NodeTrouble } from '../node-trouble.js';
import type { NodeJob } from './node-job.js';
import type { NodeState } from './node-state.js';
import type { PoolRandom } from './pool-clock.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** The one retry loop's memory: what was tried for a job, and what follows from it. */
export class Retries {
  readonly #nodes = new Set<string>();
  #tooLongFor: number | null = null;
  #last: { readonly node: string; readonly trouble: NodeTrouble } | null = null;
  #final: NodeTrouble | null = null;
  #pauses = 0;

  constructor(
    private readonly job: NodeJob,
    private readonly limits: { readonly random: PoolRandom; readonly maxTries: () => number },
  ) {}

  get tried(): { readonly nodes: ReadonlySet<string>; readonly tooLongFor: number | null } {
    return { nodes: this.#nodes, tooLongFor: this.#tooLongFor };
  }

  /** A node failed the call. */
  note(node: NodeState, trouble: NodeTrouble): void {
    const { name } = node.spec;
    this.#nodes.add(name);
    this.#last = { node: name, trouble };
    if (trouble.kind === 'refused') this.#final = trouble;
    if (trouble.kind !== 'too-long') return;
    const context = node.contextOf(this.job.model);
    if (context === null) this.#final = trouble;
    else this.#tooLongFor = Math.max(context, this.#tooLongFor ?? 0);
  }

  /**
   * How long to wait before the next try; throws where there is none. `untried`: nodes left that have not failed it.
   */
  next(attempt: number, untried: () => number): number {
    if (this.#final) throw this.#final;
    const left = untried();
    if (this.#tooLongFor !== null && left === 0 && this.#last?.trouble.kind === 'too-long') throw this.#last.trouble;
    if (attempt >= this.limits.maxTries()) throw this.#gaveUp(attempt);
    if (left > 0) return 0;
    const { run, stream } = this.job.place;
    const jitter = this.limits.random('pause', run, stream, attempt);
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#pauses++) * (0.5 + jitter / 2);
  }

  /** Throws what the dispatcher said, with what went wrong before. */
  explain(error: unknown): never {
    // What kept it from being asked again may have been told in the same words.
    if (
      error instanceof PraxisError &&
      error.code === 'unavailable' &&
      this.#last &&
      !error.message.includes(this.#last.trouble.message)
    ) {
      throw new PraxisError(
        'unavailable',
        `${error.message} The last try, at ${this.#last.node}: ${this.#last.trouble.message}`,
        { cause: this.#last.trouble },
      );
    }
    throw error;
  }

  #gaveUp(attempts: number): PraxisError {
    const { node, trouble } = this.#last!;
    const message = `No inference node answered a call of ${this.job.model} in ${attempts} tries. The last one, at ${node}: ${trouble.message.replace(/\.$/, '')}. See \`praxis nodes\`.`;
    return new PraxisError('unavailable', message, { cause: trouble });
  }
}
