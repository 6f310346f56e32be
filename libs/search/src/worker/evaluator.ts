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

/** Owners that are remembered for a problem that many share. */
const MOST_OWNERS = 1_000;
/** No question waits and works for longer than this, whatever it does: reading a text counts no steps. */
const MOST_MS = 300_000;
const HERE_TEXT = 16_384;
/** A condition is read for every question, and nested quantifiers make it larger than it looks. */
const CONDITION_WEIGHT = 4;
const HERE_STEPS = 20_000;
/** Ten seconds, about. */
const MOST_STEPS = 15_000_000;

/**
 * Answers questions about problems that callers wrote, where it keeps nobody else waiting.
 *
 * evaluator.1 What is asked on the caller's own thread is a small text and takes at most `stepsHere` steps; everything
 *             else is asked in a thread. A question that turns out to be larger is asked again there, and what its
 *             owner asks about the problem from then on too; others, who may be in the same world, are not kept from
 *             quick answers by that.
 * evaluator.2 A question that takes more than `steps` steps, or more memory than a thread has, is refused with
 *             `invalid`: asking again would not help.
 * evaluator.3 Questions in threads take fair turns by their owners (threads.1), and end when their signal fires.
 */
export class Evaluator {
  readonly #seats: ThreadOptions;
  #threads: ThreadPool;
  #options: Required<Omit<EvaluatorOptions, 'threads' | 'memoryMb'>>;
  readonly #here = new EvaluatedProblems();
  /** Whose questions about a problem turned out to be large. */
  readonly #heavy = new WeakMap<ProblemTexts, Set<string>>();
  /** Questions that were answered at once, and those that were asked in a thread. */
  readonly counts = { here: 0, inThreads: 0 };

  constructor({
    threads = 2,
    memoryMb = 512,
    textHere = HERE_TEXT,
    stepsHere = HERE_STEPS,
    steps = MOST_STEPS,
  }: EvaluatorOptions = {}) {
    this.#seats = { seats: threads, memoryMb };
    this.#threads = new ThreadPool(this.#seats);
    this.#options = { textHere, stepsHere, steps };
  }

  /** Answers one question about a problem. */
  async ask<K extends Operation>(
    name: K,
    problem: ProblemTexts,
    args: OperationArgs<K>,
    control: AskControl = {},
  ): Promise<OperationResult<K>> {
    if (this.#isSmall(problem, args) && !this.#isHeavy(problem, control)) {
      try {
        const answer = this.#here.run({ name, problem, args, steps: this.#options.stepsHere }) as OperationResult<K>;
        this.counts.here += 1;
        return answer;
      } catch (thrown) {
        if (!(thrown instanceof PraxisError) || thrown.code !== 'exhausted') throw thrown;
        this.#markHeavy(problem, control);
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
    let text = problem.domain.length + problem.problem.length;
    for (const arg of args) text += typeof arg === 'string' ? arg.length * CONDITION_WEIGHT : sizeOfList(arg);
    return text <= this.#options.textHere;
  }

  #isHeavy(problem: ProblemTexts, { turn }: AskControl): boolean {
    return turn !== undefined && this.#heavy.get(problem)?.has(turn) === true;
  }

  #markHeavy(problem: ProblemTexts, { turn }: AskControl): void {
    if (turn === undefined) return;
    const owners = this.#heavy.get(problem);
    if (owners === undefined || owners.size >= MOST_OWNERS) this.#heavy.set(problem, new Set([turn]));
    else owners.add(turn);
  }

  async #inThread<K extends Operation>(
    name: K,
    problem: ProblemTexts,
    args: OperationArgs<K>,
    control: AskControl,
  ): Promise<OperationResult<K>> {
    this.counts.inThreads += 1;
    const steps = this.#options.steps * (name === 'explain' ? 1 + Math.floor((args[1] as PlanSteps).length / 10) : 1);
    const late = AbortSignal.timeout(MOST_MS);
    const signal = control.signal ? AbortSignal.any([control.signal, late]) : late;
    try {
      const end = await this.#threads.run(
        { kind: 'evaluate', order: { name, problem, args, steps } },
        { ...control, signal },
      );
      if (end.kind === 'result') return end.result as OperationResult<K>;
      if (end.kind === 'stopped') throw stopped(control.signal, late);
      throw new PraxisError(
        'invalid',
        'The problem is too large to be evaluated: it takes more memory than a thread has. Use fewer objects, or fewer variables in one rule or quantifier.',
      );
    } catch (thrown) {
      const error = PraxisError.from(thrown);
      throw error.code === 'exhausted'
        ? new PraxisError('invalid', `The problem is too large to be evaluated. ${error.message}`, { cause: error })
        : error;
    }
  }
}

function stopped(own: AbortSignal | undefined, late: AbortSignal): PraxisError {
  if (own?.aborted !== true && late.aborted)
    return new PraxisError(
      'invalid',
      `The problem is too large to be evaluated: it took more than ${MOST_MS / 60_000} minutes. Use fewer objects, or fewer variables in one rule or quantifier.`,
    );
  return own?.reason instanceof PraxisError
    ? own.reason
    : new PraxisError('cancelled', 'The evaluation was cancelled.', { cause: own?.reason });
}

/** The evaluator of this process; it starts threads only when a question needs one. */
export const sharedEvaluator = new Evaluator();

/** A rough measure of an argument that is no text: a state weighs by its facts, a list by its length. */
function sizeOfList(arg: unknown): number {
  if (Array.isArray(arg)) return arg.length * 16;
  if (typeof arg !== 'object' || arg === null || !('facts' in arg) || !Array.isArray(arg.facts)) return 0;
  return arg.facts.length * 4;
}
