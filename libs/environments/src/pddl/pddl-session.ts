import { randomUUID } from 'node:crypto';
import { PraxisError, type Action, type Briefing, type Condition, type Observation, type WorldSession, type WorldState } from '@praxis/core';
import type { Evaluator } from '@praxis/search';
import { recall, record } from './answers.js';
import { briefingOf, turnOf, type Asking, type Rules } from './rules.js';
import { readSnapshot, writeSnapshot } from './session-body.js';
import type { SessionKeeper } from './session-keeper.js';
import { act } from './transition.js';

/** A session of a PDDL world; it holds nothing itself, so any number of processes may hold one for the same id. */
export class PddlSession implements WorldSession {
  constructor(
    readonly id: string,
    private readonly rules: Rules,
    private readonly keeper: SessionKeeper,
    private readonly evaluator: Evaluator,
  ) {}

  async briefing(): Promise<Briefing> {
    await this.keeper.get(this.id);
    return briefingOf(this.rules, this.asking());
  }

  async observe(): Promise<WorldState> {
    return (await this.keeper.get(this.id)).moment.state;
  }

  async act(action: Action, key: string, signal?: AbortSignal): Promise<Observation> {
    try {
      return await this.actOnce(action, key, signal);
    } catch (thrown) {
      // Nothing was written yet: a change is written when it is known.
      if (PraxisError.from(thrown).code !== 'cancelled') throw thrown;
      return { result: { ok: false, code: 'cancelled', message: 'cancelled before it was done' }, state: null };
    }
  }

  private actOnce(action: Action, key: string, signal: AbortSignal | undefined): Promise<Observation> {
    return this.keeper.update<Observation>(this.id, async (body) => {
      const before = recall(body.answers, key);
      if (before !== null) return { body: null, value: before };
      const { moment, result } = await act({ rules: this.rules, moment: body.moment, seed: body.seed, action }, this.asking(signal));
      const answers = record(body.answers, key, result, moment.state);
      return { body: { ...body, moment, answers }, value: { result, state: moment.state } };
    });
  }

  async legal(signal?: AbortSignal): Promise<readonly Action[]> {
    const { moment } = await this.keeper.get(this.id);
    return this.evaluator.ask('calls', this.rules.believed, [moment.state], this.asking(signal).control);
  }

  async check(condition: Condition, signal?: AbortSignal): Promise<boolean> {
    const { moment } = await this.keeper.get(this.id);
    return this.evaluator.ask('holds', this.rules.believed, [condition, moment.state], this.asking(signal).control);
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
    return new PddlSession(id, this.rules, this.keeper, this.evaluator);
  }

  close(): Promise<void> {
    return this.keeper.remove(this.id);
  }

  private asking(signal?: AbortSignal): Asking {
    return { evaluator: this.evaluator, control: { turn: turnOf(this.id), signal } };
  }
}
