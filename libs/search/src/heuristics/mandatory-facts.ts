import type { Step } from '../engines/meter.js';
import { StateSpace } from '../engines/states/state-space.js';
import type { Task } from '../ground/task/task.js';
import { findLandmarks } from './landmark-graph.js';
import { slack } from './numeric-nodes.js';
import { relax } from './relaxation.js';
import { holdingNodes } from './relaxed-effects.js';

/**
 * Facts that are false at first and that every plan must make true at some time: the single-fact landmarks, goals
 * included.
 */
export function mandatoryFacts(task: Task, step?: Step): readonly string[] {
  const relaxation = relax(task, 'steps', step);
  const first = new StateSpace(task).initial();
  const holding = holdingNodes(relaxation, first.words, (k) => slack(relaxation.numeric[k]!, first.numbers));
  const facts = findLandmarks(relaxation, holding, step)
    .landmarks.filter((l) => l.nodes.length === 1 && !l.holdsFirst)
    .map((l) => task.facts[l.nodes[0]!]);
  return facts.filter((fact): fact is string => fact !== undefined);
}
