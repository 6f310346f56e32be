import { artifactsIn, type ArtifactRef } from '@praxis/core';
import type { RunView } from '@praxis/wire';

/** Every file that a run refers to: what it gave, what its subgoals left, and what its goal was given. */
export function artifactsOfRun({
  goal,
  result,
  outputs,
}: Pick<RunView, 'goal' | 'result' | 'outputs'>): readonly ArtifactRef[] {
  const given = [...(result === null ? [] : [result]), ...Object.values(outputs)];
  return [
    ...given.flatMap(({ value, artifacts }) => [...artifacts, ...artifactsIn(value)]),
    ...Object.values(goal.inputs).flatMap((value) => artifactsIn(value)),
  ];
}

/** The file of a run with this hash, under the given name where it has that one too; null where it has no such file. */
export function artifactOfRun(
  view: Pick<RunView, 'goal' | 'result' | 'outputs'>,
  sha256: string,
  name: string | null,
): ArtifactRef | null {
  const same = artifactsOfRun(view).filter((ref) => ref.$artifact === sha256);
  return same.find((ref) => ref.name === name) ?? same[0] ?? null;
}
