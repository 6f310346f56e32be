import { randomUUID } from 'node:crypto';
import { makeState, stateDigest, type Action, type ActionResult, type Briefing, type Condition, type Observation, type WorldSession, type WorldState } from '@praxis/core';
import { parseCondition } from '@praxis/search';
import { recall, record } from './answers.js';
import { nameArguments, type Rules } from './rules.js';
import { readSnapshot, writeSnapshot } from './session-body.js';
import type { SessionKeeper } from './session-keeper.js';
import { act } from './transition.js';

/** A session of a PDDL world; it holds nothing itself, so any number of processes may hold one for the same id. */
export class PddlSession implements WorldSession {
  constructor(
    readonly id: string,
    private readonly rules: Rules,
    private readonly keeper: SessionKeeper,
  ) {}

  async briefing(): Promise<Briefing> {
    await this.keeper.get(this.id);
    return this.rules.briefing;
  }

  async observe(): Promise<WorldState> {
    return (await this.keeper.get(this.id)).moment.state;
  }

  act(action: Action, key: string, _signal?: AbortSignal, decidedOn?: string): Promise<Observation> {
    return this.keeper.update<Observation>(this.id, (body) => {
      const recorded = recall(body.answers, key);
      if (recorded !== null) return { body: null, value: recorded };
      const before = body.moment.state;
      const { moment, result: judged } = act(this.rules, body.moment, body.seed, action);
      const result = orStale(judged, before, decidedOn);
      const answers = record(body.answers, key, { result, state: moment.state, before });
      return { body: { ...body, moment, answers }, value: { result, state: moment.state, before } };
    });
  }

  async legal(): Promise<readonly Action[]> {
    const { moment } = await this.keeper.get(this.id);
    const { believed, domain } = this.rules;
    const schemas = new Map(domain.actions.map((action) => [action.name, action]));
    return believed.legal(moment.state).map(({ action, args }) => nameArguments(schemas.get(action)!, args));
  }

  async check(condition: Condition): Promise<boolean> {
    const { moment } = await this.keeper.get(this.id);
    return this.rules.believed.holds(parseCondition(condition, this.rules.domain, this.rules.problem.objects), moment.state);
  }

  async snapshot(): Promise<string> {
    return writeSnapshot(await this.keeper.get(this.id));
  }

  async restore(snapshot: string): Promise<void> {
    await this.keeper.update(this.id, (body) => ({ body: { ...body, moment: readSnapshot(body, snapshot) }, value: null }));
  }

  async clone(snapshot: string, seed: string): Promise<WorldSession> {
    const body = await this.keeper.get(this.id);
    // The id is nobody's choice and nothing depends on it, so it need not come from a seed.
    const id = `${this.id}~${randomUUID()}`;
    await this.keeper.create(id, { ...body, seed, moment: readSnapshot(body, snapshot) });
    return new PddlSession(id, this.rules, this.keeper);
  }

  close(): Promise<void> {
    return this.keeper.remove(this.id);
  }
}

/** A refusal in another state than the one that the action was decided on says nothing of that one (W6). */
function orStale(result: ActionResult, before: WorldState, decidedOn: string | undefined): ActionResult {
  if (result.ok || result.code !== 'not-applicable' || decidedOn === undefined) return result;
  if (stateDigest(makeState(before.facts, before.numbers)) === decidedOn) return result;
  return { ok: false, code: 'stale', message: `${result.message}, which has changed since this was decided` };
}
