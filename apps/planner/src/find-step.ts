import { PraxisError, type NumberedStep, type RunId } from '@praxis/core';
import type { ForkPoint } from '@praxis/wire';

/** Finds a step of a run by its number, or by its place in a subgoal; fails with `missing`. */
export function findStep(at: ForkPoint, steps: readonly NumberedStep[], run: RunId): NumberedStep {
  const found = 'subgoal' in at ? steps.find((s) => s.subgoal === at.subgoal && s.step === at.step) : steps[at.step];
  if (found) return found;
  const last = steps.at(-1);
  throw new PraxisError(
    'missing',
    last
      ? `The run ${run} has no such step; its steps are numbered 0 to ${last.number} (\`praxis show ${run} --steps\`).`
      : `The run ${run} has not decided anything yet, so that it has no steps; see how it stands with \`praxis show ${run}\`.`,
  );
}
