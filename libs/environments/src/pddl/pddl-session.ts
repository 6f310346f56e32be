import { randomUUID } from 'node:crypto';
import {
  PraxisError,
  makeState,
  stateDigest,
  type Action,
  type ActionResult,
  type Briefing,
  type Condition,
  type Observation,
  type Snapshots,
  type Verdict,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import type { Evaluator } from '@praxis/search';
import { recall, record } from './answers.js';
import { briefingOf, turnOf, type Asking, type Rules } from './rules.js';
import type { SessionKeeper } from '../session-keeper.js';
import { readSnapshot, writeSnapshot, type SessionBody } from './session-body.js';
import { act } from './transition.js';

/** A session of a PDDL world; it holds nothing itself, so any number of processes may hold one for the same id. */
export class PddlSession implements WorldSession {
  constructor(
    readonly id: string,
    private readonly rules: Rules,
    private readonly keeper: SessionKeeper<SessionBody>,
    private readonly evaluator: Evaluator,
  ) {}

  async briefing(): Promise<Briefing> {
    await this.keeper.get(this.id);
    return briefingOf(this.rules, this.asking());
  }

  async observe(): Promise<WorldState> {
    return (await this.keeper.get(this.id)).moment.state;
  }

  async act(action: Action, key: string, signal?: AbortSignal, decidedOn?: string): Promise<Observation> {
    try {
      return await this.actOnce(action, { key, signal, decidedOn });
    } catch (thrown) {
      // Nothing was written yet: a change is written when it is known.
      if (PraxisError.from(thrown).code !== 'cancelled') throw thrown;
      return { result: { ok: false, code: 'cancelled', message: 'cancelled before it was done' }, state: null };
    }
  }

  private actOnce(action: Action, { key, signal, decidedOn }: ActCall): Promise<Observation> {
    return this.keeper.update<Observation>(this.id, async (body) => {
      const recorded = recall(body.answers, key);
      if (recorded !== null) return { body: null, value: recorded };
      const before = body.moment.state;
      const { moment, result: judged } = await act(
        { rules: this.rules, moment: body.moment, seed: body.seed, action },
        this.asking(signal),
      );
      const result = orStale(judged, before, decidedOn);
      const answers = record(body.answers, key, { result, state: moment.state, before });
      return { body: { ...body, moment, answers }, value: { result, state: moment.state, before } };
    });
  }

  async legal(signal?: AbortSignal): Promise<readonly Action[]> {
    const { moment } = await this.keeper.get(this.id);
    return this.evaluator.ask('calls', this.rules.believed, [moment.state], this.asking(signal).control);
  }

  async check(condition: Condition, signal?: AbortSignal): Promise<Verdict> {
    const { moment } = await this.keeper.get(this.id);
    const { control } = this.asking(signal);
    const problems = await this.evaluator.ask('unmet', this.rules.believed, [condition, moment.state], control);
    return { holds: problems.length === 0, problems };
  }

  readonly snapshots = {
    take: async () => writeSnapshot(await this.keeper.get(this.id)),
    restore: async (snapshot) => {
      await this.keeper.update(this.id, (body) => ({
        body: { ...body, moment: readSnapshot(body, snapshot) },
        value: null,
      }));
    },
    clone: (snapshot, seed) => this.clone(snapshot, seed),
  } satisfies Snapshots;

  private async clone(snapshot: string, seed: string): Promise<WorldSession> {
    const body = await this.keeper.get(this.id);
    // The id is nobody's choice and nothing depends on it, so it need not come from a seed.
    const id = `${this.id}~${randomUUID()}`;
    await this.keeper.create(id, { ...body, seed, moment: readSnapshot(body, snapshot) });
    return new PddlSession(id, this.rules, this.keeper, this.evaluator);
  }

  close(): Promise<void> {
    return this.keeper.remove(this.id);
  }

  private asking(signal?: AbortSignal): Asking {
    return { evaluator: this.evaluator, control: { turn: turnOf(this.id), signal } };
  }
}

/** How an action is asked for. */
interface ActCall {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  /** Digest of the state on which it was decided. */
  readonly decidedOn: string | undefined;
}

/** A refusal in another state than the one that the action was decided on says nothing of that one (environment.6). */
function orStale(result: ActionResult, before: WorldState, decidedOn: string | undefined): ActionResult {
  if (result.ok || result.code !== 'not-applicable' || decidedOn === undefined) return result;
  if (stateDigest(makeState(before.facts, before.numbers)) === decidedOn) return result;
  return { ok: false, code: 'stale', message: `${result.message}, which has changed since this was decided` };
}
