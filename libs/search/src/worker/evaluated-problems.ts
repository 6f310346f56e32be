import { PlanningModel } from '../explain/planning-model.js';
import { StepMeter } from '../interpret/step-meter.js';
import { OPERATIONS, type EvaluationOrder, type ProblemTexts, type ReadProblem } from './operations.js';

/** Problems that are kept as they were read, and characters of their texts together. */
const KEPT = 64;
const KEPT_TEXT = 8_000_000;

interface Kept {
  readonly problem: ReadProblem;
  readonly meter: StepMeter;
  readonly text: number;
}

/** Reads problems, keeps those asked about last, and answers questions about them within so many steps. */
export class EvaluatedProblems {
  readonly #kept = new Map<string, Kept>();
  /** By the very object, which saves making a key of long texts. */
  readonly #known = new WeakMap<ProblemTexts, Kept>();
  #text = 0;

  /** Answers one question; `look` is called now and then and may throw. */
  run({ name, problem, args, steps }: EvaluationOrder, look?: () => void): unknown {
    const kept = this.#find(problem);
    kept.meter.allow({ steps, ...(look && { look }) });
    const operation = OPERATIONS[name] as (read: ReadProblem, ...rest: readonly unknown[]) => unknown;
    return operation(kept.problem, ...args);
  }

  #find(texts: ProblemTexts): Kept {
    const known = this.#known.get(texts);
    if (known) return known;
    const key = JSON.stringify([texts.domain, texts.problem, texts.guards ?? []]);
    const found = this.#kept.get(key) ?? this.#read(texts, key);
    this.#kept.delete(key);
    this.#kept.set(key, found);
    this.#known.set(texts, found);
    return found;
  }

  #read(texts: ProblemTexts, key: string): Kept {
    const meter = new StepMeter();
    const model = new PlanningModel(texts, texts.guards, meter);
    const kept = { problem: { model, interpreter: model.interpreter }, meter, text: key.length };
    this.#text += kept.text;
    for (const [old, { text }] of this.#kept) {
      if (this.#kept.size < KEPT && this.#text <= KEPT_TEXT) break;
      this.#kept.delete(old);
      this.#text -= text;
    }
    return kept;
  }
}
