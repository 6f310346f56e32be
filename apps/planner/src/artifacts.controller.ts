import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { reply, type ArtifactMethods, type ReplyCallback, type ServerCall } from '@praxis/wire';
import { defer, ignoreElements, type Observable } from 'rxjs';
import { ARTIFACT_METHODS } from './tokens.js';

type Put = ArtifactMethods['putArtifact'];
type Get = ArtifactMethods['getArtifact'];
type Find = ArtifactMethods['findArtifacts'];

/** The gRPC face of the artifacts. */
@Controller()
export class ArtifactsController {
  constructor(@Inject(ARTIFACT_METHODS) private readonly methods: ArtifactMethods) {}

  // Nest's own streams of requests buffer without bound, so that the call itself is read and answered.
  @GrpcStreamCall('ArtifactService', 'putArtifact')
  putArtifact(call: Parameters<Put>[0], callback: ReplyCallback<Awaited<ReturnType<Put>>>): Promise<void> {
    return reply(callback, this.methods.putArtifact(call));
  }

  // What is streamed goes past Nest, whose streams buffer without bound.
  @GrpcMethod('ArtifactService', 'getArtifact')
  getArtifact(request: Parameters<Get>[0], _metadata: unknown, call: Parameters<Get>[1]): Observable<never> {
    return defer(() => this.methods.getArtifact(request, call)).pipe(ignoreElements());
  }

  @GrpcMethod('ArtifactService', 'findArtifacts')
  findArtifacts(request: Parameters<Find>[0], _metadata: unknown, call: ServerCall): ReturnType<Find> {
    return this.methods.findArtifacts(request, call);
  }
}
