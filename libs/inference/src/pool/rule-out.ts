import type { NodeJob } from './node-job.js';
import type { NodeState } from './node-state.js';

/**
 * Why a node gets no call. `never`: nothing will change that soon. `now`: later it may. `unsure`: only its probes speak
 * against it.
 */
export interface RuledOut {
  readonly why: string;
  readonly how: 'never' | 'now' | 'unsure';
}

/** What a job has been through. */
export interface Tried {
  /** Nodes that failed it. */
  readonly nodes: ReadonlySet<string>;
  /** A node with a context of this length said that the input is too long. */
  readonly tooLongFor: number | null;
}

/** What speaks against a node for a job; null: nothing. Pure. */
export function ruleOut(
  node: NodeState,
  job: NodeJob,
  tried: Tried,
  at: { readonly now: number; readonly staleMs: number | null },
): RuledOut | null {
  return unfit(node, job, tried) ?? broken(node, job, at.now) ?? silent(node, at.now, at.staleMs);
}

function unfit(node: NodeState, job: NodeJob, tried: Tried): RuledOut | null {
  if (node.serves(job.model) === false) return { why: `does not serve ${job.model}`, how: 'never' };
  if (node.isDraining) return { why: 'is draining', how: 'never' };
  const context = node.contextOf(job.model);
  if (context !== null && job.inputTokens + job.maxTokens > context) {
    return {
      why: `its context has ${context} tokens, and the call needs ${job.inputTokens + job.maxTokens}`,
      how: 'never',
    };
  }
  if (tried.tooLongFor !== null && (context ?? 0) <= tried.tooLongFor)
    return { why: 'the input was too long for a node like it', how: 'never' };
  return null;
}

function broken(node: NodeState, job: NodeJob, now: number): RuledOut | null {
  const why = node.breaker(job.model).ruledOut(now);
  return why === null ? null : { why, how: 'now' };
}

function silent(node: NodeState, now: number, staleMs: number | null): RuledOut | null {
  if (node.load === null) return null;
  if (!node.load.isUp) return { why: `is down: ${node.load.note}`, how: 'unsure' };
  const age = now - node.load.at;
  return staleMs !== null && age > staleMs
    ? { why: `its last probe is ${Math.round(age)} ms old`, how: 'unsure' }
    : null;
}
