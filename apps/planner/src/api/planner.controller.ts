import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import {
  reply,
  type PlannerMethods,
  type PlannerReply,
  type PlannerRequest,
  type ReplyCallback,
  type ServerCall,
} from '@praxis/wire';
import { defer, ignoreElements, type Observable } from 'rxjs';
import { METHODS } from '../tokens.js';

/** The planner's gRPC face. */
@Controller()
export class PlannerController {
  constructor(@Inject(METHODS) private readonly methods: PlannerMethods) {}

  @GrpcMethod('PlannerService', 'submit')
  submit(request: PlannerRequest<'submit'>, _metadata: unknown, call: ServerCall): PlannerReply<'submit'> {
    return this.methods.submit(request, call);
  }

  @GrpcMethod('PlannerService', 'get')
  get(request: PlannerRequest<'get'>, _metadata: unknown, call: ServerCall): PlannerReply<'get'> {
    return this.methods.get(request, call);
  }

  @GrpcMethod('PlannerService', 'list')
  list(request: PlannerRequest<'list'>, _metadata: unknown, call: ServerCall): PlannerReply<'list'> {
    return this.methods.list(request, call);
  }

  @GrpcMethod('PlannerService', 'watch')
  watch(request: PlannerRequest<'watch'>, _metadata: unknown, call: Stream<'watch'>): Observable<never> {
    return silent(() => this.methods.watch(request, call));
  }

  @GrpcMethod('PlannerService', 'watchRuns')
  watchRuns(request: PlannerRequest<'watchRuns'>, _metadata: unknown, call: Stream<'watchRuns'>): Observable<never> {
    return silent(() => this.methods.watchRuns(request, call));
  }

  @GrpcMethod('PlannerService', 'wait')
  wait(request: PlannerRequest<'wait'>, _metadata: unknown, call: ServerCall): PlannerReply<'wait'> {
    return this.methods.wait(request, call);
  }

  @GrpcMethod('PlannerService', 'cancel')
  cancel(request: PlannerRequest<'cancel'>, _metadata: unknown, call: ServerCall): PlannerReply<'cancel'> {
    return this.methods.cancel(request, call);
  }

  @GrpcMethod('PlannerService', 'pause')
  pause(request: PlannerRequest<'pause'>, _metadata: unknown, call: ServerCall): PlannerReply<'pause'> {
    return this.methods.pause(request, call);
  }

  @GrpcMethod('PlannerService', 'resume')
  resume(request: PlannerRequest<'resume'>, _metadata: unknown, call: ServerCall): PlannerReply<'resume'> {
    return this.methods.resume(request, call);
  }

  @GrpcMethod('PlannerService', 'retry')
  retry(request: PlannerRequest<'retry'>, _metadata: unknown, call: ServerCall): PlannerReply<'retry'> {
    return this.methods.retry(request, call);
  }

  @GrpcMethod('PlannerService', 'questions')
  questions(request: PlannerRequest<'questions'>, _metadata: unknown, call: ServerCall): PlannerReply<'questions'> {
    return this.methods.questions(request, call);
  }

  @GrpcMethod('PlannerService', 'answer')
  answer(request: PlannerRequest<'answer'>, _metadata: unknown, call: ServerCall): PlannerReply<'answer'> {
    return this.methods.answer(request, call);
  }

  @GrpcMethod('PlannerService', 'fork')
  fork(request: PlannerRequest<'fork'>, _metadata: unknown, call: ServerCall): PlannerReply<'fork'> {
    return this.methods.fork(request, call);
  }

  @GrpcMethod('PlannerService', 'rollback')
  rollback(request: PlannerRequest<'rollback'>, _metadata: unknown, call: ServerCall): PlannerReply<'rollback'> {
    return this.methods.rollback(request, call);
  }

  @GrpcMethod('PlannerService', 'exportRun')
  exportRun(request: PlannerRequest<'exportRun'>, _metadata: unknown, call: Stream<'exportRun'>): Observable<never> {
    return silent(() => this.methods.exportRun(request, call));
  }

  // Nest's own streams of requests buffer without bound, so that the call itself is read and answered.
  @GrpcStreamCall('PlannerService', 'importRun')
  importRun(
    call: PlannerRequest<'importRun'>,
    callback: ReplyCallback<Awaited<PlannerReply<'importRun'>>>,
  ): Promise<void> {
    return reply(callback, this.methods.importRun(call));
  }

  @GrpcMethod('PlannerService', 'collectGarbage')
  collectGarbage(
    request: PlannerRequest<'collectGarbage'>,
    _metadata: unknown,
    call: ServerCall,
  ): PlannerReply<'collectGarbage'> {
    return this.methods.collectGarbage(request, call);
  }

  @GrpcMethod('PlannerService', 'schedules')
  schedules(request: PlannerRequest<'schedules'>, _metadata: unknown, call: ServerCall): PlannerReply<'schedules'> {
    return this.methods.schedules(request, call);
  }

  @GrpcMethod('PlannerService', 'putSchedule')
  putSchedule(
    request: PlannerRequest<'putSchedule'>,
    _metadata: unknown,
    call: ServerCall,
  ): PlannerReply<'putSchedule'> {
    return this.methods.putSchedule(request, call);
  }

  @GrpcMethod('PlannerService', 'removeSchedule')
  removeSchedule(
    request: PlannerRequest<'removeSchedule'>,
    _metadata: unknown,
    call: ServerCall,
  ): PlannerReply<'removeSchedule'> {
    return this.methods.removeSchedule(request, call);
  }

  @GrpcMethod('PlannerService', 'explain')
  explain(request: PlannerRequest<'explain'>, _metadata: unknown, call: ServerCall): PlannerReply<'explain'> {
    return this.methods.explain(request, call);
  }

  @GrpcMethod('PlannerService', 'overview')
  overview(request: PlannerRequest<'overview'>, _metadata: unknown, call: ServerCall): PlannerReply<'overview'> {
    return this.methods.overview(request, call);
  }
}

/** The call of a method that writes to it itself. */
type Stream<M extends 'watch' | 'watchRuns' | 'exportRun'> = Parameters<PlannerMethods[M]>[1];

/** Tells Nest when a stream is done; its messages go past Nest, whose streams buffer without bound. */
function silent(write: () => Promise<void>): Observable<never> {
  return defer(write).pipe(ignoreElements());
}
