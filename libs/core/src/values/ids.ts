/** One attempt at a goal, e.g. `r-3f9k2m7q1c`. */
export type RunId = string;

/** A node of a plan, unique within its run: `<plan version>.<number>`, e.g. `1.3`. */
export type NodeId = string;

/** One attempt at a plan node: `<run>.<plan version>.<number>.<attempt>`. */
export type SubgoalId = string;

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Makes a run id from ten or more random bytes; randomness is a parameter (S8). */
export function makeRunId(random: Uint8Array): RunId {
  return `r-${Array.from(random.subarray(0, 10), (byte) => LETTERS[byte % 32]).join('')}`;
}

/** Names one attempt at one node. */
export function makeSubgoalId(run: RunId, node: NodeId, attempt: number): SubgoalId {
  return `${run}.${node}.${attempt}`;
}

/** Takes a subgoal id apart; null when it is not one. */
export function parseSubgoalId(id: string): { run: RunId; node: NodeId; attempt: number } | null {
  const match = /^(r-[0-9a-z]+)\.(\d+\.\d+)\.(\d+)$/.exec(id);
  return match ? { run: match[1]!, node: match[2]!, attempt: Number(match[3]) } : null;
}

/** The stream the planner writes: what happened to the run. */
export const runStream = (run: RunId): string => `run/${run}`;

/** The stream of one attempt at a subgoal, written by whoever holds its job. */
export const subgoalStream = (subgoal: SubgoalId): string => `subgoal/${subgoal}`;

/** The stream of one planning: which plans were proposed and how they were judged. */
export const planningStream = (run: RunId, version: number): string => `planning/${run}.${version}`;

/** The run that a stream belongs to. */
export function runOfStream(stream: string): RunId {
  return stream.slice(stream.indexOf('/') + 1).split('.')[0]!;
}
