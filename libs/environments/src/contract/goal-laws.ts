import {
  actionText,
  canonical,
  keyedRandom,
  makeAction,
  makeFailure,
  type Action,
  type Failure,
  type Json,
  type Rules,
  type Verdict,
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

/** The law that drives a scenario to its goal; where it is not shown, nothing says that the goal can be reached. */
export const GOAL_LAW = 'the goal of the scenario is reached by acting';

/** That a world's goals can be reached in it, as a run reaches them. */
export const GOAL_LAWS: readonly Law[] = [
  {
    law: GOAL_LAW,
    async check(trial) {
      const session = await trial.open();
      const { rules, condition } = await session.briefing();
      needs(!(await session.check(condition)).holds, `${condition} holds before anything is done, which shows nothing`);
      if (trial.actions.length > 0) await followActions(trial.actions, session, condition);
      else if (rules !== null) await new SearchedWay(session, rules, condition).go();
      else await walkToGoal(trial, session, condition);
    },
  },
];

/** Does what was given, one action after another. */
async function followActions(actions: readonly Action[], session: WorldSession, condition: string): Promise<void> {
  const refused: string[] = [];
  for (const [at, action] of actions.entries()) {
    const { result } = await doAction(session, action, `goal-${at}`);
    if (!result.ok) refused.push(`${actionText(action)} was refused with ${result.code} (${result.message})`);
  }
  const verdict = await session.check(condition);
  const reasons = [...verdict.problems, ...refused].join('; ');
  must(verdict.holds, `the ${actions.length} given actions do not reach ${condition}: ${reasons}`);
}

/** Plans by the rules that are told, acts, remembers what is refused, and plans again, as a run does. */
class SearchedWay {
  readonly #failures: Failure[] = [];
  readonly #model: PlanningModel;
  #acts = 0;

  constructor(
    private readonly session: WorldSession,
    private readonly rules: Rules,
    private readonly condition: string,
  ) {
    this.#model = new PlanningModel(rules);
  }

  async go(): Promise<void> {
    for (let plan = 0; plan < PLANS; plan++) {
      if ((await this.#verdict()).holds) return;
      const steps = await this.#plan(plan);
      for (const action of steps) if (!(await this.#does(action))) break;
    }
    const { holds, problems } = await this.#verdict();
    must(holds, `${this.condition} is not reached with ${PLANS} plans: ${problems.join('; ')}; ${this.#refusals()}`);
  }

  #verdict(): Promise<Verdict> {
    return this.session.check(this.condition);
  }

  async #plan(nth: number): Promise<readonly Action[]> {
    const avoid = this.#failures.map((f) => this.#model.avoid(f));
    const state = await this.session.observe();
    const budget = { evaluated: EVALUATED };
    const result = solve({ ...this.rules, state, goal: this.condition, avoid, budget });
    if (nth === 0)
      needs(result.kind === 'solved', `search finds no way to ${this.condition} by the rules that are told`);
    must(result.kind === 'solved', `search finds no other way to ${this.condition}; ${this.#refusals()}`);
    return result.steps.map((s) => makeAction(s.action, this.#model.parametersOf(s.action), s.args));
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
  const { legal } = session;
  needs(
    legal !== undefined,
    'the world tells neither rules nor legal actions: give actions that reach the goal with --actions FILE',
  );
  const times = new Map<string, number>();
  for (let step = 0; step < WALK; step++) {
    if ((await session.check(condition)).holds) return;
    const possible = await trial.possible(session);
    needs(possible.length > 0, `no action is possible after ${step} actions of a walk, and the goal does not hold`);
    const here = canonical(sorted(await session.observe()) as unknown as Json);
    const ranked = possible.map((action) => ({ action, at: `${here} ${actionText(action)}` }));
    const rank = ({ at }: { readonly at: string }): number =>
      (times.get(at) ?? 0) + keyedRandom(trial.seed, 'goal', step, at);
    const next = ranked.reduce((best, one) => (rank(one) < rank(best) ? one : best));
    times.set(next.at, (times.get(next.at) ?? 0) + 1);
    await doAction(session, next.action, `goal-${step}`);
  }
  needs(
    (await session.check(condition)).holds,
    `the goal did not turn up in a walk of ${WALK} legal actions: give actions that reach it with --actions FILE`,
  );
}
