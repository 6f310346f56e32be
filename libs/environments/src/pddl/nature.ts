import { z } from 'zod';

const chances = z.record(z.string(), z.number().min(0).max(1)).default({});

/** What a world does by chance. */
export const natureSchema = z.object({
  /** How often an action that was possible does nothing, by action. */
  slips: chances,
  /**
   * How often an action that nobody does happens by itself, by action of the true domain; asked after every action
   * done.
   */
  events: chances,
});
export type Nature = z.infer<typeof natureSchema>;

/** Nothing happens by chance. */
export const CALM: Nature = { slips: {}, events: {} };
