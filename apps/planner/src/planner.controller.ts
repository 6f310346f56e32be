import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  CancelRequest,
  CancelResponse,
  OverviewRequest,
  OverviewResponse,
  PlannerMethods,
  PlannerServiceGetRequest,
  PlannerServiceGetResponse,
  PlannerServiceListRequest,
  PlannerServiceListResponse,
  ServerCall,
  StreamCall,
  SubmitRequest,
  SubmitResponse,
  WatchRequest,
  WatchResponse,
  WatchRunsRequest,
  WatchRunsResponse,
} from '@praxis/wire';
import { defer, ignoreElements, type Observable } from 'rxjs';
import { METHODS } from './tokens.js';

/** The planner's gRPC face. */
@Controller()
export class PlannerController {
  constructor(@Inject(METHODS) private readonly methods: PlannerMethods) {}

  @GrpcMethod('PlannerService', 'submit')
  submit(request: SubmitRequest, _metadata: unknown, call: ServerCall): Promise<SubmitResponse> {
    return this.methods.submit(request, call);
  }

  @GrpcMethod('PlannerService', 'get')
  get(request: PlannerServiceGetRequest, _metadata: unknown, call: ServerCall): Promise<PlannerServiceGetResponse> {
    return this.methods.get(request, call);
  }

  @GrpcMethod('PlannerService', 'list')
  list(request: PlannerServiceListRequest, _metadata: unknown, call: ServerCall): Promise<PlannerServiceListResponse> {
    return this.methods.list(request, call);
  }

  @GrpcMethod('PlannerService', 'watch')
  watch(request: WatchRequest, _metadata: unknown, call: StreamCall<WatchResponse>): Observable<never> {
    return defer(() => this.methods.watch(request, call)).pipe(ignoreElements());
  }

  @GrpcMethod('PlannerService', 'watchRuns')
  watchRuns(request: WatchRunsRequest, _metadata: unknown, call: StreamCall<WatchRunsResponse>): Observable<never> {
    return defer(() => this.methods.watchRuns(request, call)).pipe(ignoreElements());
  }

  @GrpcMethod('PlannerService', 'cancel')
  cancel(request: CancelRequest, _metadata: unknown, call: ServerCall): Promise<CancelResponse> {
    return this.methods.cancel(request, call);
  }

  @GrpcMethod('PlannerService', 'overview')
  overview(request: OverviewRequest, _metadata: unknown, call: ServerCall): Promise<OverviewResponse> {
    return this.methods.overview(request, call);
  }
}
