import { invalidField } from '../convert/parse.js';
import { fromNodeSpec, toListedNode } from '../convert/node.js';
import type * as node from '../gen/praxis/v1/node.js';
import type { NodesApi } from '../nodes-api.js';
import { answer, type Method } from './server-call.js';

/** The methods that answer for inference nodes. */
export interface NodeMethods {
  readonly register: Method<node.RegisterRequest, node.RegisterResponse>;
  readonly heartbeat: Method<node.HeartbeatRequest, node.HeartbeatResponse>;
  readonly drain: Method<node.NodeServiceDrainRequest, node.NodeServiceDrainResponse>;
  readonly leave: Method<node.LeaveRequest, node.LeaveResponse>;
  readonly list: Method<node.NodeServiceListRequest, node.NodeServiceListResponse>;
}

/** A method of the nodes' service, as whoever hands calls on to it sees it. */
export type NodeRequest<M extends keyof NodeMethods> = Parameters<NodeMethods[M]>[0];
/** What such a method gives. */
export type NodeReply<M extends keyof NodeMethods> = ReturnType<NodeMethods[M]>;

/** Translates between messages and the nodes' face. */
export function nodeMethods(api: NodesApi): NodeMethods {
  return {
    register: (request, call) =>
      answer(call, async (signal) => api.register(fromNodeSpec(request.spec), signal, request.token)),
    heartbeat: ({ name, token }, call) =>
      answer(call, async (signal) => ({ known: await api.heartbeat(named(name), signal, token) })),
    drain: ({ name, token }, call) => answer(call, async (signal) => (await api.drain(named(name), signal, token), {})),
    leave: ({ name, token }, call) => answer(call, async (signal) => (await api.leave(named(name), signal, token), {})),
    list: (_request, call) => answer(call, async (signal) => ({ nodes: (await api.list(signal)).map(toListedNode) })),
  };
}

function named(name: string): string {
  if (name === '') throw invalidField('name', 'is missing');
  return name;
}
