import type { ChatMessage, ChatRequest } from '@praxis/core';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import { NodeTrouble } from '../node-trouble.js';
import type { GenerateOptions, LlamaChatWrapper, LlamaMessage, LlamaModel } from './llama-types.js';

/** What the model reads of a request, and how many tokens are left for its answer. */
export interface Conversation {
  readonly history: readonly LlamaMessage[];
  readonly tokens: readonly number[];
  readonly room: number;
}

/** A loaded model, as far as a conversation is written for it. */
export interface Reader {
  readonly model: LlamaModel;
  readonly template: LlamaChatWrapper;
  readonly contextTokens: number;
}

/** Writes a request in the model's own template; refuses one that leaves no room for an answer (embedded-client.4). */
export function conversationOf(request: ChatRequest, reader: Reader, node: NodeEndpoint): Conversation {
  const history = messagesOf(request.messages);
  const tokens = reader.template
    .generateContextState({ chatHistory: [...history, { type: 'model', response: [] }] })
    .contextText.tokenize(reader.model.tokenizer);
  const room = reader.contextTokens - tokens.length;
  if (room < 1)
    throw new NodeTrouble(
      'too-long',
      `The input has ${tokens.length} tokens, and node ${node.name} has a context of ${reader.contextTokens}`,
    );
  return { history, tokens, room };
}

/** How the request wants the answer's tokens drawn. */
export function sampling({
  temperature,
  seed,
  stop,
}: ChatRequest): Pick<GenerateOptions, 'temperature' | 'seed' | 'customStopTriggers'> {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && stop.length > 0 && { customStopTriggers: stop }),
  };
}

function messagesOf(messages: readonly ChatMessage[]): readonly LlamaMessage[] {
  return messages.map((message) => {
    if (message.role === 'assistant') return { type: 'model', response: [message.content] };
    if (message.role === 'tool') return { type: 'user', text: `${message.name}: ${message.content}` };
    return { type: message.role, text: message.content };
  });
}
