import { PraxisError } from '@praxis/core';
import { EvaluatedProblems } from './evaluated-problems.js';
import type { Operation, OperationArgs, OperationResult, PlanSteps, ProblemTexts } from './operations.js';
import { ThreadPool, type ThreadOptions } from './thread-pool.js';

/** How far an evaluator goes by itself, and how far its threads go. */
export interface EvaluatorOptions {
  readonly threads?: number;
  readonly memoryMb?: number;
  /** Characters of a problem up to which it is read and asked about at once, without a thread. */
  readonly textHere?: number;
  /** Steps of one question that are taken at once, without a thread: a few milliseconds. */
  readonly stepsHere?: number;
  /** Steps of one question that a thread takes before it is refused. */
  readonly steps?: number;
}

/** Who asks, and how they give up. */
export interface AskControl {
  readonly signal?: AbortSignal | undefined;
  /** Whose question it is: questions of one owner share one turn of the threads. */
  readonly turn?: string | undefined;
}

const HERE_TEXT = 32_768;
const HERE_STEPS = 20_000;
/** Ten seconds, about. */
const MOST_STEPS = 50_000_000;

/**
 * Answers questions about problems that callers wrote, where it keeps nobody else waiting.
 *
 * evaluator.1 What is asked on the caller's own thread is a small text and takes at most `stepsHere` steps; everything else is asked in a
 *    thread. A question that turns out to be larger is asked again there, and its problem from then on at once.
 * evaluator.2 A question that takes more than `steps` steps, or more memory than a thread has, is refused with `invalid`: asking
 *    again would not help.
 * evaluator.3 Questions in threads take fair turns by their owners (threads.1), and end when their signal fires.
 */
export class Evaluator {
  readonly #seats: ThreadOptions;
  #threads: ThreadPool;
  #options: Required<Omit<EvaluatorOptions, 'threads' | 'memoryMb'>>;
  readonly #here = new EvaluatedProblems();
  readonly #heavy = new WeakSet<ProblemTexts>();
  /** Questions that were answered at once, and those that were asked in a thread. */
  readonly counts = { here: 0, inThreads: 0 };

  constructor({ threads = 2, memoryMb = 512, textHere = HERE_TEXT, stepsHere = HERE_STEPS, steps = MOST_STEPS }: EvaluatorOptions = {}) {
    this.#seats = { seats: threads, memoryMb };
    this.#threads = new ThreadPool(this.#seats);
    this.#options = { textHere, stepsHere, steps };
  }

  /** Answers one question about a problem. */
  async ask<K extends Operation>(name: K, problem: ProblemTexts, args: OperationArgs<K>, control: AskControl = {}): Promise<OperationResult<K>> {
    if (this.#isSmall(problem, args)) {
      try {
        const answer = this.#here.run({ name, problem, args, steps: this.#options.stepsHere }) as OperationResult<K>;
        this.counts.here += 1;
        return answer;
      } catch (thrown) {
        if (!(thrown instanceof PraxisError) || thrown.code !== 'exhausted') throw thrown;
        this.#heavy.add(problem);
      }
    }
    return this.#inThread(name, problem, args, control);
  }

  /** Takes over what the settings say of the steps of one question. */
  limit(steps: number): void {
    this.#options = { ...this.#options, steps };
  }

  /** Ends all threads and what they do; questions asked afterwards get new ones. */
  async rest(): Promise<void> {
    const threads = this.#threads;
    this.#threads = new ThreadPool(this.#seats);
    await threads.close();
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  #isSmall(problem: ProblemTexts, args: readonly unknown[]): boolean {
    if (this.#heavy.has(problem)) return false;
    let text = problem.domain.length + problem.problem.length;
    for (const arg of args) text += typeof arg === 'string' ? arg.length : sizeOfList(arg);
    return text <= this.#options.textHere;
  }

  async #inThread<K extends Operation>(name: K, problem: ProblemTexts, args: OperationArgs<K>, control: AskControl): Promise<OperationResult<K>> {
    this.counts.inThreads += 1;
    const steps = this.#options.steps * (name === 'explain' ? 1 + Math.floor((args[1] as PlanSteps).length / 10) : 1);
    try {
      const end = await this.#threads.run({ kind: 'evaluate', order: { name, problem, args, steps } }, control);
      if (end.kind === 'result') return end.result as OperationResult<K>;
      if (end.kind === 'stopped') throw new PraxisError('cancelled', 'The evaluation was cancelled.');
      throw new PraxisError('invalid', 'The problem is too large to be evaluated: it takes more memory than a thread has. Use fewer objects, or fewer variables in one rule or quantifier.');
    } catch (thrown) {
      const error = PraxisError.from(thrown);
      throw error.code === 'exhausted' ? new PraxisError('invalid', `The problem is too large to be evaluated. ${error.message}`, { cause: error }) : error;
    }
  }
}

/** The evaluator of this process; it starts threads only when a question needs one. */
export const sharedEvaluator = new Evaluator();

/** A rough measure of an argument that is no text: a state weighs by its facts, a list by its length. */
function sizeOfList(arg: unknown): number {
  if (Array.isArray(arg)) return arg.length * 16;
  if (typeof arg !== 'object' || arg === null || !('facts' in arg) || !Array.isArray(arg.facts)) return 0;
  return arg.facts.length * 4;
}
