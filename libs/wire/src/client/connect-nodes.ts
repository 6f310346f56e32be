import { fromListedNode, toNodeSpec } from '../convert/node.js';
import { NodeServiceService as rpc } from '../gen/praxis/v1/node.js';
import type { NodesApi } from '../nodes-api.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

/** The inference nodes of a cluster: the planner at the address answers for them. */
export function connectNodes(address: string, options: ClientOptions = {}): NodesApi & Closable {
  const caller = new Caller({ noun: 'planner', address, hint: 'is it running? start it with `praxis start`' }, options);
  const tokens = new Map<string, string>();
  const tokenOf = (name: string, given?: string): string => given ?? tokens.get(name) ?? '';
  return {
    register: async (spec, signal, token) => {
      const receipt = await caller.ask(
        rpc.register,
        { spec: toNodeSpec(spec), token: tokenOf(spec.name, token) },
        { repeatable: true, signal },
      );
      tokens.set(spec.name, receipt.token);
      return receipt;
    },
    heartbeat: async (name, signal, token) =>
      (await caller.ask(rpc.heartbeat, { name, token: tokenOf(name, token) }, { repeatable: true, signal })).known,
    drain: async (name, signal, token) =>
      void (await caller.ask(rpc.drain, { name, token: tokenOf(name, token) }, { repeatable: true, signal })),
    // Asked twice, the second would be told that there is no such node.
    leave: async (name, signal, token) =>
      void (await caller.ask(rpc.leave, { name, token: tokenOf(name, token) }, { repeatable: false, signal })),
    list: async (signal) => (await caller.ask(rpc.list, {}, { repeatable: true, signal })).nodes.map(fromListedNode),
    close: () => caller.close(),
  };
}
