import type { ChatRequest, ToolUse } from '@praxis/core';
import type { AskOptions, NodeClient } from '../client/node-client.js';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import type { RawAnswer } from '../client/raw-answer.js';
import { ToolsRefused } from '../node-trouble.js';
import { nativeAnswer, withoutTools } from './call-form.js';
import { contentCalls } from './content-calls.js';
import { plainName } from './nearest-name.js';
import { ToolSupport } from './tool-support.js';

/**
 * Asks every endpoint for calls of tools in the way that it understands, and gives back calls in any case.
 *
 * tool-client.1 An endpoint that takes tools is asked with them; one that does not is asked for the same as a structured
 *               answer. Whoever asks sees no difference.
 * tool-client.2 An endpoint that refuses tools is asked again at once without them, whatever was said of it.
 * tool-client.3 Calls that a server left in the text of its answer are read out of it.
 */
export class ToolClient implements Pick<NodeClient, 'chat' | 'embed'> {
  readonly #support: ToolSupport;

  constructor(
    private readonly client: Pick<NodeClient, 'chat' | 'embed'>,
    now: () => number = Date.now,
  ) {
    this.#support = new ToolSupport(now);
  }

  /** Whether a model on a node takes tools, as far as it is known. */
  toolUse(node: NodeEndpoint, model: string): ToolUse {
    return this.#support.of(node, model);
  }

  async chat(node: NodeEndpoint, model: string, request: ChatRequest, asked: AskOptions): Promise<RawAnswer> {
    if (!speaksOfTools(request)) return this.client.chat(node, model, request, asked);
    if (this.#support.of(node, model) === 'none') return this.#asForm(node, model, request, asked);
    try {
      return await this.#natively(node, model, request, asked);
    } catch (thrown) {
      if (!(thrown instanceof ToolsRefused)) throw thrown;
      this.#support.refused(node, model);
      return this.#asForm(node, model, request, asked);
    }
  }

  embed(...asked: Parameters<NodeClient['embed']>): ReturnType<NodeClient['embed']> {
    return this.client.embed(...asked);
  }

  async #asForm(node: NodeEndpoint, model: string, request: ChatRequest, asked: AskOptions): Promise<RawAnswer> {
    return nativeAnswer(await this.client.chat(node, model, withoutTools(request), asked), request);
  }

  async #natively(node: NodeEndpoint, model: string, request: ChatRequest, asked: AskOptions): Promise<RawAnswer> {
    const raw = await this.client.chat(node, model, request, asked);
    if (raw.calls.length > 0) this.#support.called(node, model);
    if (raw.calls.length > 0 || raw.finish === 'refusal' || mayNotCall(request)) return raw;
    const read = withContentCalls(raw, request);
    // Silence, half an answer or a call that cannot be read is the model's fault, not the endpoint's.
    const isOnlyWords = read.calls.length === 0 && read.unread === undefined && raw.text.trim() !== '';
    if (mustCall(request) && isOnlyWords && raw.finish !== 'length') this.#support.ignored(node, model);
    return read;
  }
}

function speaksOfTools({ tools = [], messages }: ChatRequest): boolean {
  return (
    tools.length > 0 ||
    messages.some((m) => m.role === 'tool' || (m.role === 'assistant' && (m.toolCalls?.length ?? 0) > 0))
  );
}

const mustCall = ({ toolChoice }: ChatRequest): boolean => toolChoice === 'required' || typeof toolChoice === 'object';
const mayNotCall = ({ tools = [], toolChoice }: ChatRequest): boolean => tools.length === 0 || toolChoice === 'none';

function withContentCalls(raw: RawAnswer, { tools = [], answer, toolChoice = 'auto' }: ChatRequest): RawAnswer {
  const names = new Set(tools.map(({ name }) => plainName(name)));
  // Where the text may be a structured answer, only a mark makes it a call.
  const isAnswer = answer !== undefined && toolChoice === 'auto';
  const { text, calls, unread } = contentCalls(raw.text, (name) => !isAnswer && names.has(plainName(name)));
  if (unread !== '') return { ...raw, text, said: raw.text, unread };
  if (calls.length === 0) return raw;
  return {
    ...raw,
    text,
    said: raw.text,
    calls: calls.map((call, i) => ({ id: `call-${i + 1}`, ...call })),
    finish: raw.finish === 'length' ? 'length' : 'tool-calls',
  };
}
