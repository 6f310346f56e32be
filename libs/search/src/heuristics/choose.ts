import { Add } from './add.js';
import { Blind } from './blind.js';
import { Ff } from './ff.js';
import { GoalCount } from './goal-count.js';
import type { CostView, Heuristic, StateView } from './heuristic.js';
import { LandmarkCount } from './landmark-count.js';
import { LmCut } from './lm-cut.js';
import { relax } from './relaxation.js';
import type { Task } from '../ground/task/task.js';
import type { Step } from '../engines/meter.js';
import type { MemoryMeter } from '../engines/queues/record-pool.js';
import type { SearchConfig } from '../request.js';

/** A heuristic's name in a search configuration. */
export type HeuristicName = SearchConfig['heuristics'][number];

/** Where heuristics get what they are built from. */
export interface HeuristicSource {
  readonly task: Task;
  readonly first: Pick<StateView, 'words' | 'numbers'>;
  readonly memory: MemoryMeter;
  /** Asked while heuristics are built and evaluated; nothing ends them where it is not given. */
  readonly step?: Step;
}

/** Builds the heuristics of a satisficing search. */
export function chooseHeuristics(
  names: readonly HeuristicName[],
  view: CostView,
  source: HeuristicSource,
): Heuristic[] {
  const relaxation = relax(source.task, view, source.step);
  const make: Record<HeuristicName, () => Heuristic> = {
    'goal-count': () => new GoalCount(source.task),
    add: () => new Add(relaxation),
    ff: () => new Ff(relaxation),
    landmarks: () => new LandmarkCount(relaxation, source.first, source.memory, source.step),
    blind: () => new Blind(),
  };
  return [...new Set(names)].map((name) => make[name]());
}

/**
 * As above for a search that must prove its plan cheapest: there landmarks are counted by LM-cut, which is admissible.
 */
export function chooseOptimalHeuristics(names: readonly HeuristicName[], source: HeuristicSource): Heuristic[] {
  const others = names.filter((name) => name !== 'landmarks');
  const cut = names.includes('landmarks') ? [new LmCut(relax(source.task, 'costs', source.step), source.step)] : [];
  return [...cut, ...chooseHeuristics(others, 'costs', source)];
}
