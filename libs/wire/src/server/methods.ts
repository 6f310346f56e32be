import { PraxisError, type World, type WorldSession } from '@praxis/core';
import { fromAction, toAction } from '../convert/action.js';
import { invalidField, need } from '../convert/parse.js';
import { toExecutorInfo } from '../convert/run.js';
import { toObservation, toState } from '../convert/state.js';
import { toTool } from '../convert/tool.js';
import { trustCodec } from '../convert/enum-codecs.js';
import { fromOpen, toWorldInfo } from '../convert/world.js';
import type { ArchiveApi, ExecutorApi } from '../service-apis.js';
import type * as archive from '../gen/praxis/v1/archive.js';
import type * as env from '../gen/praxis/v1/environment.js';
import type * as executor from '../gen/praxis/v1/executor.js';
import { Trust } from '../gen/praxis/v1/tool.js';
import { answer, type Method } from './server-call.js';

/** An executor's methods. */
export interface ExecutorMethods {
  readonly describe: Method<executor.ExecutorServiceDescribeRequest, executor.ExecutorServiceDescribeResponse>;
  readonly drain: Method<executor.DrainRequest, executor.DrainResponse>;
}

/** Translates between messages and an executor's face. */
export function executorMethods(api: ExecutorApi): ExecutorMethods {
  return {
    describe: (_request, call) => answer(call, async (signal) => toExecutorInfo(await api.describe(signal))),
    drain: (_request, call) => answer(call, async (signal) => ({ busy: await api.drain(signal) })),
  };
}

/** An archive's methods. */
export interface ArchiveMethods {
  readonly find: Method<archive.FindRequest, archive.FindResponse>;
  readonly get: Method<archive.ArchiveServiceGetRequest, archive.ArchiveServiceGetResponse>;
  readonly list: Method<archive.ArchiveServiceListRequest, archive.ArchiveServiceListResponse>;
}

/** Translates between messages and an archive. */
export function archiveMethods(api: ArchiveApi): ArchiveMethods {
  return {
    find: ({ space, domain, trust }, call) =>
      answer(call, async () => {
        const query = {
          space,
          domain,
          ...(trust === Trust.UNSPECIFIED ? {} : { trust: trustCodec.from('find.trust', trust) }),
        };
        return { tools: (await api.find(query)).map(toTool) };
      }),
    get: (request, call) => answer(call, async () => ({ tool: toTool(await api.get(request.id)) })),
    list: (request, call) => answer(call, async () => ({ tools: (await api.list(request.space ?? null)).map(toTool) })),
  };
}

/** A world's methods. */
export interface EnvironmentMethods {
  readonly describe: Method<env.EnvironmentServiceDescribeRequest, env.EnvironmentServiceDescribeResponse>;
  readonly open: Method<env.OpenRequest, env.OpenResponse>;
  readonly resume: Method<env.ResumeRequest, env.ResumeResponse>;
  readonly briefing: Method<env.BriefingRequest, env.BriefingResponse>;
  readonly observe: Method<env.ObserveRequest, env.ObserveResponse>;
  readonly act: Method<env.ActRequest, env.ActResponse>;
  readonly legal: Method<env.LegalRequest, env.LegalResponse>;
  readonly check: Method<env.CheckRequest, env.CheckResponse>;
  readonly snapshot: Method<env.SnapshotRequest, env.SnapshotResponse>;
  readonly restore: Method<env.RestoreRequest, env.RestoreResponse>;
  readonly clone: Method<env.CloneRequest, env.CloneResponse>;
  readonly closeSession: Method<env.CloseSessionRequest, env.CloseSessionResponse>;
}

/**
 * Translates between messages and a world; a session is looked up anew by each call, so that no call depends on
 * another.
 */
export function environmentMethods(world: World): EnvironmentMethods {
  const within =
    <Request extends { readonly sessionId: string }, Response>(
      use: (session: WorldSession, request: Request, signal: AbortSignal) => Promise<Response>,
    ): Method<Request, Response> =>
    (request, call) =>
      answer(call, async (signal) => use(await world.resume(request.sessionId), request, signal));
  return {
    describe: (_request, call) => answer(call, async () => ({ world: toWorldInfo(await world.describe()) })),
    open: (request, call) => answer(call, async () => (await world.open(fromOpen(request)), {})),
    resume: within(async () => ({})),
    briefing: within((session) => session.briefing()),
    observe: within(async (session) => ({ state: toState(await session.observe()) })),
    act: within(async (session, { action, key, decidedOn }, signal) => {
      if (key === '') throw invalidField('act.key', 'is missing');
      return {
        observation: toObservation(await session.act(fromAction(need('act.action', action)), key, signal, decidedOn)),
      };
    }),
    legal: within(async (session) => ({ actions: (await session.legal()).map(toAction) })),
    check: within(async (session, request) => ({ holds: await session.check(request.condition) })),
    snapshot: within(async (session) => ({ snapshot: await session.snapshot() })),
    restore: within(async (session, request) => (await session.restore(request.snapshot), {})),
    clone: within(async (session, request) => ({
      sessionId: (await session.clone(request.snapshot, request.seed)).id,
    })),
    closeSession: (request, call) => answer(call, async () => (await closeQuietly(world, request.sessionId), {})),
  };
}

async function closeQuietly(world: World, sessionId: string): Promise<void> {
  const session = await world.resume(sessionId).catch((thrown: unknown) => {
    if (PraxisError.from(thrown).code === 'missing') return null;
    throw thrown;
  });
  await session?.close();
}
