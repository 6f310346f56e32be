import { artifactsIn, type ArtifactRef } from '../values/artifact.js';
import type { Json } from '../values/json.js';
import type { Goal } from '../goals/goal.js';
import type { PlanNode } from '../goals/plan.js';
import type { Output, Outputs } from '../acting/output.js';
import type { Outcome } from '../acting/step.js';
import type { Run } from './run.js';

/** Resolves the references in a value, or says why it cannot. */
export type Resolve = (
  value: Json,
  outputs: Outputs,
) => { readonly value: Json; readonly taint: readonly string[] } | { readonly missing: string };

/** The inputs of a goal as outputs, so that steps refer to both in one way. */
export function inputsOf({ inputs }: Pick<Goal, 'inputs'>): Outputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, { value, artifacts: [...artifactsIn(value)], taint: [] }]),
  );
}

/** What a subgoal may refer to: what it says that it uses, or all there is where it does not say. */
export function outputsFor(
  { goal, outputs }: Pick<Run, 'goal' | 'outputs'>,
  { uses }: Pick<PlanNode, 'uses'>,
): Outputs {
  const all = { ...inputsOf(goal), ...outputs };
  if (uses === undefined) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => uses.includes(name)));
}

/**
 * What a run gives at its end: the value that its goal asks for, or the outputs that no other subgoal uses; null where
 * there is nothing to give. The files that were made are its artifacts, the latest of each path.
 */
export function resultOf(
  run: Pick<Run, 'goal' | 'outputs' | 'plan'>,
  resolve: Resolve,
): Output | null | { readonly missing: string } {
  const { goal, outputs } = run;
  const wanted = goal.result ?? goal.playbook?.result ?? null;
  if (wanted !== null) {
    const resolved = resolve(wanted, { ...inputsOf(goal), ...outputs });
    if ('missing' in resolved) return resolved;
    return { value: resolved.value, artifacts: latestFiles(Object.values(outputs)), taint: [...resolved.taint] };
  }
  const last = lastOutputs(run);
  if (last.length === 0) return null;
  const [[, only]] = last as readonly (readonly [string, Output])[] as [readonly [string, Output]];
  return {
    value: last.length === 1 ? only.value : Object.fromEntries(last.map(([name, { value }]) => [name, value])),
    artifacts: latestFiles(Object.values(outputs)),
    taint: [...new Set(last.flatMap(([, { taint }]) => taint))],
  };
}

/** How a run ends: one that is done gives its result; where that cannot be made, it has not done what was asked for. */
export function endWithResult(
  run: Pick<Run, 'goal' | 'outputs' | 'plan'>,
  { outcome, reason }: { readonly outcome: Outcome; readonly reason: string },
  resolve: Resolve,
): { readonly outcome: Outcome; readonly reason: string; readonly result?: Output } {
  const result = outcome === 'done' ? resultOf(run, resolve) : null;
  if (result === null) return { outcome, reason };
  if ('missing' in result) return { outcome: 'failed', reason: `the result cannot be made: ${result.missing}` };
  return { outcome, reason, result };
}

/** Outputs that no subgoal of the plan uses, in the order in which they were left. */
function lastOutputs({ outputs, plan }: Pick<Run, 'outputs' | 'plan'>): readonly (readonly [string, Output])[] {
  const used = new Set((plan?.nodes ?? []).flatMap((n) => n.uses ?? []));
  return Object.entries(outputs).filter(([name]) => !used.has(name));
}

function latestFiles(outputs: readonly Output[]): ArtifactRef[] {
  return [...new Map(outputs.flatMap((o) => o.artifacts).map((ref) => [ref.name, ref])).values()];
}
