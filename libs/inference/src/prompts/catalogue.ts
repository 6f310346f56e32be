import type { SkillManifest } from '@praxis/core';
import { TextRank, wordsOf } from './bm25.js';

/** A skill's name says more about it than a word of its summary. */
const NAME_WEIGHT = 2;

/** What a catalogue is asked for. */
export interface SkillQuery {
  /** What is to be done, in words or in PDDL: the goal, the subgoal's title. */
  readonly text: string;
  /** Skills that must be among them: those of the plan and of suggested steps. */
  readonly used: readonly string[];
  /** The goal in PDDL; empty where there is none. */
  readonly goal: string;
  /** Predicates that each skill may change, where a domain says so. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
  /** How many skills are wanted; those that must be among them come even if they are more. */
  readonly most: number;
}

/**
 * Skills of which only those that fit are shown to a model.
 *
 * catalogue.1 What is used in the plan is always found, then what can change a predicate of the goal, then what fits
 *             the words, best first; what no word speaks for fills up the rest by name.
 * catalogue.2 The same skills and query give the same answer, whatever the order in which the skills were given.
 */
export class SkillCatalogue {
  private readonly skills: readonly SkillManifest[];
  private readonly rank: TextRank;

  constructor(skills: readonly SkillManifest[]) {
    this.skills = skills.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    this.rank = new TextRank(this.skills.map(documentOf));
  }

  /** The skills that fit, best first, so that a budget cuts off the least. */
  find({ text, used, goal, changes, most }: SkillQuery): readonly SkillManifest[] {
    const plan = new Set(used);
    const wanted = new Set([...goal.matchAll(/\(\s*([^\s()]+)/g)].map(([, name]) => name!.toLowerCase()));
    const scores = this.rank.scores(wordsOf(`${text} ${goal}`));
    const ranked = this.skills.map((skill, i) => {
      const bringsAbout = (changes.get(skill.name) ?? []).some((predicate) => wanted.has(predicate.toLowerCase()));
      return { skill, tier: plan.has(skill.name) ? 0 : bringsAbout ? 1 : 2, score: scores[i]! };
    });
    const found = ranked
      .toSorted((a, b) => a.tier - b.tier || b.score - a.score)
      .filter(({ tier }, i) => i < most || tier < 2);
    return found.map(({ skill }) => skill);
  }
}

function documentOf({ name, summary, parameters }: SkillManifest): readonly string[] {
  const names = Array.from({ length: NAME_WEIGHT }, () => wordsOf(name)).flat();
  return [...names, ...wordsOf(summary), ...parameters.flatMap((p) => wordsOf(`${p.name} ${p.type}`))];
}
