import type { Engine, NodeSpec } from '@praxis/core';
import { z } from 'zod';
import { saidBy, shown } from '../client/http-trouble.js';
import type { ProbeReport } from '../pool/node-pool.js';
import { engineLoad, METRIC_PREFIXES, NO_LOAD, type EngineLoad } from './engine-load.js';
import type { HttpGet, Page } from './http-get.js';
import { readModelList, type ModelList } from './model-list.js';
import { readMetrics } from './prometheus.js';

/** How often a node is asked what it serves: that changes when people do something. */
const MODELS_EVERY_MS = 10_000;
/** Longest reason that is shown. */
const LONGEST_NOTE = 120;
/** What Ollama works on at a time where nobody has told it otherwise. */
const OLLAMA_SLOTS = 4;

/** Where an engine says that it is well. The rest have no such place and are asked for their models. */
const HEALTH: Partial<Record<Engine, string>> = {
  vllm: '/health',
  sglang: '/health',
  llamacpp: '/health',
  tgi: '/health',
  simulator: '/health',
  ollama: '/api/version',
};

/** What a probe works with. */
export interface ProbeParts {
  readonly get: HttpGet;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The node's API key. */
  readonly key: string | null;
  /** Whether what it says in an error is shown; not of a server that a caller named, which may be any. */
  readonly echo?: boolean;
}

/**
 * Looks at one node again and again. Only `GET`s, and none that makes the engine compute.
 *
 * Where the engine is unknown it is found out once, from what the node says of itself: its list of models, the names of
 * its metrics, and Ollama's own version page.
 */
export class NodeProbe {
  #engine: Engine;
  #models: ModelList | null = null;
  /** Why it does not say what it serves; empty: it does. */
  #unlisted = '';
  #modelsAt = Number.NEGATIVE_INFINITY;
  #isFoundOut: boolean;
  #slots: number | null = null;
  #tools: 'native' | 'none' | null = null;

  constructor(
    private readonly spec: NodeSpec,
    private readonly parts: ProbeParts,
  ) {
    this.#engine = spec.engine;
    this.#isFoundOut = spec.engine !== 'unknown';
  }

  /** The engine, as far as it is known. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Never rejects: a node that cannot be looked at is down. */
  async look(): Promise<ProbeReport> {
    try {
      await this.#findOut();
      const ill = await this.#illness();
      if (ill !== null) return this.#report(null, ill);
      await this.#list();
      const load = await this.#load();
      return this.#report(load, load?.isAsleep ? 'it is asleep' : null);
    } catch (error) {
      return this.#report(null, reason(error));
    }
  }

  #report(load: EngineLoad | null, ill: string | null): ProbeReport {
    const { running, waiting, kvUse, kvTokens } = load ?? NO_LOAD;
    return {
      at: this.parts.now(),
      isUp: ill === null,
      note: (ill ?? this.#unlisted).slice(0, LONGEST_NOTE),
      running,
      waiting,
      kvUse,
      models: this.#models?.names ?? null,
      ...(this.#engine !== 'unknown' && { engine: this.#engine }),
      ...(this.#models && { contexts: this.#models.contexts }),
      ...(kvTokens !== null && { kvTokens }),
      ...(this.#slots !== null && { slots: this.#slots }),
      ...(this.#tools !== null && { tools: this.#tools }),
    };
  }

  async #findOut(): Promise<void> {
    if (this.#isFoundOut) return;
    const said = await this.#list();
    // One that is still loading says more later.
    if (said === null || said >= 500) return;
    this.#engine = this.#models?.engine ?? (await this.#byMetrics()) ?? (await this.#byVersion()) ?? 'unknown';
    this.#isFoundOut = true;
    await this.#askSlots();
  }

  async #byMetrics(): Promise<Engine | null> {
    const { status, body } = await this.#ask('/metrics');
    if (status !== 200) return null;
    const names = readMetrics(body).map(({ name }) => name);
    return METRIC_PREFIXES.find(([prefix]) => names.some((name) => name.startsWith(prefix)))?.[1] ?? null;
  }

  async #byVersion(): Promise<Engine | null> {
    const { status, body } = await this.#ask('/api/version');
    return status === 200 && /^\s*\{\s*"version"\s*:/.test(body) ? 'ollama' : null;
  }

  /** What is wrong with it; null: nothing. */
  async #illness(): Promise<string | null> {
    const health = HEALTH[this.#engine];
    const { status, body } = await (health === undefined ? this.#get(`${this.#api}/models`) : this.#ask(health));
    // A server that has no such page, or wants another key for it, is there all the same.
    if (status < 500) return null;
    return this.#saidWith(status, body);
  }

  #saidWith(status: number, body: string): string {
    const said = this.parts.echo === false ? '' : shown(saidBy(body), this.parts.key);
    return `it answered ${status}${said === '' ? '' : `: ${said}`}`;
  }

  /** Why its list of models says nothing; empty: it does. */
  #listTrouble(status: number, body: string): string {
    if (status !== 200) return `asked for its models, ${this.#saidWith(status, body)}`;
    const list = readModelList(body);
    if (list === null) return 'its list of models cannot be read';
    return list.names.length === 0 ? 'it lists no model' : '';
  }

  /** Asks what it serves, where that is some time ago; the status of the answer, or null where it was not asked. */
  async #list(): Promise<number | null> {
    const now = this.parts.now();
    if (now - this.#modelsAt < MODELS_EVERY_MS) return null;
    const { status, body } = await this.#get(`${this.#api}/models`);
    if (status < 500) this.#modelsAt = now;
    if (status === 200) this.#models = readModelList(body) ?? this.#models;
    if (status < 500) this.#unlisted = this.spec.serves.length > 0 ? '' : this.#listTrouble(status, body);
    await this.#askSlots();
    return status;
  }

  /** Asks how many requests it works on at a time and whether it takes tools, where that can be asked. */
  async #askSlots(): Promise<void> {
    if (this.#engine === 'ollama') this.#slots = OLLAMA_SLOTS;
    if (this.#engine !== 'llamacpp') return;
    const { status, body } = await this.#ask('/props');
    if (status !== 200) return;
    const found = /"total_slots"\s*:\s*([1-9]\d*)/.exec(body);
    if (found) this.#slots = Number(found[1]);
    this.#tools = toolsIn(body);
  }

  async #load(): Promise<EngineLoad | null> {
    if (this.#engine === 'ollama' || this.#engine === 'unknown') return null;
    const { status, body } = await this.#ask('/metrics');
    // Some engines have metrics only where they were asked for when the engine was started.
    return status === 200 ? engineLoad(this.#engine, readMetrics(body)) : null;
  }

  /** Asks the server's root, which stands above the API. */
  #ask(path: string): Promise<Page> {
    return this.#get(`${this.#api.replace(/\/v1$/, '')}${path}`);
  }

  get #api(): string {
    return this.spec.url.replace(/\/+$/, '');
  }

  #get(url: string): Promise<Page> {
    const { get, key, timeoutMs, signal } = this.parts;
    return get(url, { key, timeoutMs, signal });
  }
}

const capsSchema = z.object({
  chat_template_caps: z.object({ supports_tools: z.boolean(), supports_tool_calls: z.boolean().default(true) }),
});

/**
 * Whether a model's own template knows tools, as newer llama.cpp says; null: it does not say. Where the template knows
 * none, the server overlooks tools without a word.
 */
function toolsIn(props: string): 'native' | 'none' | null {
  let json: unknown;
  try {
    json = JSON.parse(props);
  } catch {
    return null;
  }
  const caps = capsSchema.safeParse(json);
  if (!caps.success) return null;
  const { supports_tools: tools, supports_tool_calls: calls } = caps.data.chat_template_caps;
  return tools && calls ? 'native' : 'none';
}

/** What stopped a request, in few words: `fetch` hides it in the cause. */
function reason(thrown: unknown): string {
  const { name, message, cause } = thrown as {
    readonly name?: string;
    readonly message?: string;
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  if (name === 'TimeoutError') return 'it did not answer in time';
  return cause?.code ? `no connection (${cause.code})` : (cause?.message ?? message ?? String(thrown));
}
