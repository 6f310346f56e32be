import { setTimeout as sleep } from 'node:timers/promises';
import {
  outsideSource,
  type ActionResult,
  type FailureCode,
  type Observation,
  type Probe,
  type Retry,
  type Skill,
  type SkillCall,
  type SkillManifest,
} from '@praxis/core';
import type { Declaration } from './declaration.js';
import { exchange, type Answered } from './exchange.js';
import { makeRequest, textsOf } from './make-request.js';
import { readAnswer } from './read-answer.js';
import { readOutcome, type Reading } from './read-outcome.js';
import { retryFor } from './retry-policy.js';
import { fillTemplate } from './url-template.js';

/** Requests of one probe: enough for a moment without a connection, not for an outage. */
const PROBES = 4;

/** A declared skill with its secrets, ready to be called. */
export interface HttpSkillParts {
  readonly declaration: Declaration;
  readonly manifest: SkillManifest;
  readonly headers: Readonly<Record<string, string>>;
  readonly probeHeaders: Readonly<Record<string, string>>;
  /** What must not come back in an answer's text. */
  readonly secrets: readonly string[];
  /** The pause before a probe is sent a second time; each further one is twice as long. */
  readonly backoffMs?: number;
}

/**
 * A skill that is done by HTTP.
 *
 * http-skill.1 Every request but a GET carries the action's idempotency key, and asking again carries the same one.
 * http-skill.2 One call sends one request. Whether it is repeated, when and how often, is decided by whoever calls, and
 *              by nobody else.
 * http-skill.3 Once a request with the key may have arrived, only a success under that key, or its probe's word, makes
 *              an effect's outcome known; a refusal does not, since it may be the answer to the repetition alone.
 * http-skill.4 Arguments fill an address but never choose the host, and redirects are not followed: headers go where
 *              the file says.
 * http-skill.5 An answer is untrusted: it is capped, its texts have no control characters and none of the secrets that
 *              were sent, and its output is tainted by the host.
 * http-skill.6 Whatever goes wrong is an observation (S10).
 * http-skill.7 An answer that is no use after something was done is a failure for good: it is not done again.
 */
export class HttpSkill implements Skill {
  readonly manifest: SkillManifest;
  readonly probe?: (call: SkillCall) => Promise<Probe>;

  /** Not to be seen by whoever prints a skill: there are secrets in it. */
  readonly #parts: HttpSkillParts;

  constructor(parts: HttpSkillParts) {
    this.#parts = parts;
    this.manifest = parts.manifest;
    if (parts.declaration.probe !== null) this.probe = (call) => this.#probe(call);
  }

  async run(call: SkillCall): Promise<Observation> {
    const request = makeRequest(this.#parts.declaration.http, this.#parts.headers, call);
    if ('problem' in request) return observation({ ok: false, code: 'invalid-args', message: request.problem });
    const { keyed, effect } = this.manifest;
    const pure = effect === 'pure';
    const outcome = await exchange(request, call.signal);
    const reading = readOutcome(outcome, { pure, keyed, inDoubt: call.inDoubt === true });
    if (reading.code === 'ok' && outcome.kind === 'answered') return this.#answered(outcome, call);
    const isDoubtful = !pure && (reading.isDoubtful || call.inDoubt === true);
    const retry = retryFor(this.#parts.declaration.retry, { reading, outcome, isDoubtful, keyed });
    return isDoubtful
      ? this.#doubtful(call, reading, { host: request.url.host, retry })
      : this.#failed(reading, { host: request.url.host, retry });
  }

  /** It was done; what cannot be read of the answer is a failure that is not mended by doing it again. */
  async #answered(answer: Answered, { tools }: Pick<SkillCall, 'tools'>): Promise<Observation> {
    const { http } = this.#parts.declaration;
    const { name, effect } = this.manifest;
    const source = outsideSource(this.manifest) ?? this.manifest.source;
    const hide = (text: string): string => this.#hide(text);
    const read = await readAnswer(answer, { method: http.method, select: http.select, source, name, hide, tools });
    if ('output' in read)
      return observation({ ok: true, message: this.#hide(answer.text) || 'done', output: read.output });
    const isPure = effect === 'pure';
    const message = this.#hide(`${name}: ${isPure ? '' : 'it was done, but '}${read.problem}`);
    return observation({ ok: false, code: 'world-error', message, ...(!isPure && ({ permanent: true } as const)) });
  }

  /** The request was not carried out, or there was nothing to carry out. */
  #failed({ code, isPermanent, message }: Reading, { host, retry }: Failed): Observation {
    const result = {
      ok: false,
      code: code as FailureCode,
      message: this.#hide(`${host} ${message}`),
      ...(isPermanent && this.#isFinal && retry === null && ({ permanent: true } as const)),
    } as const;
    return this.#repeated(result, retry);
  }

  /** Nothing says whether it was carried out (http-skill.3). */
  async #doubtful(call: SkillCall, { code, message }: Reading, { host, retry }: Failed): Promise<Observation> {
    const unknown = {
      ok: false,
      code: 'unknown-outcome',
      message: this.#hide(`${host} ${message}; it may or may not have been done`),
    } as const;
    if (code === 'cancelled') return observation(unknown);
    if (this.manifest.keyed) return this.#repeated(unknown, retry);
    // The probe may be ahead of the request, so only its yes is an answer now.
    const probe = await this.probe?.(call);
    return probe?.happened === true ? probe.observation : observation(unknown);
  }

  /** A failure with what its repetition needs; where the file says which failures are repeated, others are not. */
  #repeated(result: ActionResult, retry: Retry | null): Observation {
    if (retry !== null) return { ...observation(result), retry };
    return this.#parts.declaration.retry === null ? observation(result) : { ...observation(result), retry: null };
  }

  /** What is polled is asked until it changes its mind. */
  get #isFinal(): boolean {
    return this.manifest.polling !== true;
  }

  async #probe(call: SkillCall): Promise<Probe> {
    const { probe } = this.#parts.declaration;
    const filled = fillTemplate(probe!.url, textsOf(call));
    if ('problem' in filled) return { happened: null };
    const request = {
      method: 'GET',
      url: filled.url,
      headers: this.#parts.probeHeaders,
      body: null,
      timeoutMs: probe!.timeoutMs,
    };
    for (let attempt = 1; ; attempt++) {
      const outcome = await exchange(request, call.signal);
      if (outcome.kind === 'answered' && outcome.status === 200)
        return { happened: true, observation: await this.#answered(outcome, call) };
      if (outcome.kind === 'answered' && outcome.status === 404) return { happened: false };
      const { isOutage } = readOutcome(outcome, { pure: true, keyed: false, inDoubt: false });
      if (!isOutage || attempt === PROBES) return { happened: null };
      await this.#pause(attempt, call.signal);
    }
  }

  /** Waits before the next request; a cancel ends the wait, and the next request is then not sent. */
  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    await sleep((this.#parts.backoffMs ?? 200) * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
  }

  #hide(text: string): string {
    return this.#parts.secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  }
}

/** A failed call, and whether it may be repeated. */
interface Failed {
  readonly host: string;
  readonly retry: Retry | null;
}

const observation = (result: ActionResult): Observation => ({ result, state: null });
