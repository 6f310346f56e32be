import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { PraxisError, type Logger } from '@praxis/core';
import { throwError, type Observable } from 'rxjs';
import type { GrpcService } from './grpc-service.js';
import { nestLogger } from './nest-log.js';

/** A Nest microservice that listens; `close` ends it. */
export async function serveUnderNest({
  module,
  options,
  toServiceError,
  log,
}: GrpcService): Promise<{ close(): Promise<void> }> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    logger: nestLogger(log),
    abortOnError: false,
    transport: Transport.GRPC,
    options,
  });
  app.useGlobalFilters(new GrpcErrors(toServiceError, log));
  await app.listen();
  return app;
}

@Catch()
class GrpcErrors implements ExceptionFilter {
  constructor(
    private readonly toServiceError: (thrown: unknown) => unknown,
    private readonly log: Logger,
  ) {}

  catch(thrown: unknown, _host: ArgumentsHost): Observable<never> {
    const error = PraxisError.from(thrown);
    if (error.code === 'bug') this.log.error('a call failed for a reason that nobody foresaw', { err: thrown });
    return throwError(() => this.toServiceError(thrown));
  }
}
