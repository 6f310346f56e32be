import type { DeclaredSkill } from '@praxis/actions';
import {
  makeAction,
  type Action,
  type SkillManifest,
  type WorldInfo,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { Interpreter, parseDomain, parseProblem } from '@praxis/search';

/** What is known of a world's actions. */
export interface ChoiceParts {
  readonly session: WorldSession;
  readonly can: WorldInfo['can'];
  /** Rules as the agent believes them; empty where the world tells none. */
  readonly rules: { readonly domain: string; readonly problem: string };
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
 * choices.1 A world that lists its legal actions is asked for the list; one that does not is never asked.
 * choices.2 Where it lists none and tells its rules, the actions that these allow are offered.
 * choices.3 Where it does neither, its skills are offered as calls with free arguments; the world refuses the rest.
 * choices.4 A declared skill that performs no world's action is a call with free arguments in every world.
 */
export class Choices {
  readonly #declared: readonly SkillManifest[];
  readonly #worlds: readonly SkillManifest[];
  #rules: BelievedActions | null = null;

  constructor(private readonly parts: ChoiceParts) {
    const own = new Set(parts.declared.filter((d) => d.performs === null).map((d) => d.skill.manifest.name));
    this.#declared = parts.skills.filter((s) => own.has(s.name));
    this.#worlds = parts.skills.filter((s) => !own.has(s.name));
  }

  /** What may be chosen in this state of the world. */
  async now(state: WorldState): Promise<Offer> {
    const { session, can, rules } = this.parts;
    if (can.legal) return { legal: await session.legal(), calls: this.#declared };
    if (rules.domain === '') return { legal: [], calls: [...this.#worlds, ...this.#declared] };
    this.#rules ??= new BelievedActions(rules);
    return { legal: this.#rules.in(state), calls: this.#declared };
  }
}

/** The actions that believed rules allow. */
class BelievedActions {
  readonly #interpreter: Interpreter;
  readonly #parameters: ReadonlyMap<string, readonly string[]>;

  constructor({ domain: domainText, problem }: ChoiceParts['rules']) {
    const domain = parseDomain(domainText);
    this.#interpreter = new Interpreter(domain, parseProblem(problem, domain));
    this.#parameters = new Map(domain.actions.map((a) => [a.name, a.parameters.map(({ name }) => name.slice(1))]));
  }

  in(state: WorldState): readonly Action[] {
    const legal = this.#interpreter.legal(state);
    return legal.map(({ action, args }) => makeAction(action, this.#parameters.get(action)!, args));
  }
}
