import { PraxisError, type CheckResult, type Condition, type WorldState } from '@praxis/core';
import { readCondition, type ConditionTree } from '../checks/condition-tree.js';

/**
 * Checks a condition against the facts of a world without rules. PDDL does not tell upper from lower case, and whoever
 * reads a condition may have written it in lower case: a word without upper-case letters fits a fact in any case, one
 * with some fits only as it stands. Fails with `invalid` where the condition asks for more than facts.
 */
export function checkFacts(condition: Condition, { facts }: WorldState): CheckResult {
  const [exact, anyCase] = [new Set(facts), new Set(facts.map((fact) => fact.toLowerCase()))];
  const isTrue = (atom: string): boolean => exact.has(atom) || (atom === atom.toLowerCase() && anyCase.has(atom));
  const tree = readCondition(condition);
  const problems = unmet(tree, isTrue, true);
  return { holds: problems.length === 0, problems };
}

/** One sentence for each part of a condition that is not as `wanted`. */
function unmet(tree: ConditionTree, isTrue: (atom: string) => boolean, wanted: boolean): readonly string[] {
  switch (tree.kind) {
    case 'atom':
      return isTrue(tree.text) === wanted ? [] : [`${tree.text} is ${wanted ? 'not true' : 'true'}.`];
    case 'not':
      return unmet(tree.part, isTrue, !wanted);
    case 'other':
      throw new PraxisError(
        'invalid',
        `A workspace knows facts only and cannot check ${tree.text}; write it as a named check.`,
      );
    case 'and':
    case 'or': {
      const parts = tree.parts.map((part) => unmet(part, isTrue, wanted));
      const all = (tree.kind === 'and') === wanted;
      if (all) return parts.flat();
      if (parts.some((problems) => problems.length === 0)) return [];
      return parts.length === 0 ? [`${tree.text} is ${wanted ? 'not true' : 'true'}.`] : [either(parts)];
    }
  }
}

const either = (parts: readonly (readonly string[])[]): string =>
  `None of these holds: ${parts.map((problems) => problems.join(' ').replace(/\.$/, '')).join('; ')}.`;
