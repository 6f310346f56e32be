import 'reflect-metadata';
import { createServer, type AddressInfo } from 'node:net';
import { Catch, Controller, Inject, Module, UseFilters, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamCall, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { goalSchema, PraxisError } from '@praxis/core';
import { defer, ignoreElements, throwError, type Observable } from 'rxjs';
import { connectPlanner } from '../client/connect-planner.js';
import type { Closable } from '../client/caller.js';
import type { PlannerApi } from '../service-apis.js';
import type * as pb from '../gen/praxis/v1/planner.js';
import { toServiceError } from '../service-error.js';
import type { WatchedEvent } from '../watched-event.js';
import { plannerMethods, type PlannerMethods } from './planner-methods.js';
import { reply, type ReplyCallback, type ServerCall, type StreamCall, type UploadCall } from './server-call.js';
import { serviceOptions } from './service-options.js';

// What an app writes: a filter, and a controller of one line per method.
@Catch()
class ErrorFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => toServiceError(thrown));
  }
}

@Controller()
@UseFilters(new ErrorFilter())
class PlannerController {
  constructor(@Inject('methods') private readonly methods: PlannerMethods) {}

  @GrpcMethod('PlannerService', 'submit')
  submit(request: pb.SubmitRequest, _metadata: unknown, call: ServerCall): Promise<pb.SubmitResponse> {
    return this.methods.submit(request, call);
  }

  @GrpcMethod('PlannerService', 'get')
  get(
    request: pb.PlannerServiceGetRequest,
    _metadata: unknown,
    call: ServerCall,
  ): Promise<pb.PlannerServiceGetResponse> {
    return this.methods.get(request, call);
  }

  @GrpcMethod('PlannerService', 'watch')
  watch(request: pb.WatchRequest, _metadata: unknown, call: StreamCall<pb.WatchResponse>): Observable<never> {
    return defer(() => this.methods.watch(request, call)).pipe(ignoreElements());
  }

  @GrpcStreamCall('PlannerService', 'importRun')
  importRun(call: UploadCall<pb.ImportRunRequest>, callback: ReplyCallback<pb.ImportRunResponse>): Promise<void> {
    return reply(callback, this.methods.importRun(call));
  }
}

let produced = 0;
let taken = 0;
let goOn = (): void => undefined;
const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
/** Waits until a number has stopped growing. */
async function settled(value: () => number): Promise<void> {
  for (let last = -1; last !== value();) {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
const reasons: unknown[] = [];
const elapsed = (position: number, id: string): WatchedEvent => ({
  stream: 'subgoal/s',
  position,
  at: 1,
  kind: 'step',
  event: { type: 'elapsed', id },
});
const api = {
  submit: async (goal, requestId) => `r-${goal.title}-${requestId}`,
  get: (run, signal) =>
    new Promise((_resolve, reject) => {
      if (run === 'r-9') reject(new PraxisError('missing', 'There is no run r-9.'));
      else signal?.addEventListener('abort', () => reasons.push(signal.reason));
    }),
  async *watch(run) {
    if (run === 'r-9') throw new PraxisError('missing', 'There is no run r-9.');
    for (; produced < 5000; produced++) yield elapsed(produced, 'x'.repeat(10_000));
    yield { stream: 'run/r-1', position: 0, at: 1, kind: 'run', event: { type: 'ended', outcome: 'done', reason: '' } };
  },
  async importRun(lines) {
    for await (const line of lines) {
      if (line === 'wrong') throw new PraxisError('invalid', 'This is no history.');
      if (++taken === 3) await mayGoOn;
    }
    return `r-${taken}`;
  },
} as Partial<PlannerApi> as PlannerApi;

@Module({ controllers: [PlannerController], providers: [{ provide: 'methods', useValue: plannerMethods(api) }] })
class PlannerModule {}

let app: INestMicroservice;
let client: PlannerApi & Closable;
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
beforeAll(async () => {
  const address = `127.0.0.1:${await freePort()}`;
  app = await NestFactory.createMicroservice<MicroserviceOptions>(PlannerModule, {
    logger: false,
    transport: Transport.GRPC,
    options: serviceOptions({ address, services: ['planner'] }),
  });
  await app.listen();
  client = connectPlanner(address, { deadlineMs: 1000 });
});
afterAll(async () => {
  client.close();
  await app.close();
});

describe('serviceOptions under Nest', () => {
  it('serves a thin controller', async () => {
    expect(await client.submit(goalSchema.parse({ title: 't', world: 'w' }), 'k')).toBe('r-t-k');
  });

  it('answers with the error that was thrown, also on a stream', async () => {
    const missing = { code: 'missing', message: 'There is no run r-9.' };
    await expect(client.get('r-9')).rejects.toMatchObject(missing);
    await expect(
      client.watch('r-9', {}, new AbortController().signal)[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject(missing);
  });

  it('tells the handler that the deadline has passed', async () => {
    await expect(client.get('r-1')).rejects.toMatchObject({ code: 'timeout' });
    while (reasons.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(reasons[0]).toMatchObject({ code: 'timeout' });
  });

  it('holds the source of a stream back while nobody reads, then brings all of it', async () => {
    let read = 0;
    for await (const event of client.watch('r-1', {}, new AbortController().signal)) {
      void event;
      if (++read !== 3) continue;
      await settled(() => produced);
      expect(produced).toBeLessThan(100);
    }
    expect(read).toBe(5001);
  });

  it('holds a sender back while the handler is slow, then takes all of it, for longer than other calls may last', async () => {
    let sent = 0;
    const source = async function* (): AsyncGenerator<string> {
      for (; sent < 3000; sent++) yield 'x'.repeat(10_000);
    };
    const importing = client.importRun(source(), new AbortController().signal);
    await settled(() => sent);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(sent).toBeLessThan(300);
    goOn();
    expect(await importing).toBe('r-3000');
  });

  it('refuses what is being sent with the error that was thrown', async () => {
    const wrong = async function* (): AsyncGenerator<string> {
      yield 'wrong';
      for (;;) yield 'x'.repeat(10_000);
    };
    await expect(client.importRun(wrong(), new AbortController().signal)).rejects.toMatchObject({
      code: 'invalid',
      message: 'This is no history.',
    });
  });
});
