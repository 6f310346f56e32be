import { z } from 'zod';
import { freeRecord } from '../values/free-record.js';
import { checksSchema } from '../acting/check.js';
import { jsonSchema } from '../values/json.js';
import { playbookSchema } from './playbook.js';
import { approvalRuleSchema } from '../acting/approval-rule.js';
import { modelRoleSchema } from '../models/models.js';

/** States that one search may evaluate where nobody says otherwise, for `praxis plan` and for goals alike. */
export const DEFAULT_EVALUATED = 1_000_000;

/** What a run may spend before it gives up. */
export const budgetSchema = z.object({
  /** Actions carried out in the world, over all subgoals. */
  steps: z.number().int().positive().default(500),
  /** Plans made after the first one, by the planner for the whole run and by an executor for each subgoal. */
  replans: z.number().int().nonnegative().default(12),
  /** States evaluated by one search. */
  evaluated: z.number().int().positive().default(DEFAULT_EVALUATED),
  /** Calls of skills and models; null here and below: no bound. */
  calls: z.number().int().positive().nullable().default(null),
  /** Tokens of all models, in and out. */
  tokens: z.number().int().positive().nullable().default(null),
  money: z.number().positive().nullable().default(null),
  /**
   * Risk points of actions: 5 for what cannot be taken back, 1 for what can be compensated, unless a skill says
   * otherwise.
   */
  risk: z.number().positive().nullable().default(null),
  /** Milliseconds from acceptance, without those in which the run was paused. */
  wallMs: z.number().int().positive().nullable().default(null),
  /** What to do when it is spent: `ask` a person for more, or `fail`. */
  whenSpent: z.enum(['ask', 'fail']).default('ask'),
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
  world: z.string().min(1).default('workspace'),
  /** One of the world's scenarios; empty when `problem` is given. */
  scenario: z.string().default(''),
  problem: problemTextSchema.nullable().default(null),
  /** PDDL goal description; empty means the scenario's or the problem's own goal. */
  condition: z.string().default(''),
  /** What is wanted in plain words, where there is no condition: a model makes one of it. */
  request: z.string().max(20_000).default(''),
  /** What the goal is given, by name; a file is an artifact reference. */
  inputs: freeRecord(jsonSchema).default({}),
  /** Named checks that the condition refers to. */
  checks: checksSchema.default({}),
  /** The playbook that is the plan, in full, so that a run is pinned to it (S9); null where there is none. */
  playbook: playbookSchema.nullable().default(null),
  /**
   * What the run gives at its end: a value with references, such as `{ rows: '$profile.rows' }`; null: the outputs that
   * no other step uses.
   */
  result: jsonSchema.default(null),
  /** Seeds everything random in the run and in a simulated world (S8). */
  seed: z.string().min(1).default('1'),
  strategy: z.string().min(1).default('search'),
  budget: budgetSchema.prefault({}),
  archive: archiveUseSchema.prefault({}),
  /** Milliseconds from acceptance after which the run is stopped as failed; null: never. */
  deadlineMs: z.number().int().positive().nullable().default(null),
  /** Whose goal it is, for approval rules. */
  tenant: z.string().default(''),
  /** Tighten what the deployment's own rules say; they never loosen it. */
  approvals: z.array(approvalRuleSchema).default([]),
  /** The ended run whose effects are to be taken back; null for a goal of its own. */
  undoes: z.string().nullable().default(null),
  /** Models to use instead of the deployment's, by role, best first. */
  models: z.partialRecord(modelRoleSchema, z.array(z.string().min(1)).min(1)).default({}),
  labels: freeRecord(z.string()).default({}),
});
export type Goal = z.infer<typeof goalSchema>;
/** A goal as a caller writes it: everything that has a default may be left out. */
export type GoalInput = z.input<typeof goalSchema>;
