import type { History } from '../history.js';

/** Something that must hold of every run, whatever happened to it. */
export interface Law {
  readonly name: string;
  /** What is wrong, a sentence each; empty where the law holds. */
  check(history: History): readonly string[];
}
