import { availableParallelism } from 'node:os';
import { canonical, PraxisError, type ChatRequest, type JsonSchema, type Logger } from '@praxis/core';
import { NodeTrouble, ToolsRefused } from '../node-trouble.js';
import type { AskOptions, CallMeter, NodeClient } from '../client/node-client.js';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { conversationOf, sampling } from './conversation.js';
import { grammarSchema } from './grammar-schema.js';
import type {
  GenerateOptions,
  Llama,
  LlamaChat,
  LlamaChatWrapper,
  LlamaGrammar,
  LlamaLibrary,
  LlamaMessage,
  LlamaModel,
} from './llama-types.js';
import { openLlama } from './load-llama.js';
import { Sequences } from './sequences.js';

/** Which model, and how it is run. */
export interface EmbeddedOptions {
  /** The node that stands for it. */
  readonly node: string;
  readonly file: string;
  /** Conversations at a time. */
  readonly slots: number;
  /** Longest input and output together; shorter where the model was made for less. */
  readonly contextTokens: number;
  /** Where the package is looked for too. */
  readonly cwd: string;
  readonly log: Logger;
}

/** The model in memory, with what is made of it once. */
interface Loaded {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly template: LlamaChatWrapper;
  readonly sequences: Sequences;
  readonly contextTokens: number;
}

/** Grammars that are kept; the legal actions differ at most steps. */
const GRAMMARS = 32;
/** Levels at which llama.cpp says why something failed; what is thrown does not say it. */
const GRAVE = new Set(['error', 'fatal']);

/**
 * A model that runs inside this process, asked like a node.
 *
 * embedded-client.1 What could be wrong with package and file is found when it is opened; the model is loaded once, at
 *                   its first call.
 * embedded-client.2 No more than so many calls are worked on at a time; the others wait.
 * embedded-client.3 A call that is aborted stops within a token, fails with `cancelled`, and leaves its place free.
 * embedded-client.4 A prompt is never shortened: one that does not fit is refused as too long.
 */
export class EmbeddedClient implements Pick<NodeClient, 'chat' | 'embed'> {
  readonly #grammars = new Map<string, Promise<LlamaGrammar>>();
  #loaded: Promise<Loaded> | null = null;
  #isLoaded = false;

  constructor(
    private readonly library: LlamaLibrary,
    private readonly options: EmbeddedOptions,
  ) {}

  static async open(options: EmbeddedOptions): Promise<EmbeddedClient> {
    return new EmbeddedClient(await openLlama(options.file, options.cwd), options);
  }

  async chat(
    node: NodeEndpoint,
    _model: string,
    request: ChatRequest,
    { signal, meter = { input: 0, output: 0 }, onText, began }: AskOptions,
  ): Promise<RawAnswer> {
    refuseTools(request, node);
    signal.throwIfAborted();
    const loaded = await (this.#loaded ??= this.#load());
    const { history, tokens, room } = conversationOf(request, loaded, node);
    const grammar = await this.#grammar(request, loaded);
    const { sequence, cached } = await loaded.sequences
      .take(tokens, signal)
      .catch((thrown: unknown) => Promise.reject(explained(thrown, node, signal, meter)));
    const chat = new this.library.LlamaChat({
      contextSequence: sequence,
      chatWrapper: loaded.template,
      autoDisposeSequence: false,
    });
    meter.input = tokens.length;
    try {
      const options = {
        ...sampling(request),
        ...(grammar !== null && { grammar }),
        maxTokens: Math.min(request.maxTokens, room),
        signal,
      };
      const said = await generate(chat, history, options, { meter, onText, began });
      const usage = {
        input: tokens.length,
        cached: Math.min(cached, tokens.length),
        output: meter.output,
        reasoning: 0,
      };
      return { ...said, calls: [], usage, saysCached: true };
    } catch (thrown) {
      throw explained(thrown, node, signal, meter);
    } finally {
      chat.dispose({ disposeSequence: false });
      loaded.sequences.give(sequence);
    }
  }

  embed(node: NodeEndpoint): Promise<never> {
    return Promise.reject(
      new NodeTrouble('no-model', `Node ${node.name} runs a model that talks, and makes no vectors`),
    );
  }

  /** Lets go of the model; the calls under way have to be over. */
  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => null);
    await loaded?.llama.dispose();
  }

  async #load(): Promise<Loaded> {
    const { file, slots, contextTokens, log } = this.options;
    const complaints: string[] = [];
    let llama: Llama | null = null;
    try {
      llama = await this.library.getLlama({
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        maxThreads: Math.max(1, availableParallelism() - 1),
        logLevel: 'warn',
        logger: (level, message) => {
          if (!this.#isLoaded && GRAVE.has(level)) complaints.push(message.trim().split('\n')[0]!);
          log.debug('llama.cpp says something', { level, said: message.trim() });
        },
      });
      const model = await llama.loadModel({ modelPath: file });
      const context = await model.createContext({
        sequences: slots,
        contextSize: { max: Math.min(contextTokens, model.trainContextSize) },
      });
      const sequences = new Sequences(Array.from({ length: slots }, () => context.getSequence()));
      log.info('the embedded model is loaded', { file, slots, contextTokens: context.contextSize });
      this.#isLoaded = true;
      return {
        llama,
        model,
        template: this.library.resolveChatWrapper(model),
        sequences,
        contextTokens: context.contextSize,
      };
    } catch (cause) {
      await llama?.dispose();
      // The next call tries again: there may be more memory then.
      this.#loaded = null;
      const why = [cause instanceof Error ? cause.message : String(cause), ...complaints.slice(0, 1)].join(': ');
      throw new NodeTrouble('broken', `The model ${file} cannot be loaded: ${why}`, { cause });
    }
  }

  #grammar({ answer }: ChatRequest, { llama }: Loaded): Promise<LlamaGrammar> | null {
    const schema = answer === undefined ? null : grammarSchema(answer.schema);
    return schema === null ? null : this.#grammarOf(schema, llama);
  }

  #grammarOf(schema: JsonSchema, llama: Llama): Promise<LlamaGrammar> {
    const key = canonical(schema);
    const made = this.#grammars.get(key) ?? llama.createGrammarForJsonSchema(schema);
    this.#grammars.delete(key);
    this.#grammars.set(key, made);
    if (this.#grammars.size > GRAMMARS) this.#grammars.delete(this.#grammars.keys().next().value!);
    return made;
  }
}

function refuseTools({ tools = [], toolChoice }: ChatRequest, node: NodeEndpoint): void {
  if (tools.length > 0 && toolChoice !== 'none')
    throw new ToolsRefused('refused', `Node ${node.name} runs inside Praxis and takes no tools`);
}

/** Who hears of an answer while it is made. */
interface Listeners {
  readonly meter: CallMeter;
  readonly onText: AskOptions['onText'] | undefined;
  readonly began: AskOptions['began'] | undefined;
}

/** Has the model answer; its tokens are counted as they come. */
async function generate(
  chat: LlamaChat,
  history: readonly LlamaMessage[],
  options: Pick<GenerateOptions, 'maxTokens' | 'signal'> & Partial<GenerateOptions>,
  { meter, onText, began }: Listeners,
): Promise<Pick<RawAnswer, 'text' | 'reasoning' | 'finish'>> {
  let reasoning = '';
  let hasBegun = false;
  const { response, metadata } = await chat.generateResponse(history, {
    ...options,
    repeatPenalty: false,
    trimWhitespaceSuffix: true,
    onToken: (more) => {
      meter.output += more.length;
      if (!hasBegun) began?.();
      hasBegun = true;
    },
    onResponseChunk: ({ type, text }) => {
      if (type === 'segment') reasoning += text;
      else if (text !== '') onText?.(text);
    },
  });
  if (!hasBegun) began?.();
  return {
    text: response,
    reasoning: reasoning.trim(),
    finish: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
  };
}

function explained(thrown: unknown, node: NodeEndpoint, signal: AbortSignal, meter: CallMeter): Error {
  if (signal.aborted) return new PraxisError('cancelled', 'The call of the model was cancelled.');
  if (thrown instanceof NodeTrouble) return thrown;
  return new NodeTrouble(
    'broken',
    `The model inside node ${node.name} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    { usage: { ...meter }, cause: thrown },
  );
}
