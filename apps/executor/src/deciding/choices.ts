import type { DeclaredSkill } from '@praxis/actions';
import type { Action, Rules, SkillManifest, WorldSession, WorldState } from '@praxis/core';
import { BelievedRules } from '@praxis/search';

/** What is known of a world's actions. */
export interface ChoiceParts {
  readonly session: Pick<WorldSession, 'legal'>;
  /** Rules as the agent believes them; null where the world tells none. */
  readonly rules: Rules | null;
  /** Whose choices these are: the run's id. */
  readonly turn?: string | undefined;
  /** All skills there are: the world's and the declared ones. */
  readonly skills: readonly SkillManifest[];
  readonly declared: readonly DeclaredSkill[];
}

/** What an actor may choose from now. */
export interface Offer {
  /** Actions with all their arguments. */
  readonly legal: readonly Action[];
  /** Skills that are called with arguments of the actor's own. */
  readonly calls: readonly SkillManifest[];
}

/**
 * What an actor may choose in a world.
 *
 * choices.1 A world that lists its legal actions is asked for the list.
 * choices.2 Where it lists none and tells its rules, the actions that these allow are offered.
 * choices.3 Where it does neither, its skills are offered as calls with free arguments; the world refuses the rest.
 * choices.4 A declared skill that performs no world's action is a call with free arguments in every world.
 */
export class Choices {
  readonly #declared: readonly SkillManifest[];
  readonly #worlds: readonly SkillManifest[];
  #rules: BelievedRules | null = null;

  constructor(private readonly parts: ChoiceParts) {
    const own = new Set(parts.declared.filter((d) => d.performs === null).map((d) => d.skill.manifest.name));
    this.#declared = parts.skills.filter((s) => own.has(s.name));
    this.#worlds = parts.skills.filter((s) => !own.has(s.name));
  }

  /** What may be chosen in this state of the world. */
  async now(state: WorldState, signal?: AbortSignal): Promise<Offer> {
    const { session, rules, turn } = this.parts;
    if (session.legal) return { legal: await session.legal(signal), calls: this.#declared };
    if (rules === null) return { legal: [], calls: [...this.#worlds, ...this.#declared] };
    this.#rules ??= new BelievedRules(rules, [], { turn });
    return { legal: await this.#rules.legal(state, signal), calls: this.#declared };
  }
}
