import { z } from 'zod';

/** Whether a tool may be used: candidates wait for their trial, rejected ones lost it, retired ones stopped helping. */
export const trustSchema = z.enum(['candidate', 'active', 'rejected', 'retired']);
export type Trust = z.infer<typeof trustSchema>;

const lifted = {
  /** Name of the action the tool is about. */
  action: z.string(),
  /** The action's parameters as variables, in order: `['?r', '?o']`. */
  parameters: z.array(z.string()),
};

/** What a tool does. */
export const toolBodySchema = z.discriminatedUnion('kind', [
  /** Text for whoever plans or acts; it decides nothing. */
  z.object({ kind: z.literal('hint'), action: z.string(), text: z.string() }),
  /** A learned precondition: the action is planned as if it needed `requires` (a literal over the parameters). */
  z.object({ kind: z.literal('guard'), ...lifted, requires: z.string() }),
  /** Where `unless` does not hold when the action is about to be done, `first` is done before it. */
  z.object({
    kind: z.literal('macro'),
    ...lifted,
    unless: z.string(),
    first: z.array(z.object({ action: z.string(), args: z.array(z.string()) })),
  }),
]);
export type ToolBody = z.infer<typeof toolBodySchema>;

/** Why a tool is believed to help: what it was learned from and what its trial showed. */
export const evidenceSchema = z.object({
  /** Subgoals whose trajectories it was learned from. */
  subgoals: z.array(z.string()),
  /** Applications of the action that went well and that were refused, among those trajectories. */
  successes: z.number().int(),
  failures: z.number().int(),
  /** Paired trials: seeds tried with and without the tool, and how often only one of them went well. */
  pairs: z.number().int(),
  wins: z.number().int(),
  losses: z.number().int(),
  /** Evidence against "the tool does nothing": 20 or more admits it (a 5 % test, valid at any stopping time). */
  eValue: z.number(),
  /**
   * Refusals in which it was tried, each as the subgoal's id, a `#` and the step; what was tried before is not tried
   * again.
   */
  tried: z.array(z.string()).optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** An entry of the archive. */
export const toolSchema = z.object({
  id: z.string(),
  space: z.string(),
  domain: z.string(),
  title: z.string(),
  body: toolBodySchema,
  trust: trustSchema,
  evidence: evidenceSchema,
  /** Milliseconds since 1970-01-01 UTC. */
  createdAt: z.number(),
});
export type Tool = z.infer<typeof toolSchema>;

/** Which tools to look for; only active ones are found unless a trust is named. */
export interface ToolQuery {
  readonly space: string;
  readonly domain: string;
  readonly trust?: Trust;
}

/** Socket: what was learned. Ids are content addresses, so that learning the same thing twice is one entry. */
export interface Archive {
  find(query: ToolQuery): Promise<readonly Tool[]>;
  get(id: string): Promise<Tool>;
  list(space: string | null): Promise<readonly Tool[]>;
  /** Adds a tool, or replaces its trust and evidence. */
  save(tool: Tool): Promise<void>;
}
