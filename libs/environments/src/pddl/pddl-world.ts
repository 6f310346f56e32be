import {
  PraxisError,
  type OpenRequest,
  type SessionStore,
  type World,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';
import { sharedEvaluator, tooLarge, type Evaluator } from '@praxis/search';
import { MOST_CONDITION, PROBLEM_LIMITS } from './limits.js';
import { PddlSession } from './pddl-session.js';
import { SessionKeeper } from '../session-keeper.js';
import { bodyCodec, newBody, type SessionBody } from './session-body.js';
import { turnOf } from './rules.js';
import { firstMoment } from './transition.js';
import type { WorldKind } from './world-kind.js';

/** A world whose rules are PDDL and whose sessions live in a store. */
export class PddlWorld implements World {
  readonly #keeper: SessionKeeper<SessionBody>;

  constructor(
    private readonly kind: WorldKind,
    sessions: SessionStore,
    private readonly evaluator: Evaluator = sharedEvaluator,
  ) {
    this.#keeper = new SessionKeeper(kind.name, sessions, bodyCodec);
  }

  async describe(): Promise<WorldInfo> {
    const { name, version, summary, domain, skills, scenarios } = this.kind;
    return {
      name,
      version,
      summary,
      domain,
      skills,
      scenarios,
      offers: { legal: true, snapshots: true, clones: true },
    };
  }

  async admit({ scenario, problem, condition }: Parameters<NonNullable<World['admit']>>[0]): Promise<void> {
    if (condition.length > MOST_CONDITION)
      throw tooLarge('text', condition.length, MOST_CONDITION, 'characters in the condition');
    const text = problem === null ? 0 : problem.domain.length + problem.problem.length;
    if (text > PROBLEM_LIMITS.text)
      throw tooLarge('text', text, PROBLEM_LIMITS.text, 'characters in domain and problem');
    await this.evaluator.ask('admit', this.kind.rules(scenario, problem).believed, [PROBLEM_LIMITS, condition]);
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<WorldSession> {
    const { scenario, problem, sessionId } = request;
    const rules = this.kind.rules(scenario, problem);
    const moment = await firstMoment(rules, {
      evaluator: this.evaluator,
      control: { turn: turnOf(sessionId), signal },
    });
    const isNew = await this.#keeper.create(sessionId, newBody(this.kind.name, request, moment));
    if (!isNew && !isSame(await this.#keeper.find(sessionId), request)) {
      throw new PraxisError(
        'conflict',
        `The session ${sessionId} is already open with another scenario, problem or seed; choose another id, or close it first.`,
      );
    }
    return new PddlSession(sessionId, rules, this.#keeper, this.evaluator);
  }

  async resume(sessionId: string): Promise<WorldSession> {
    const { scenario, problem } = await this.#keeper.get(sessionId);
    return new PddlSession(sessionId, this.kind.rules(scenario, problem), this.#keeper, this.evaluator);
  }
}

function isSame(body: SessionBody | null, { scenario, problem, seed }: OpenRequest): boolean {
  if (body === null || body.scenario !== scenario || body.seed !== seed) return false;
  return body.problem?.domain === problem?.domain && body.problem?.problem === problem?.problem;
}
