/**
 * What we use of node-llama-cpp, in our own words, so that neither build nor install needs the package. Written after
 * version 3.21.1.
 */
export interface LlamaLibrary {
  getLlama(options: {
    /** `never`: nothing is compiled on the user's machine without being asked for. */
    readonly build: 'never';
    readonly skipDownload: true;
    /** Its threads wait for each other busily: more than there are free cores make it slower by far. */
    readonly maxThreads: number;
    readonly progressLogs: false;
    readonly logLevel: 'warn';
    readonly logger: (level: string, message: string) => void;
  }): Promise<Llama>;
  readonly LlamaChat: new (options: {
    readonly contextSequence: LlamaSequence;
    readonly chatWrapper: LlamaChatWrapper;
    readonly autoDisposeSequence: false;
  }) => LlamaChat;
  resolveChatWrapper(model: LlamaModel): LlamaChatWrapper;
}

/** llama.cpp, loaded into this process. */
export interface Llama {
  loadModel(options: { readonly modelPath: string; readonly useMmap?: boolean }): Promise<LlamaModel>;
  createGrammarForJsonSchema(schema: object): Promise<LlamaGrammar>;
  dispose(): Promise<void>;
}

/** A model in memory. */
export interface LlamaModel {
  readonly tokenizer: unknown;
  readonly trainContextSize: number;
  createContext(options: {
    readonly sequences: number;
    readonly contextSize: { readonly max: number };
  }): Promise<LlamaContext>;
}

/** Room for so many conversations at a time, whose tokens are computed together. */
export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
}

/** Room for one conversation; it remembers what was computed last. */
export interface LlamaSequence {
  compareContextTokens(tokens: readonly number[]): { readonly firstDifferentIndex: number };
}

/** What holds answers to a form; nobody looks inside. */
export type LlamaGrammar = object;

/** One message, in the package's words. */
export type LlamaMessage =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly string[] };

/** The model's own template of conversations. */
export interface LlamaChatWrapper {
  generateContextState(conversation: { readonly chatHistory: readonly LlamaMessage[] }): {
    readonly contextText: { tokenize(tokenizer: unknown): readonly number[] };
  };
}

/** Answers conversations on a sequence. */
export interface LlamaChat {
  generateResponse(
    history: readonly LlamaMessage[],
    options: GenerateOptions,
  ): Promise<{ readonly response: string; readonly metadata: { readonly stopReason: string } }>;
  dispose(options: { readonly disposeSequence: false }): void;
}

/** How an answer is made. */
export interface GenerateOptions {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly customStopTriggers?: readonly string[];
  readonly grammar?: LlamaGrammar;
  /** The package punishes repetitions unless it is told not to; facts and actions repeat. */
  readonly repeatPenalty: false;
  readonly trimWhitespaceSuffix: true;
  readonly onToken: (tokens: readonly number[]) => void;
  readonly onResponseChunk: (chunk: { readonly type?: 'segment' | undefined; readonly text: string }) => void;
}
