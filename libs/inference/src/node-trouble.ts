/** What went wrong at a node. */
export type TroubleKind =
  /** No connection, or it broke off. */
  | 'unreachable'
  /** 429, or 503: come again later. */
  | 'busy'
  /** 5xx, or an answer that no server should give. */
  | 'broken'
  | 'timeout'
  /** 4xx: another node of the same kind would say the same. */
  | 'refused'
  /** 404: it does not serve the model (any more). */
  | 'no-model'
  /** The input is too long for it. */
  | 'too-long'
  /** 401 or 403: the key is wrong. */
  | 'denied';

/** A try that failed for the node's reasons: whoever chose the node decides what to do next. */
export class NodeTrouble extends Error {
  override readonly name: string = 'NodeTrouble';

  constructor(
    readonly kind: TroubleKind,
    message: string,
    readonly more: {
      /** What the server asked to wait, in milliseconds. */
      readonly retryAfterMs?: number;
      /** Tokens that it had worked on. */
      readonly usage?: { readonly input: number; readonly output: number };
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
  }

  /** Whether another node may do better. */
  get isNodesOwn(): boolean {
    return this.kind !== 'refused' && this.kind !== 'too-long';
  }
}

/** The endpoint takes no tools: the same can be asked of it without them. */
export class ToolsRefused extends NodeTrouble {
  override readonly name = 'ToolsRefused';
}
