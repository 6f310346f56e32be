import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { NodeMethods, NodeReply, NodeRequest, ServerCall } from '@praxis/wire';
import { NODE_METHODS } from '../tokens.js';

/** The gRPC face of the inference nodes. */
@Controller()
export class NodesController {
  constructor(@Inject(NODE_METHODS) private readonly methods: NodeMethods) {}

  @GrpcMethod('NodeService', 'register')
  register(request: NodeRequest<'register'>, _metadata: unknown, call: ServerCall): NodeReply<'register'> {
    return this.methods.register(request, call);
  }

  @GrpcMethod('NodeService', 'heartbeat')
  heartbeat(request: NodeRequest<'heartbeat'>, _metadata: unknown, call: ServerCall): NodeReply<'heartbeat'> {
    return this.methods.heartbeat(request, call);
  }

  @GrpcMethod('NodeService', 'drain')
  drain(request: NodeRequest<'drain'>, _metadata: unknown, call: ServerCall): NodeReply<'drain'> {
    return this.methods.drain(request, call);
  }

  @GrpcMethod('NodeService', 'leave')
  leave(request: NodeRequest<'leave'>, _metadata: unknown, call: ServerCall): NodeReply<'leave'> {
    return this.methods.leave(request, call);
  }

  @GrpcMethod('NodeService', 'list')
  list(request: NodeRequest<'list'>, _metadata: unknown, call: ServerCall): NodeReply<'list'> {
    return this.methods.list(request, call);
  }
}
