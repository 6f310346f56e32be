import { createServer } from 'node:http';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** A span as it came over OTLP. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Null for a root. */
  readonly parentId: string | null;
  readonly name: string;
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
  /** `service.name` of the process that sent it. */
  readonly service: string;
}

/** A collector of traces (OTLP, protobuf over HTTP) that keeps them in memory. */
export interface OtlpReceiver {
  /** To be given to a process as its telemetry endpoint. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Waits until the spans that came so far satisfy a question; fails after the given time. */
  until(question: (spans: readonly ReceivedSpan[]) => boolean, milliseconds?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a collector on loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isTraces = request.method === 'POST' && request.url === '/v1/traces';
      if (isTraces) spans.push(...readTraces(Buffer.concat(chunks)));
      response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    until: async (question, milliseconds = 30_000) => {
      const deadline = Date.now() + milliseconds;
      while (!question(spans)) {
        if (Date.now() > deadline)
          throw new Error(
            `the spans that were waited for did not come; ${spans.length} came:\n${spans.map((s) => `${s.service}: ${s.name}`).join('\n')}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a message holds, by field number, in the order of the wire. */
type Fields = ReadonlyMap<number, readonly (Uint8Array | bigint)[]>;

/** Reads any message as far as its bytes tell; the few fields that are asked for are known by their numbers. */
function readMessage(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (Uint8Array | bigint)[]>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const value = readValue(reader, type);
    if (value === null) reader.skip(type, number);
    else fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

function readValue(reader: BinaryReader, type: WireType): Uint8Array | bigint | null {
  if (type === WireType.LengthDelimited) return reader.bytes();
  if (type === WireType.Varint) return BigInt(reader.int64());
  if (type === WireType.Bit64) return BigInt(reader.fixed64());
  return null;
}

const messages = (fields: Fields, number: number): readonly Fields[] =>
  (fields.get(number) ?? []).map((bytes) => readMessage(bytes as Uint8Array));
const text = (fields: Fields, number: number): string =>
  Buffer.from((fields.get(number)?.[0] as Uint8Array | undefined) ?? []).toString();
const hex = (fields: Fields, number: number): string =>
  Buffer.from((fields.get(number)?.[0] as Uint8Array | undefined) ?? []).toString('hex');

/** ExportTraceServiceRequest → ResourceSpans (1) → Resource (1) and ScopeSpans (2) → Span (2). */
function readTraces(body: Uint8Array): readonly ReceivedSpan[] {
  return messages(readMessage(body), 1).flatMap((resource) => {
    const service = String(messages(resource, 1).map(attributesOf(1))[0]?.['service.name'] ?? '');
    return messages(resource, 2).flatMap((scope) => messages(scope, 2).map((span) => readSpan(span, service)));
  });
}

function readSpan(span: Fields, service: string): ReceivedSpan {
  return {
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentId: hex(span, 4) || null,
    name: text(span, 5),
    startedAt: (span.get(7)?.[0] as bigint | undefined) ?? 0n,
    endedAt: (span.get(8)?.[0] as bigint | undefined) ?? 0n,
    attributes: attributesOf(9)(span),
    links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
    failed: messages(span, 15)[0]?.get(3)?.[0] === 2n,
    service,
  };
}

/** KeyValue: key (1), value (2). */
const attributesOf =
  (number: number) =>
  (fields: Fields): Record<string, unknown> =>
    Object.fromEntries(messages(fields, number).map((pair) => [text(pair, 1), valueOf(messages(pair, 2)[0])]));

/** AnyValue: string (1), bool (2), int (3), double (4), array (5). */
function valueOf(value: Fields | undefined): unknown {
  if (!value) return null;
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return value.get(2)![0] === 1n;
  if (value.has(3)) return Number(value.get(3)![0]);
  if (value.has(4)) return new Float64Array(new BigUint64Array([value.get(4)![0] as bigint]).buffer)[0];
  if (value.has(5)) return messages(readMessage(value.get(5)![0] as Uint8Array), 1).map(valueOf);
  return null;
}
