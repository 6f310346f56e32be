import { z } from 'zod';

/**
 * The named points between every journal write and every effect or reply, with what has just happened there. A test
 * arms some of them to see what becomes of a process that dies, stops, waits or fails right there.
 */
export const FAULT_POINTS = {
  'journal.before-write': 'an append is about to be sent to the database',
  'journal.after-commit': 'an append is committed, and whoever asked for it does not know yet',
  'interpreter.after-decided': 'decided and tried are written, and the effect has not happened',
  'interpreter.before-effect': 'the effect is about to happen',
  'interpreter.after-effect': 'the effect has happened, and observed is not written',
  'interpreter.after-observed': 'observed is written, and what follows from it has not begun',
  'interpreter.before-ended': 'the strategy has finished, and ended is not written',
  'interpreter.before-parked': 'everything waits for people, and parked is not written',
  'executor.before-open': 'a job was taken, and nothing of the subgoal is written by it',
  'executor.after-ended': 'ended or parked is written, and the planner has not been told',
  'planner.after-accepted': 'a goal is accepted, and no job for the run is added',
  'planner.after-answered': "a person's answer is written, and no job for the run is added",
  'planner.after-read': 'a run was read, and what follows is not decided',
  'planner.before-planned': 'a plan was found, and planned is not written',
  'planner.after-dispatched': 'dispatched is written, and the job is not added',
  'planner.after-settled': 'settled is written, and nothing that follows has begun',
  'session.before-save': "a world's next body is about to be stored",
  'session.after-save': "a world's next body is stored, and whoever acted does not know yet",
  'queue.before-add': 'a job is about to be added',
  'queue.after-add': 'a job is added, and whoever added it does not know yet',
  'queue.before-work': 'a job was taken, and its work has not begun',
  'queue.after-work': "a job's work is done, and the queue does not know yet",
  'reply.before-send': 'a call is answered, and the answer is not sent',
} as const satisfies Readonly<Record<string, string>>;

/** The name of a point where a fault can be put. */
export type FaultPointName = keyof typeof FAULT_POINTS;

const pointSchema = z.enum(Object.keys(FAULT_POINTS) as [FaultPointName, ...FaultPointName[]]);

/**
 * `kill`: die at once. `stop`: freeze until somebody continues the process. `delay`: wait. `error`: fail as if
 * something needed were away.
 */
export const faultActionSchema = z.enum(['kill', 'stop', 'delay', 'error']);
export type FaultAction = z.infer<typeof faultActionSchema>;

/** What is to happen at the nth passage of a point, counted from 1 in each process. */
export const faultSchema = z.strictObject({
  point: pointSchema,
  nth: z.number().int().positive().default(1),
  action: faultActionSchema,
  /** How long a `delay` is, in milliseconds. */
  ms: z.number().int().nonnegative().default(0),
});
export type Fault = z.infer<typeof faultSchema>;

/** The faults of one process, and the seed they were drawn from, to be named where somebody wants to see them again. */
export const faultPlanSchema = z.strictObject({ seed: z.string().default(''), faults: z.array(faultSchema) });
export type FaultPlan = z.infer<typeof faultPlanSchema>;

/** Counts passages by point and says which fault is due at this one, if any. */
export function faultsOf(plan: FaultPlan): (point: FaultPointName) => Fault | null {
  const passages = new Map<FaultPointName, number>();
  return (point) => {
    const nth = (passages.get(point) ?? 0) + 1;
    passages.set(point, nth);
    return plan.faults.find((f) => f.point === point && f.nth === nth) ?? null;
  };
}

/** Carries out what is due at a point; undefined where nothing is. */
export type FaultHandler = (point: FaultPointName) => Promise<void> | undefined;

let armed: FaultHandler | null = null;

/** Arms the points of this process, or makes them inert again. */
export function armFaultPoints(handler: FaultHandler | null): void {
  armed = handler;
}

/**
 * A point where a test may put a fault; costs one comparison while nothing is armed. Write `await faultPoint('…')`, or
 * `const fault = faultPoint('…'); if (fault) await fault;` where a turn of the event loop would matter.
 */
export function faultPoint(point: FaultPointName): Promise<void> | undefined {
  return armed === null ? undefined : armed(point);
}
