import { z } from 'zod';

/** What a run may spend before it gives up. */
export const budgetSchema = z.object({
  /** Actions carried out in the world, over all subgoals. */
  steps: z.number().int().positive().default(500),
  /** Plans made after the first one, by the planner for the whole run and by an executor for each subgoal. */
  replans: z.number().int().nonnegative().default(12),
  /** States evaluated by one search. */
  evaluated: z.number().int().positive().default(200_000),
});
export type Budget = z.infer<typeof budgetSchema>;

/** A user's own planning problem, as PDDL texts. */
export const problemTextSchema = z.object({ domain: z.string().min(1), problem: z.string().min(1) });
export type ProblemText = z.infer<typeof problemTextSchema>;

/** How a run uses the tool archive. */
export const archiveUseSchema = z.object({
  /** Tools are found and stored per space, so that experiments do not mix. */
  space: z.string().min(1).default('default'),
  /** Use what was learned before. */
  use: z.boolean().default(true),
  /** Let the reflector learn from this run. */
  learn: z.boolean().default(true),
});
export type ArchiveUse = z.infer<typeof archiveUseSchema>;

/** What the user wants: a condition to make true in a world, and what it may cost. */
export const goalSchema = z.object({
  title: z.string().min(1).max(500),
  /** Name of a world, or `pddl` for a problem of the user's own. */
  world: z.string().min(1),
  /** One of the world's scenarios; empty when `problem` is given. */
  scenario: z.string().default(''),
  problem: problemTextSchema.nullable().default(null),
  /** PDDL goal description; empty means the scenario's or the problem's own goal. */
  condition: z.string().default(''),
  /** Seeds everything random in the run and in a simulated world (S8). */
  seed: z.string().min(1).default('1'),
  strategy: z.string().min(1).default('search'),
  budget: budgetSchema.prefault({}),
  archive: archiveUseSchema.prefault({}),
  labels: z.record(z.string(), z.string()).default({}),
});
export type Goal = z.infer<typeof goalSchema>;
/** A goal as a caller writes it: everything that has a default may be left out. */
export type GoalInput = z.input<typeof goalSchema>;
