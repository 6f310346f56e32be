import type { Domain, Problem, TypedName } from '../ast.js';

/** All objects of a task, constants included, each once with all its types. */
export function objectsOf(domain: Domain, problem: Problem): readonly TypedName[] {
  return [...new Map([...domain.constants, ...problem.objects].map((object) => [object.name, object])).values()];
}
