import { z } from 'zod';

/** The kinds of work. A job holds ids only: what there is to do is read from the journal (S2). */
export const QUEUES = {
  /** Move a run on; taken by planners. */
  advance: z.object({ run: z.string() }),
  /** Work on a subgoal; taken by executors, by lane. */
  execute: z.object({ subgoal: z.string() }),
  /** Learn from a subgoal's trajectory; taken by reflectors. */
  reflect: z.object({ subgoal: z.string() }),
  /** Submit a schedule's goal, if its time has come; taken by planners. */
  schedule: z.object({ schedule: z.string() }),
} as const;

export type QueueName = keyof typeof QUEUES;
export type Payload<Q extends QueueName> = z.infer<(typeof QUEUES)[Q]>;

/** Name of the queue in the store; `execute` has one per lane. */
export function queueId(queue: QueueName, lane = 'default'): string {
  return queue === 'execute' ? `execute.${lane}` : queue;
}
