import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  ArchiveMethods,
  ArchiveServiceGetRequest,
  ArchiveServiceGetResponse,
  ArchiveServiceListRequest,
  ArchiveServiceListResponse,
  FindRequest,
  FindResponse,
  ServerCall,
} from '@praxis/wire';
import { METHODS } from './tokens.js';

/** The archive's gRPC face. */
@Controller()
export class ArchiveController {
  constructor(@Inject(METHODS) private readonly methods: ArchiveMethods) {}

  @GrpcMethod('ArchiveService', 'find')
  find(request: FindRequest, _metadata: unknown, call: ServerCall): Promise<FindResponse> {
    return this.methods.find(request, call);
  }

  @GrpcMethod('ArchiveService', 'get')
  get(request: ArchiveServiceGetRequest, _metadata: unknown, call: ServerCall): Promise<ArchiveServiceGetResponse> {
    return this.methods.get(request, call);
  }

  @GrpcMethod('ArchiveService', 'list')
  list(request: ArchiveServiceListRequest, _metadata: unknown, call: ServerCall): Promise<ArchiveServiceListResponse> {
    return this.methods.list(request, call);
  }
}
