import { PraxisError, type Snapshots, type World, type WorldSession } from '@praxis/core';
import { fromAction, toAction } from '../convert/action.js';
import { invalidField, need } from '../convert/parse.js';
import { toExecutorInfo } from '../convert/run.js';
import { toObservation, toState } from '../convert/state.js';
import { toTool } from '../convert/tool.js';
import { trustCodec } from '../convert/enum-codecs.js';
import { fromOpen, toBriefing, toWorldInfo } from '../convert/world.js';
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
    briefing: within(async (session) => toBriefing(await session.briefing())),
    observe: within(async (session) => ({ state: toState(await session.observe()) })),
    act: within(async (session, { action, key, decidedOn }, signal) => {
      if (key === '') throw invalidField('act.key', 'is missing');
      return {
        observation: toObservation(await session.act(fromAction(need('act.action', action)), key, signal, decidedOn)),
      };
    }),
    legal: within(async (session, _request, signal) => {
      if (!session.legal) throw notOffered('list its legal actions');
      return { actions: (await session.legal(signal)).map(toAction) };
    }),
    check: within((session, { condition }, signal) => session.check(condition, signal)),
    snapshot: within(async (session) => ({ snapshot: await snapshotsIn(session).take() })),
    restore: within(async (session, { snapshot }) => (await snapshotsIn(session).restore(snapshot), {})),
    clone: within(async (session, { snapshot, seed }) => {
      const snapshots = snapshotsIn(session);
      if (!snapshots.clone) throw notOffered('clone its sessions');
      return { sessionId: (await snapshots.clone(snapshot, seed)).id };
    }),
    closeSession: (request, call) => answer(call, async () => (await closeQuietly(world, request.sessionId), {})),
  };
}

function snapshotsIn({ snapshots }: WorldSession): Snapshots {
  if (snapshots) return snapshots;
  throw notOffered('take snapshots');
}

const notOffered = (what: string): PraxisError =>
  new PraxisError('invalid', `This world cannot ${what}; Describe says what it can do.`);

async function closeQuietly(world: World, sessionId: string): Promise<void> {
  const session = await world.resume(sessionId).catch((thrown: unknown) => {
    if (PraxisError.from(thrown).code === 'missing') return null;
    throw thrown;
  });
  await session?.close();
}
