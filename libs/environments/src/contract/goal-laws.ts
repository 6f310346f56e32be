import {
  actionText,
  canonical,
  keyedRandom,
  makeAction,
  makeFailure,
  type Action,
  type Failure,
  type Json,
  type WorldSession,
} from '@praxis/core';
import { PlanningModel, solve } from '@praxis/search';
import { must, needs, sorted, type Law, type Trial } from './law.js';
import { doAction } from './walk.js';

/** Plans of one scenario before its goal counts as out of reach; every refusal costs one. */
const PLANS = 60;
/** States that one search looks at; a scenario that needs more is left out. */
const EVALUATED = 20_000;
/** A step that slips is tried this often. */
const SLIPS = 5;
/** Actions of a walk that looks for the goal without rules. */
const WALK = 200;

/** That a world's goals can be reached in it, as a run reaches them. */
export const GOAL_LAWS: readonly Law[] = [
  {
    law: 'a goal that search or the legal actions can reach is reached by acting',
    async check(trial) {
      const session = await trial.open();
      const { domain, problem, condition } = await session.briefing();
      if (domain === '') await walkToGoal(trial, session, condition);
      else await new SearchedWay(session, new PlanningModel({ domain, problem }), { domain, problem, condition }).go();
    },
  },
];

/** Plans by the rules that are told, acts, remembers what is refused, and plans again, as a run does. */
class SearchedWay {
  readonly #failures: Failure[] = [];
  #acts = 0;

  constructor(
    private readonly session: WorldSession,
    private readonly model: PlanningModel,
    private readonly told: { readonly domain: string; readonly problem: string; readonly condition: string },
  ) {}

  async go(): Promise<void> {
    for (let plan = 0; plan < PLANS; plan++) {
      if (await this.session.check(this.told.condition)) return;
      const steps = await this.#plan(plan);
      for (const action of steps) if (!(await this.#does(action))) break;
    }
    must(
      await this.session.check(this.told.condition),
      `${this.told.condition} is not reached with ${PLANS} plans; ${this.#refusals()}`,
    );
  }

  async #plan(nth: number): Promise<readonly Action[]> {
    const { domain, problem, condition } = this.told;
    const avoid = this.#failures.map((f) => this.model.avoid(f));
    const result = solve({
      domain,
      problem,
      state: await this.session.observe(),
      goal: condition,
      avoid,
      budget: { evaluated: EVALUATED },
    });
    if (nth === 0) needs(result.kind === 'solved', `search finds no way to ${condition} by the rules that are told`);
    must(result.kind === 'solved', `search finds no other way to ${condition}; ${this.#refusals()}`);
    return result.steps.map((s) => makeAction(s.action, this.model.parametersOf(s.action), s.args));
  }

  async #does(action: Action): Promise<boolean> {
    const before = await this.session.observe();
    for (let slip = 0; slip < SLIPS; slip++) {
      const { result } = await doAction(this.session, action, `goal-${this.#acts++}`);
      if (result.ok) return true;
      if (result.code !== 'effect-mismatch') {
        this.#failures.push(makeFailure(action, result.code, before));
        return false;
      }
    }
    return false;
  }

  #refusals(): string {
    const last = this.#failures.at(-1);
    return last === undefined
      ? 'nothing was refused'
      : `refused were ${this.#failures.length} actions, the last of them ${last.action} (${last.code})`;
  }
}

/** Does what was done least in the state at hand; where the goal does not turn up, nothing is known of it. */
async function walkToGoal(trial: Trial, session: WorldSession, condition: string): Promise<void> {
  const times = new Map<string, number>();
  for (let step = 0; step < WALK; step++) {
    if (await session.check(condition)) return;
    const possible = await trial.possible(session);
    needs(possible.length > 0, 'neither rules nor legal actions say how the goal may be reached');
    const here = canonical(sorted(await session.observe()) as unknown as Json);
    const ranked = possible.map((action) => ({ action, at: `${here} ${actionText(action)}` }));
    const rank = ({ at }: { readonly at: string }): number =>
      (times.get(at) ?? 0) + keyedRandom(trial.seed, 'goal', step, at);
    const next = ranked.reduce((best, one) => (rank(one) < rank(best) ? one : best));
    times.set(next.at, (times.get(next.at) ?? 0) + 1);
    await doAction(session, next.action, `goal-${step}`);
  }
  needs(
    await session.check(condition),
    `the goal did not turn up in ${WALK} actions, and no rules say how to reach it`,
  );
}
