import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { ROOT_CONTEXT, TraceFlags, context, trace } from '@opentelemetry/api';
import { runSpan, spanContextOf, startTelemetry, metricsText } from '@praxis/platform';
import { lintMetrics, startOtlpReceiver, type OtlpReceiver } from '@praxis/testing';
import { createLogger, freePort } from '@praxis/platform';
import { connectExecutor } from '../client/connect-services.js';
import { linkCall } from '../call-context.js';
import type { ExecutorApi } from '../service-apis.js';
import { startServer, type RunningServer } from './start-server.js';

const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
const OTHER = runSpan('r-3f9k2m7q1c');

const executor: ExecutorApi = {
  describe: async () => {
    linkCall(() => spanContextOf(OTHER));
    const active = trace.getSpanContext(context.active());
    return {
      name: active?.spanId ?? 'nobody',
      lanes: [],
      worlds: [],
      skills: [],
      strategies: [],
      busy: [],
      draining: false,
    };
  },
  drain: () => Promise.reject(new Error('broken')),
};

describe('callObserver', () => {
  let receiver: OtlpReceiver;
  let server: RunningServer;
  let stopTelemetry: () => Promise<void>;

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    const settings = {
      telemetry: { endpoint: receiver.endpoint, sampleRatio: 1 },
      metrics: { address: `127.0.0.1:${await freePort()}` },
    };
    stopTelemetry = await startTelemetry({
      settings,
      service: 'executor',
      log: createLogger({ level: 'silent', name: 'test' }),
    });
    server = await startServer({ address: '127.0.0.1:0', services: { executor } });
  });
  afterEach(async () => {
    await server.stop();
    await stopTelemetry();
    await receiver.stop();
  });

  it("gives a call that came with a traceparent one leaf in the caller's trace, whose handler works for the caller", async () => {
    const client = connectExecutor(server.address);
    const info = await context.with(trace.setSpanContext(ROOT_CONTEXT, CALLER), () => client.describe());
    await context.with(trace.setSpanContext(ROOT_CONTEXT, CALLER), () => client.drain()).catch(() => undefined);
    client.close();
    await stopTelemetry();
    expect(info.name).toBe(CALLER.spanId);
    expect(receiver.spans).toMatchObject([
      {
        traceId: CALLER.traceId,
        parentId: CALLER.spanId,
        name: 'praxis.v1.ExecutorService/Describe',
        attributes: { 'rpc.status_code': 'OK' },
        links: [{ traceId: OTHER.traceId, spanId: OTHER.spanId }],
        failed: false,
      },
      { traceId: CALLER.traceId, parentId: CALLER.spanId, name: 'praxis.v1.ExecutorService/Drain', failed: true },
    ]);
  });

  it('gives no span to calls without one, with nonsense for one, or whose trace is not kept', async () => {
    const client = connectExecutor(server.address);
    await client.describe();
    await context.with(trace.setSpanContext(ROOT_CONTEXT, { ...CALLER, traceFlags: TraceFlags.NONE }), () =>
      client.describe(),
    );
    client.close();
    const raw = new Client(server.address, credentials.createInsecure());
    for (const nonsense of ['', 'x', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]) {
      const metadata = new Metadata();
      metadata.set('traceparent', nonsense);
      await new Promise((resolve) =>
        raw.makeUnaryRequest(
          '/praxis.v1.ExecutorService/Describe',
          (b: Buffer) => b,
          (b) => b,
          Buffer.alloc(0),
          metadata,
          resolve,
        ),
      );
    }
    raw.close();
    await stopTelemetry();
    expect(receiver.spans).toEqual([]);
  });

  it('measures every call by service, method and status', async () => {
    const client = connectExecutor(server.address);
    await client.describe();
    await client.drain().catch(() => undefined);
    client.close();
    const text = await metricsText();
    expect(text).toContain(
      'praxis_grpc_server_duration_seconds_count{service="ExecutorService",method="Describe",code="OK"} 1',
    );
    expect(text).toContain(
      'praxis_grpc_server_duration_seconds_count{service="ExecutorService",method="Drain",code="INTERNAL"} 1',
    );
    expect(lintMetrics(text)).toEqual([]);
  });
});
