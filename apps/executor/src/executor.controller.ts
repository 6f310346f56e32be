import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  DrainRequest,
  DrainResponse,
  ExecutorMethods,
  ExecutorServiceDescribeRequest,
  ExecutorServiceDescribeResponse,
  ServerCall,
} from '@praxis/wire';
import { METHODS } from './tokens.js';

/** The executor's gRPC face. */
@Controller()
export class ExecutorController {
  constructor(@Inject(METHODS) private readonly methods: ExecutorMethods) {}

  @GrpcMethod('ExecutorService', 'describe')
  describe(
    request: ExecutorServiceDescribeRequest,
    _metadata: unknown,
    call: ServerCall,
  ): Promise<ExecutorServiceDescribeResponse> {
    return this.methods.describe(request, call);
  }

  @GrpcMethod('ExecutorService', 'drain')
  drain(request: DrainRequest, _metadata: unknown, call: ServerCall): Promise<DrainResponse> {
    return this.methods.drain(request, call);
  }
}
