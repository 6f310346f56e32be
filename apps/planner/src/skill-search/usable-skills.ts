import { nearestName } from '@praxis/core';
import type { LeftSkill, SearchSkill } from './read-skill.js';
import { atomsOf, mustOf, type FactCondition } from './skill-goal.js';
import { liftedText, predicateKey, type SkillLiteral } from './skill-literal.js';

const signed = (l: SkillLiteral): string => `${l.isNegated ? '-' : '+'}${predicateKey(l)}`;

/** The skills that lead to a goal, directly or by way of what others need; the rest, with the reason. */
export function usableSkills(
  skills: ReadonlyMap<string, SearchSkill | string>,
  goal: FactCondition,
): { readonly usable: readonly SearchSkill[]; readonly left: readonly LeftSkill[] } {
  const wanted = new Set(atomsOf(goal).map(signed));
  const used = new Set<SearchSkill>();
  const readable = [...skills.values()].filter((s): s is SearchSkill => typeof s !== 'string');
  for (let before = -1; before < used.size;) {
    before = used.size;
    for (const skill of readable) {
      if (used.has(skill) || !skill.makes.some((l) => wanted.has(signed(l)))) continue;
      used.add(skill);
      for (const need of skill.needs) wanted.add(signed(need));
    }
  }
  const left = [...skills].flatMap(([skill, read]) => {
    if (typeof read === 'string') return [{ skill, why: read }];
    return used.has(read) ? [] : [{ skill, why: 'nothing that it ensures leads to the goal' }];
  });
  return { usable: readable.filter((s) => used.has(s)), left };
}

/** What is known where a goal is looked at before it is searched. */
export interface MissingFrame {
  readonly skills: ReadonlyMap<string, SearchSkill | string>;
  /** Whether a literal holds at the start. */
  holds(literal: SkillLiteral): boolean;
}

/**
 * Why no search can reach a goal: a literal of it, or one that all its makers need, holds nowhere and no skill ensures
 * it. Null where none is missing.
 */
export function missingLiteral(goal: FactCondition, { skills, holds }: MissingFrame): string | null {
  const readable = [...skills.values()].filter((s): s is SearchSkill => typeof s !== 'string');
  for (const literal of mustOf(goal)) {
    if (holds(literal)) continue;
    if (readable.some((s) => s.makes.some((l) => signed(l) === signed(literal)))) continue;
    return `no skill declares that it ensures ${liftedText(literal)}${near(literal, readable)}${leftOut(skills)}`;
  }
  return null;
}

function near(literal: SkillLiteral, skills: readonly SearchSkill[]): string {
  const made = skills.flatMap((s) => s.makes).filter((l) => l.predicate !== 'have');
  const same = made.find((l) => l.predicate === literal.predicate);
  const name = nearestName(literal.predicate, [...new Set(made.map((l) => l.predicate))]);
  const found = same ?? made.find((l) => l.predicate === name);
  return found === undefined ? '' : `; did you mean ${liftedText(found)}?`;
}

/** A skill that cannot be planned with may be the one that is missing. */
function leftOut(skills: ReadonlyMap<string, SearchSkill | string>): string {
  const left = [...skills].flatMap(([name, read]) => (typeof read === 'string' ? [`${name} (${read})`] : []));
  const some = left.filter((text) => !text.endsWith('(it declares nothing that it ensures)')).slice(0, 3);
  return some.length === 0 ? '' : `; left out: ${some.join(', ')}`;
}
