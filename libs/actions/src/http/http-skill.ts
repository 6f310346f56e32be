import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionResult, Json, Observation, Probe, Skill, SkillCall, SkillManifest } from '@praxis/core';
import type { Declaration } from './declaration.js';
import { exchange, type HttpRequest } from './exchange.js';
import { readOutcome, type Reading } from './read-outcome.js';
import { fillTemplate } from './url-template.js';

/** Requests for one call of a skill that may be asked again: enough for a restart of the server, not for an outage. */
const ATTEMPTS = 4;
/** A server that wants us to wait longer than this is not there for now. */
const PATIENCE_MS = 10_000;

/** A declared skill with its secrets, ready to be called. */
export interface HttpSkillParts {
  readonly declaration: Declaration;
  readonly manifest: SkillManifest;
  readonly headers: Readonly<Record<string, string>>;
  readonly probeHeaders: Readonly<Record<string, string>>;
  /** What must not come back in an answer's text. */
  readonly secrets: readonly string[];
  /** The wait before the second request; each further one is twice as long. */
  readonly backoffMs?: number;
}

/**
 * A skill that is done by HTTP.
 *
 * D1 Every request but a GET carries the action's idempotency key, and asking again carries the same one.
 * D2 What is neither pure nor keyed is sent at most once.
 * D3 Once a request may have arrived, only the server's word about it, or its probe's, makes an effect's outcome known.
 * D4 Arguments fill an address but never choose the host, and redirects are not followed: headers go where the file says.
 * D5 An answer is untrusted text: it is capped, and has no control characters and none of the secrets that were sent.
 * D6 Whatever goes wrong is an observation (S10).
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
    const isPure = this.manifest.effect === 'pure';
    const reading = await this.#send(request, call, isPure || this.manifest.keyed);
    const host = `${request.url.host} `;
    if (reading.code === 'ok') return observation({ ok: true, message: this.#hide(reading.message) });
    if (isPure || !reading.isDoubtful) return observation({ ok: false, code: reading.code, message: this.#hide(host + reading.message) });
    // The probe may be ahead of the request, so only its yes is an answer now.
    const probe = await this.probe?.(call);
    if (probe?.happened === true) return probe.observation;
    return observation({ ok: false, code: 'unknown-outcome', message: this.#hide(`${host}${reading.message}; it may or may not have been done`) });
  }

  /** Sends a request, again where that is safe and may help; the reading is doubtful where any of them may have arrived (D3). */
  async #send(request: HttpRequest, { signal }: SkillCall, mayRepeat: boolean): Promise<Reading> {
    const { keyed, effect } = this.manifest;
    let doubted = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await exchange(request, signal);
      const reading = readOutcome(outcome, { pure: effect === 'pure', keyed, doubted });
      doubted = !reading.settles && (doubted || reading.isDoubtful);
      const wanted = outcome.kind === 'answered' ? (outcome.retryAfterMs ?? 0) : 0;
      const isOver = !mayRepeat || !reading.again || attempt === ATTEMPTS || wanted > PATIENCE_MS;
      if (isOver) return { ...reading, isDoubtful: doubted };
      await this.#pause(attempt, signal, wanted);
    }
  }

  async #probe(call: SkillCall): Promise<Probe> {
    const { probe } = this.#parts.declaration;
    const filled = fillTemplate(probe!.url, valuesOf(call));
    if ('problem' in filled) return { happened: null };
    const request = { method: 'GET', url: filled.url, headers: this.#parts.probeHeaders, body: null, timeoutMs: probe!.timeoutMs };
    for (let attempt = 1; ; attempt++) {
      const outcome = await exchange(request, call.signal);
      if (outcome.kind === 'answered' && outcome.status === 200) return { happened: true, observation: observation({ ok: true, message: this.#hide(outcome.text) || 'done' }) };
      if (outcome.kind === 'answered' && outcome.status === 404) return { happened: false };
      const { again } = readOutcome(outcome, { pure: true, keyed: false, doubted: false });
      if (!again || attempt === ATTEMPTS) return { happened: null };
      await this.#pause(attempt, call.signal);
    }
  }

  /** Waits before the next request; a cancel ends the wait, and the next request is then not sent. */
  async #pause(attempt: number, signal: AbortSignal, atLeastMs = 0): Promise<void> {
    const wait = Math.max(atLeastMs, (this.#parts.backoffMs ?? 200) * 2 ** (attempt - 1));
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  #request(call: SkillCall): HttpRequest | { readonly problem: string } {
    const { method, url: template, timeoutMs } = this.#parts.declaration.http;
    const filled = fillTemplate(template, valuesOf(call));
    if ('problem' in filled) return filled;
    const { url } = filled;
    const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    if (!hasBody) for (const [name, value] of Object.entries(call.action.args)) if (!template.includes(`{${name}}`)) url.searchParams.append(name, textOf(value));
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
