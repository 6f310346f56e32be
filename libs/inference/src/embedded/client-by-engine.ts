import type { ChatRequest } from '@praxis/core';
import { NodeTrouble } from '../node-trouble.js';
import type { Embedding } from '../client/embeddings.js';
import type { AskOptions, NodeClient } from '../client/node-client.js';
import type { NodeEndpoint } from '../client/node-endpoint.js';
import type { RawAnswer } from '../client/raw-answer.js';

type Client = Pick<NodeClient, 'chat' | 'embed'>;

/**
 * Asks each node in its own way: those whose engine is `embedded` inside this process, all others by HTTP.
 *
 * client-by-engine.1 A node that says it is embedded, but is not this process's own, is refused and never reached by
 *                    HTTP: anybody may say so.
 */
export class ClientByEngine implements Client {
  constructor(
    private readonly http: Client,
    /** The model inside this process, and the node that stands for it; null where there is none. */
    private readonly embedded: { readonly node: string; readonly client: Client } | null,
  ) {}

  async chat(node: NodeEndpoint, model: string, request: ChatRequest, asked: AskOptions): Promise<RawAnswer> {
    return this.#of(node).chat(node, model, request, asked);
  }

  async embed(node: NodeEndpoint, model: string, texts: readonly string[], asked: AskOptions): Promise<Embedding> {
    return this.#of(node).embed(node, model, texts, asked);
  }

  #of(node: NodeEndpoint): Client {
    if (node.engine !== 'embedded') return this.http;
    if (this.embedded?.node === node.name) return this.embedded.client;
    throw new NodeTrouble(
      'no-model',
      `Node ${node.name} calls itself embedded, and no model of that name runs inside this process`,
    );
  }
}
