import { NODE_SILENCE_MS, PraxisError, type NodeSpec, type NodeView, type RegisteredNode } from '@praxis/core';
import { nodeStandingOf, type ListedNode, type NodesApi, type RegistrationReceipt } from '@praxis/wire';
import type { PlannerParts } from '../parts.js';
import { fitsToken, hashToken, newToken, refuseStranger, strangerOf } from './node-token.js';
import { refuseUnsafeAddress } from './refuse-address.js';
import { rejectOnPublicBind, refuseTakenName, refuseTooMany, refuseUnsafeSpec } from './refuse-node.js';

/** Two beats may be lost before a node is taken for silent. */
const HEARTBEAT_MS = NODE_SILENCE_MS / 3;

/** What is known of a node that no pool looks after. */
const UNSEEN = { load: null, inFlight: 0, queued: 0, broken: [], firstTokenMs: null } as const;

/**
 * Who serves models: takes registrations, and tells how the nodes stand.
 *
 * node-service.1 A node is taken only from callers who had to show who they are, or who are on this machine; unless the
 *             deployment says otherwise.
 * node-service.2 No description leads to a secret that is not the key of a node.
 * node-service.3 A name stands for one node: those of the settings come first, then whoever is there.
 * node-service.4 Who registered a node got a token, and speaks for it as long as it gives signs of life; then anybody
 *                may
 *             clear it away.
 * node-service.5 So many nodes and no more: each is looked at all the time, by the planner and by every executor.
 * node-service.6 What is told of a node is what the registry and the pool know now; what neither knows is told to be
 *             unknown.
 */
export class NodeService implements NodesApi {
  constructor(
    private readonly parts: Pick<PlannerParts, 'address' | 'security' | 'openNodes' | 'nodes' | 'clock' | 'log'> & {
      readonly store: Pick<PlannerParts['store'], 'nodes'>;
    },
  ) {}

  async register(spec: NodeSpec, _signal?: AbortSignal, shown = ''): Promise<RegistrationReceipt> {
    const { store, clock, log } = this.parts;
    rejectOnPublicBind(this.parts);
    refuseUnsafeSpec(spec);
    await refuseUnsafeAddress(spec, this.parts.address);
    const registered = await store.nodes.list();
    refuseTakenName(spec, await this.#views(), registered, clock.now());
    refuseTooMany(spec, registered);
    const known = registered.find((node) => node.spec.name === spec.name);
    refuseStranger(known, shown, clock.now());
    const token = known && fitsToken(known, shown) && shown !== '' ? shown : newToken();
    await store.nodes.register(spec, hashToken(token));
    log.info('a node is registered', { node: spec.name, url: spec.url });
    return { heartbeatMs: HEARTBEAT_MS, token };
  }

  async heartbeat(name: string, _signal?: AbortSignal, shown = ''): Promise<boolean> {
    const known = await this.#find(name);
    // A sign of life is the owner's alone, however long there was none.
    if (known && !fitsToken(known, shown)) throw strangerOf(name);
    return this.parts.store.nodes.beat(name);
  }

  async drain(name: string, _signal?: AbortSignal, shown = ''): Promise<void> {
    refuseStranger(await this.#find(name), shown, this.parts.clock.now());
    if (!(await this.parts.store.nodes.drain(name))) throw await this.#notRegistered(name);
    this.parts.log.info('a node drains', { node: name });
  }

  async leave(name: string, _signal?: AbortSignal, shown = ''): Promise<void> {
    refuseStranger(await this.#find(name), shown, this.parts.clock.now());
    if (!(await this.parts.store.nodes.leave(name))) throw await this.#notRegistered(name);
    this.parts.log.info('a node has left', { node: name });
  }

  async list(): Promise<readonly ListedNode[]> {
    const [views, registered] = await Promise.all([this.#views(), this.parts.store.nodes.list()]);
    const now = this.parts.clock.now();
    const settled = views.filter((view) => view.origin === 'settings');
    const all = [
      ...settled.map((view) => listed(view, null, now)),
      ...registered.map((node) => listed(viewOf(node, views), node.seenAt, now)),
    ];
    return all.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  }

  async #find(name: string): Promise<RegisteredNode | undefined> {
    return (await this.parts.store.nodes.list()).find((node) => node.spec.name === name);
  }

  async #views(): Promise<readonly NodeView[]> {
    return (await this.parts.nodes?.views()) ?? [];
  }

  async #notRegistered(name: string): Promise<PraxisError> {
    const isSetting = (await this.#views()).some((view) => view.origin === 'settings' && view.spec.name === name);
    const next = isSetting
      ? 'It stands in the settings of the planner; take it out there, and start the planner again.'
      : 'See those there are with `praxis nodes`.';
    return new PraxisError('missing', `No node ${name} is registered. ${next}`);
  }
}

/** How the pool sees a registered node; what the registry says of it is newer (node-service.6). */
function viewOf({ spec, isDraining }: RegisteredNode, views: readonly NodeView[]): NodeView {
  const view = views.find((v) => v.origin === 'registered' && v.spec.name === spec.name);
  return { ...(view ?? UNSEEN), spec, isDraining, origin: 'registered' };
}

function listed(view: NodeView, seenAt: number | null, now: number): ListedNode {
  return { ...view, ...nodeStandingOf(view, seenAt, now), seenAt };
}
