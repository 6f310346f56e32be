import type { ProblemLimits } from '@praxis/search';

/** How large a problem of a caller's own may be. Beyond a limit `submit` refuses it, with the limit's name. */
export const PROBLEM_LIMITS: ProblemLimits = {
  text: 4_000_000,
  objects: 100_000,
  arity: 32,
  parameters: 64,
  rules: 5_000,
  actions: 5_000,
  choices: 10_000_000,
};

/** Characters of a condition. */
export const MOST_CONDITION = 1_000_000;
