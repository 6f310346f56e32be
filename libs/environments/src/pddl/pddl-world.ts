import { PraxisError, type OpenRequest, type SessionStore, type World, type WorldInfo, type WorldSession } from '@praxis/core';
import { parseCondition } from '@praxis/search';
import { PddlSession } from './pddl-session.js';
import { newBody, type SessionBody } from './session-body.js';
import { SessionKeeper } from './session-keeper.js';
import type { WorldKind } from './world-kind.js';

/** A world whose rules are PDDL and whose sessions live in a store. */
export class PddlWorld implements World {
  readonly #keeper: SessionKeeper;

  constructor(
    private readonly kind: WorldKind,
    sessions: SessionStore,
  ) {
    this.#keeper = new SessionKeeper(kind.name, sessions);
  }

  async describe(): Promise<WorldInfo> {
    const { name, version, summary, domain, skills, scenarios } = this.kind;
    return { name, version, summary, domain, skills, scenarios, can: { snapshot: true, clone: true, legal: true } };
  }

  async open(request: OpenRequest): Promise<WorldSession> {
    const { scenario, problem, sessionId } = request;
    const rules = this.kind.rules(scenario, problem);
    const isNew = await this.#keeper.create(sessionId, newBody(this.kind.name, request, rules));
    if (!isNew && !isSame(await this.#keeper.find(sessionId), request)) {
      throw new PraxisError('conflict', `The session ${sessionId} is already open with another scenario, problem or seed; choose another id, or close it first.`);
    }
    return new PddlSession(sessionId, rules, this.#keeper);
  }

  async readCondition(scenario: string, condition: string): Promise<void> {
    const { domain, problem } = this.kind.rules(scenario, null);
    parseCondition(condition, domain, [...domain.constants, ...problem.objects]);
  }

  async resume(sessionId: string): Promise<WorldSession> {
    const { scenario, problem } = await this.#keeper.get(sessionId);
    return new PddlSession(sessionId, this.kind.rules(scenario, problem), this.#keeper);
  }
}

function isSame(body: SessionBody | null, { scenario, problem, seed }: OpenRequest): boolean {
  if (body === null || body.scenario !== scenario || body.seed !== seed) return false;
  return body.problem?.domain === problem?.domain && body.problem?.problem === problem?.problem;
}
