import type { NodeSpec, NodeView } from '@praxis/core';

/**
 * How a node stands: `unknown` before anybody asked it; `silent` where it registered but gave no sign of life for a
 * while; `down` where it does not answer as it should; `draining` gets no new calls; `busy` has more calls wait.
 */
export type NodeStanding = 'unknown' | 'up' | 'busy' | 'draining' | 'silent' | 'down';

/** A node, and how it stands in the process that answers. */
export interface ListedNode extends NodeView {
  readonly standing: NodeStanding;
  /** Why it stands so, for people; empty where nothing is wrong. */
  readonly note: string;
  /**
   * Its last sign of life as a registered node, in milliseconds since 1970-01-01 UTC; null for nodes of the settings.
   */
  readonly seenAt: number | null;
}

/** What whoever registers a node gets. */
export interface RegistrationReceipt {
  /** How often the node is to beat, in milliseconds. */
  readonly heartbeatMs: number;
  /** Shows that a caller is the one that registered; a connection of `connectNodes` remembers it by itself. */
  readonly token: string;
}

/** What a planner answers about inference nodes: implemented by its service and by `connectNodes`. */
export interface NodesApi {
  /** Adds a node or changes its description; `token` is that of an earlier registration under its name. */
  register(spec: NodeSpec, signal?: AbortSignal, token?: string): Promise<RegistrationReceipt>;
  /** A node is still there; false where it has to register again. */
  heartbeat(name: string, signal?: AbortSignal, token?: string): Promise<boolean>;
  /** It gets no new calls, until it has left; fails with `missing` where no such node is registered. */
  drain(name: string, signal?: AbortSignal, token?: string): Promise<void>;
  /** It is gone; fails with `missing` where no such node is registered. */
  leave(name: string, signal?: AbortSignal, token?: string): Promise<void>;
  /** All of them, by name. */
  list(signal?: AbortSignal): Promise<readonly ListedNode[]>;
}
