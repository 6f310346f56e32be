import { Catch, type ArgumentsHost, type DynamicModule, type ExceptionFilter, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type GrpcOptions, type MicroserviceOptions } from '@nestjs/microservices';
import { PraxisError, type Logger } from '@praxis/core';
import { throwError, type Observable } from 'rxjs';

/** A service that listens. */
export interface RunningService {
  readonly address: string;
  stop(): Promise<void>;
}

/** What a gRPC service under Nest is made of; `options` and `toServiceError` come from the wire room. */
export interface GrpcService {
  readonly module: DynamicModule;
  readonly options: GrpcOptions['options'] & { readonly setServing: (serving: boolean) => void };
  readonly toServiceError: (thrown: unknown) => unknown;
  readonly log: Logger;
}

/** Starts a Nest microservice; every error leaves it as a proper gRPC status. */
export async function startGrpcService({ module, options, toServiceError, log }: GrpcService): Promise<RunningService> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { logger: nestLogger(log), abortOnError: false, transport: Transport.GRPC, options });
  app.useGlobalFilters(new GrpcErrors(toServiceError, log));
  try {
    await app.listen();
  } catch (cause) {
    throw new PraxisError('unavailable', `Cannot listen on ${options.url ?? ''}: the address is taken or not ours. Choose another one (see \`praxis settings\`).`, { cause });
  }
  return {
    address: options.url ?? '',
    stop: async () => {
      options.setServing(false);
      await app.close();
    },
  };
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

function nestLogger(log: Logger): LoggerService {
  const text = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message));
  return {
    log: (message: unknown) => log.debug(text(message)),
    error: (message: unknown) => log.error(text(message)),
    warn: (message: unknown) => log.warn(text(message)),
    fatal: (message: unknown) => log.error(text(message)),
  };
}
