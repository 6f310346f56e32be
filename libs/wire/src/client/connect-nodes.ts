import { fromListedNode, toNodeSpec } from '../convert/node.js';
import { NodeServiceService as rpc } from '../gen/praxis/v1/node.js';
import type { NodesFace } from '../nodes-face.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

/** The inference nodes of a cluster: the planner at the address answers for them. */
export function connectNodes(address: string, options: ClientOptions = {}): NodesFace & Closable {
  const caller = new Caller({ noun: 'planner', address, hint: 'is it running? start it with `praxis start`' }, options);
  return {
    register: async (spec, signal) => (await caller.ask(rpc.register, { spec: toNodeSpec(spec) }, { repeatable: true, signal })).heartbeatMs,
    heartbeat: async (name, signal) => (await caller.ask(rpc.heartbeat, { name }, { repeatable: true, signal })).known,
    drain: async (name, signal) => void (await caller.ask(rpc.drain, { name }, { repeatable: true, signal })),
    // Asked twice, the second would be told that there is no such node.
    leave: async (name, signal) => void (await caller.ask(rpc.leave, { name }, { repeatable: false, signal })),
    list: async (signal) => (await caller.ask(rpc.list, {}, { repeatable: true, signal })).nodes.map(fromListedNode),
    close: () => caller.close(),
  };
}
