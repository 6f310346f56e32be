import {
  NO_COST,
  PraxisError,
  type ChatAnswer,
  type ChatRequest,
  type Cost,
  type ModelCall,
  type ModelReply,
  type Models,
  type NodeChoice,
  type NodeView,
  type CallPlace,
} from '@praxis/core';
import { inputTokens, textTokens } from '../client/token-estimate.js';
import type { NodeClient } from '../client/node-client.js';
import { endpointOf } from '../client/node-endpoint.js';
import { schemaCheck } from '../client/schema-check.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { settleAnswer, type Settled } from '../client/settle-answer.js';
import type { JobRunner, NodeResult } from '../pool/node-job.js';
import { chainOf, listedModels, type ModelChains } from './chain.js';
import { giveUp, passOver, type GivenUp } from './give-up.js';
import { toldProblems } from '../prompts/correction.js';
import { withoutTools } from '../tool-calls/call-form.js';
import { ToolClient } from '../tool-calls/tool-client.js';
import { prefixHashes } from './prefix.js';
import { repairRequest } from './repair.js';
import { Tries, priceOf, tokenCost } from './tries.js';

/** What models are made of. */
export interface ModelsOptions {
  readonly pool: JobRunner & { views(): readonly NodeView[] };
  readonly client: Pick<NodeClient, 'chat' | 'embed'>;
  readonly chains: ModelChains;
  /** The model that makes vectors; null: the first that a node has. */
  readonly embedding: string | null;
  /** Reads the variable that holds a node's key. */
  readonly keyOf: (variable: string, url: string) => string | undefined;
  /** Milliseconds since 1970-01-01 UTC; the machine's own time where it is left out. */
  readonly now?: () => number;
  /** Waited for while no node has said what it serves, such as the first round of probes. */
  readonly probed?: () => Promise<unknown>;
}

/** Texts that are sent at a time to be made vectors of. */
const EMBED_BATCH = 64;

/** What one call has come to so far. */
interface Progress {
  readonly call: ModelCall;
  readonly tries: Tries;
  readonly choices: NodeChoice[];
}

/** Models by role, on the nodes of a pool. */
export function openModels(options: ModelsOptions): Models {
  return new PooledModels(options);
}

class PooledModels implements Models {
  readonly #client: ToolClient;

  constructor(private readonly options: ModelsOptions) {
    this.#client = new ToolClient(options.client, options.now);
  }

  async call(call: ModelCall): Promise<ModelReply> {
    const progress: Progress = { call, tries: new Tries(), choices: [] };
    const givenUp: GivenUp[] = [];
    for (const model of await this.#chain(call)) {
      try {
        return await this.#callModel(model, progress);
      } catch (thrown) {
        givenUp.push(passOver(model, thrown, call.signal, progress.tries.cost()));
      }
    }
    return giveUp(givenUp, { cost: progress.tries.cost(), choices: progress.choices }, this.options.pool.views());
  }

  async embed(texts: readonly string[], place: CallPlace, signal: AbortSignal): ReturnType<Models['embed']> {
    if (texts.length === 0) return { vectors: [], cost: NO_COST };
    const model = await this.#embeddingModel();
    const tries = new Tries();
    const vectors: (readonly number[])[] = [];
    for (let at = 0; at < texts.length; at += EMBED_BATCH) {
      const batch = texts.slice(at, at + EMBED_BATCH);
      const inputTokens = batch.reduce((sum, text) => sum + textTokens(text), 0);
      const { value } = await this.options.pool.run(
        { model, place, prefix: [], inputTokens, maxTokens: 0, mayHedge: true, signal },
        (lease) => {
          const [began, isAtWork] = [(): void => lease.began(), (): boolean => lease.isAtWork()];
          return this.#client.embed(endpointOf(lease.node, this.options.keyOf), lease.model, batch, {
            signal: lease.signal,
            began,
            isAtWork,
            meter: tries.begin(lease.node, lease.model),
          });
        },
      );
      vectors.push(...value.vectors);
    }
    if (vectors.some((v) => v.length !== vectors[0]!.length))
      throw new PraxisError(
        'unavailable',
        `Nodes that serve ${model} make vectors of unequal length; give those models names of their own.`,
      );
    return { vectors, cost: tries.cost() };
  }

  estimate({ role, request, models }: Pick<ModelCall, 'role' | 'request' | 'models'>): Cost {
    // The dearer of the two ways in which tools are told.
    const input = Math.max(inputTokens(request), request.tools ? inputTokens(withoutTools(request)) : 0);
    const views = this.options.pool.views();
    const chain = chainOf(role, models, this.options.chains, views);
    const costs = views.flatMap(({ spec }) =>
      chain.map((model) => tokenCost(input, request.maxTokens, priceOf(spec, model))),
    );
    return costs.reduce(
      (dearest, cost) => (cost.money > dearest.money ? cost : dearest),
      tokenCost(input, request.maxTokens, null),
    );
  }

  /** Asks one model, and once more where its answer cannot be used (models.1). */
  async #callModel(model: string, progress: Progress): Promise<ModelReply> {
    const { call, tries, choices } = progress;
    const reply = ({ node }: Asked, answer: ChatAnswer | null, problem: string): ModelReply => ({
      answer,
      problem,
      model,
      node,
      cost: tries.cost(),
      choices,
    });
    const first = await this.#ask(model, call.request, progress);
    if (first.settled.answer !== undefined) return reply(first, first.settled.answer, '');
    if (triesLeft(progress) === 0) return reply(first, null, `${model} gave what cannot be used: ${whyNot(first)}`);
    const correction = { answer: first.text, problems: first.settled.faults };
    // A model that only thought and called nothing has to call now.
    const { thinkFirst, ...forced } = call.request;
    const second = await this.#ask(
      model,
      repairRequest(
        first.isSilent && thinkFirst === true ? forced : call.request,
        correction,
        call.repairTokens ?? Number.MAX_SAFE_INTEGER,
      ),
      progress,
    );
    if (second.settled.answer !== undefined) return reply(second, second.settled.answer, '');
    return reply(second, null, `${model} gave twice what cannot be used: ${whyNot(second)}`);
  }

  async #ask(model: string, request: ChatRequest, progress: Progress): Promise<Asked> {
    const { call, tries, choices } = progress;
    const { onText, check, place, signal } = call;
    const left = triesLeft(progress);
    if (left === 0) throw new PraxisError('unavailable', 'what was reserved for the call pays for no more tries');
    const told: NodeChoice[] = [];
    const job = {
      model,
      place,
      prefix: prefixHashes(model, request),
      inputTokens: inputTokens(request),
      maxTokens: request.maxTokens,
      mayHedge: true,
      signal,
      onChoice: (choice: NodeChoice) => void told.push(choice),
      ...(left !== null && { tries: left }),
    };
    let result: NodeResult<Heard>;
    try {
      result = await this.options.pool.run(job, async (lease) => {
        const [began, isAtWork] = [(): void => lease.began(), (): boolean => lease.isAtWork()];
        const meter = tries.begin(lease.node, lease.model);
        const raw = await this.#client.chat(endpointOf(lease.node, this.options.keyOf), lease.model, request, {
          signal: lease.signal,
          meter,
          began,
          isAtWork,
          ...(onText === undefined ? {} : { onText }),
        });
        if (raw.saysCached) lease.used(raw.usage);
        return { settled: settleAnswer(raw, request, schemaCheck), ...heardOf(raw) };
      });
    } catch (thrown) {
      choices.push(...told);
      throw thrown;
    }
    choices.push(...result.choices);
    const { value, node } = result;
    const { settled } = value;
    const wrong = settled.answer === undefined ? [] : (check?.(settled.answer) ?? []);
    return { ...value, node, settled: wrong.length > 0 ? { faults: wrong } : settled };
  }

  async #chain({ role, models }: ModelCall): Promise<readonly string[]> {
    const { chains, pool, probed } = this.options;
    const chain = chainOf(role, models, chains, pool.views());
    if (chain.length > 0 || probed === undefined) return chain;
    await probed();
    return chainOf(role, models, chains, pool.views());
  }

  async #embeddingModel(): Promise<string> {
    const { embedding, pool, probed } = this.options;
    if (embedding !== null) return embedding;
    if (listedModels(pool.views(), 'embedding').length === 0) await probed?.();
    const listed = listedModels(pool.views(), 'embedding')[0];
    if (listed === undefined)
      throw new PraxisError(
        'missing',
        'No node serves a model that makes vectors. Add one to the nodes, or name it in the settings.',
      );
    return listed;
  }
}

/** What a model said, as text and as what it comes to. */
interface Heard {
  readonly settled: Settled;
  readonly text: string;
  /** Whether it reached the longest answer that was asked for. */
  readonly isCut: boolean;
  /** Whether it called nothing, and meant to call nothing. */
  readonly isSilent: boolean;
}

const heardOf = (raw: RawAnswer): Omit<Heard, 'settled'> => ({
  text: saidBy(raw),
  isCut: raw.finish === 'length',
  isSilent: raw.calls.length === 0 && raw.unread === undefined,
});

/** All that a model wrote, its calls too, for showing it again. */
const saidBy = ({ said, text, calls }: RawAnswer): string =>
  said ?? [text, ...calls.map(({ name, args }) => `${name}(${args})`)].filter((part) => part !== '').join('\n');

/** What was wrong, for people: where an answer was cut off, also what would let it end. */
function whyNot({ settled, isCut }: Asked): string {
  const told = toldProblems(settled.faults ?? []).join('; ');
  return isCut ? `${told} (PRAXIS_MODEL_ANSWER_TOKENS allows longer answers)` : told;
}

interface Asked extends Heard {
  readonly node: string;
}

/** Tries that a call still has; null: as many as it takes. */
const triesLeft = ({ call, tries }: Progress): number | null =>
  call.tries === undefined ? null : Math.max(0, call.tries - tries.count);
