import { trustCodec } from '../convert/enum-codecs.js';
import { need } from '../convert/parse.js';
import { fromExecutorInfo } from '../convert/run.js';
import { fromTool } from '../convert/tool.js';
import type { ArchiveApi, ExecutorApi } from '../service-apis.js';
import { ArchiveServiceService as archive } from '../gen/praxis/v1/archive.js';
import { ExecutorServiceService as executor } from '../gen/praxis/v1/executor.js';
import { Trust } from '../gen/praxis/v1/tool.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

const HINT = 'is it running? start it with `praxis start`';

/** An executor at an address. */
export function connectExecutor(address: string, options: ClientOptions = {}): ExecutorApi & Closable {
  const caller = new Caller({ noun: 'executor', address, hint: HINT }, options);
  return {
    describe: async (signal) => fromExecutorInfo(await caller.ask(executor.describe, {}, { repeatable: true, signal })),
    drain: async (signal) => (await caller.ask(executor.drain, {}, { repeatable: true, signal })).busy,
    close: () => caller.close(),
  };
}

/** An archive at an address: the reflector answers for it. */
export function connectArchive(address: string, options: ClientOptions = {}): ArchiveApi & Closable {
  const caller = new Caller({ noun: 'archive', address, hint: HINT }, options);
  return {
    find: async ({ space, domain, trust }) => {
      const request = { space, domain, trust: trust === undefined ? Trust.UNSPECIFIED : trustCodec.to(trust) };
      return (await caller.ask(archive.find, request, { repeatable: true })).tools.map(fromTool);
    },
    get: async (id) => fromTool(need('tool', (await caller.ask(archive.get, { id }, { repeatable: true })).tool)),
    list: async (space) =>
      (await caller.ask(archive.list, space === null ? {} : { space }, { repeatable: true })).tools.map(fromTool),
    close: () => caller.close(),
  };
}
