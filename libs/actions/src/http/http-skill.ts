import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ActionResult,
  FailureCode,
  Json,
  Observation,
  Probe,
  Skill,
  SkillCall,
  SkillManifest,
} from '@praxis/core';
import type { Declaration } from './declaration.js';
import { exchange, type HttpRequest } from './exchange.js';
import { readOutcome, type Reading } from './read-outcome.js';
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
 * http-skill.5 An answer is untrusted text: it is capped, and has no control characters and none of the secrets that
 *              were sent.
 * http-skill.6 Whatever goes wrong is an observation (S10).
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
    const request = this.#request(call);
    if ('problem' in request) return observation({ ok: false, code: 'invalid-args', message: request.problem });
    const { keyed, effect } = this.manifest;
    const pure = effect === 'pure';
    const outcome = await exchange(request, call.signal);
    const reading = readOutcome(outcome, { pure, keyed, inDoubt: call.inDoubt === true });
    if (reading.code === 'ok') return observation({ ok: true, message: this.#hide(reading.message) });
    const afterMs = outcome.kind === 'answered' ? outcome.retryAfterMs : null;
    const isDoubtful = !pure && (reading.isDoubtful || call.inDoubt === true);
    return isDoubtful
      ? this.#doubtful(call, { ...reading, message: `${request.url.host} ${reading.message}` }, afterMs)
      : this.#failed(reading, request.url.host, afterMs);
  }

  /** The request was not carried out, or there was nothing to carry out. */
  #failed(reading: Reading, host: string, afterMs: number | null): Observation {
    const { code, isPermanent, isOutage, isDoubtful } = reading;
    const result = {
      ok: false,
      code: code as FailureCode,
      message: this.#hide(`${host} ${reading.message}`),
      ...(isPermanent && this.#isFinal && ({ permanent: true } as const)),
    } as const;
    const mayRepeat = code !== 'cancelled' && (isOutage || isDoubtful);
    return { ...observation(result), ...(mayRepeat && { retry: { afterMs, inDoubt: false, isOutage } }) };
  }

  /** Nothing says whether it was carried out (http-skill.3). */
  async #doubtful(
    call: SkillCall,
    { code, isOutage, isDoubtful, message }: Reading,
    afterMs: number | null,
  ): Promise<Observation> {
    const unknown = observation({
      ok: false,
      code: 'unknown-outcome',
      message: this.#hide(`${message}; it may or may not have been done`),
    });
    if (code === 'cancelled') return unknown;
    if (this.manifest.keyed) return { ...unknown, retry: { afterMs, inDoubt: isDoubtful || !isOutage, isOutage } };
    // The probe may be ahead of the request, so only its yes is an answer now.
    const probe = await this.probe?.(call);
    return probe?.happened === true ? probe.observation : unknown;
  }

  /** What is polled is asked until it changes its mind. */
  get #isFinal(): boolean {
    return this.manifest.polling !== true;
  }

  async #probe(call: SkillCall): Promise<Probe> {
    const { probe } = this.#parts.declaration;
    const filled = fillTemplate(probe!.url, valuesOf(call));
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
        return { happened: true, observation: observation({ ok: true, message: this.#hide(outcome.text) || 'done' }) };
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

  #request(call: SkillCall): HttpRequest | { readonly problem: string } {
    const { method, url: template, timeoutMs } = this.#parts.declaration.http;
    const filled = fillTemplate(template, valuesOf(call));
    if ('problem' in filled) return filled;
    const { url } = filled;
    const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    if (!hasBody)
      for (const [name, value] of Object.entries(call.action.args))
        if (!template.includes(`{${name}}`)) url.searchParams.append(name, textOf(value));
    const headers = {
      ...this.#parts.headers,
      ...(method !== 'GET' && { 'idempotency-key': call.key }),
      ...(hasBody && { 'content-type': 'application/json' }),
    };
    return { method, url, headers, body: hasBody ? JSON.stringify(call.action.args) : null, timeoutMs };
  }

  #hide(text: string): string {
    return this.#parts.secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  }
}

function valuesOf({ action, key }: SkillCall): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(Object.entries(action.args).map(([name, value]) => [name, textOf(value)])), key };
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const observation = (result: ActionResult): Observation => ({ result, state: null });
