import type { ToolUse } from '@praxis/core';
import type { NodeEndpoint } from '../client/node-endpoint.js';

/** How long it is remembered that an endpoint takes no tools: it may be started anew with another model or flag. */
const REMEMBERED_MS = 600_000;

interface Found {
  readonly use: 'native' | 'none';
  readonly at: number;
}

/**
 * Which endpoints take tools, by address and model.
 *
 * tool-support.1 What the owner of a node says goes before what was found out; what is said of a model, before what is
 *                said of its node.
 * tool-support.2 An endpoint that refused tools, or ignored them the first time, is asked without them for ten minutes;
 *                one that has called a tool is asked with them until it refuses.
 */
export class ToolSupport {
  readonly #found = new Map<string, Found>();

  constructor(private readonly now: () => number) {}

  of(
    { url, engine, tools, otherTools = 'unknown' }: Pick<NodeEndpoint, 'url' | 'engine' | 'tools' | 'otherTools'>,
    model: string,
  ): ToolUse {
    const byName = tools?.[model] ?? 'unknown';
    const said = byName === 'unknown' ? otherTools : byName;
    if (said !== 'unknown') return said;
    // The engine inside this process knows no tools.
    if (engine === 'embedded') return 'none';
    const found = this.#found.get(`${url} ${model}`);
    if (found === undefined || (found.use === 'none' && this.now() - found.at >= REMEMBERED_MS)) return 'unknown';
    return found.use;
  }

  /** It called a tool. */
  called({ url }: Pick<NodeEndpoint, 'url'>, model: string): void {
    this.#found.set(`${url} ${model}`, { use: 'native', at: this.now() });
  }

  /** It refused a request with tools. */
  refused({ url }: Pick<NodeEndpoint, 'url'>, model: string): void {
    this.#found.set(`${url} ${model}`, { use: 'none', at: this.now() });
  }

  /** It had to call a tool and called none; a model that has called one before only made a mistake. */
  ignored(node: Pick<NodeEndpoint, 'url'>, model: string): void {
    if (this.#found.get(`${node.url} ${model}`)?.use !== 'native') this.refused(node, model);
  }
}
