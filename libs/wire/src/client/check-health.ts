import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { PraxisError } from '@praxis/core';
import { fullName, type ServiceName } from '../server/services.js';
import { Caller, type ClientOptions, type Rpc } from './caller.js';

/** `grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING` */
const SERVING = 1;

/** The one method of the standard health service that is called; its messages have one field each. */
const CHECK: Rpc<string, number> = {
  path: '/grpc.health.v1.Health/Check',
  requestSerialize: (service) => Buffer.from(new BinaryWriter().uint32(10).string(service).finish()),
  responseDeserialize: (bytes) => {
    const reader = new BinaryReader(bytes);
    let state = 0;
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag === 8) state = reader.int32();
      else reader.skip(tag & 7);
    }
    return state;
  },
};

/**
 * Asks a server once whether it serves: as a whole (null), or one of its services. False while it drains; fails where
 * nobody answers, or where something else does.
 */
export async function checkHealth(
  address: string,
  service: ServiceName | null,
  options: ClientOptions = {},
): Promise<boolean> {
  const noun = service ?? 'service';
  const caller = new Caller({ noun, address, hint: 'is it running?' }, { deadlineMs: 3_000, ...options });
  try {
    return (await caller.ask(CHECK, service === null ? '' : fullName(service), { repeatable: false })) === SERVING;
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'missing') throw thrown;
    throw new PraxisError('missing', `What answers at ${address} is not the ${noun}; check the address.`, {
      cause: thrown,
    });
  } finally {
    caller.close();
  }
}
