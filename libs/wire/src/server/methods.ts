import { PraxisError, type World, type WorldSession } from '@praxis/core';
import { fromAction, toAction } from '../convert/action.js';
import { fromGoal } from '../convert/goal.js';
import { toOverview } from '../convert/overview.js';
import { invalidField, need } from '../convert/parse.js';
import { fromFilter, toExecutorInfo, toRunView, toSummary } from '../convert/run.js';
import { toObservation, toState } from '../convert/state.js';
import { toTool } from '../convert/tool.js';
import { trustWords } from '../convert/words.js';
import { fromOpen, toWorldInfo } from '../convert/world.js';
import type { ArchiveFace, ExecutorFace, PlannerFace } from '../faces.js';
import type * as archive from '../gen/praxis/v1/archive.js';
import type * as env from '../gen/praxis/v1/environment.js';
import type * as executor from '../gen/praxis/v1/executor.js';
import type * as planner from '../gen/praxis/v1/planner.js';
import { Trust } from '../gen/praxis/v1/tool.js';
import { isLastEvent, toEvent } from '../watched-event.js';
import { pump } from './pump.js';
import { answer, type ServerCall, type StreamCall } from './server-call.js';

/** One method of a service: a message and its call in, a message out. It throws PraxisErrors. */
export type Method<Request, Response> = (request: Request, call: ServerCall) => Promise<Response>;

/** A planner's methods, for a Nest controller or for `plannerHandlers`. */
export interface PlannerMethods {
  readonly submit: Method<planner.SubmitRequest, planner.SubmitResponse>;
  readonly get: Method<planner.PlannerServiceGetRequest, planner.PlannerServiceGetResponse>;
  readonly list: Method<planner.PlannerServiceListRequest, planner.PlannerServiceListResponse>;
  /** Writes to the call itself; ends when the stream is done. */
  readonly watch: (request: planner.WatchRequest, call: StreamCall<planner.WatchResponse>) => Promise<void>;
  /** As `watch`. */
  readonly watchRuns: (request: planner.WatchRunsRequest, call: StreamCall<planner.WatchRunsResponse>) => Promise<void>;
  readonly cancel: Method<planner.CancelRequest, planner.CancelResponse>;
  readonly overview: Method<planner.OverviewRequest, planner.OverviewResponse>;
}

/** Translates between messages and a planner's face. */
export function plannerMethods(face: PlannerFace): PlannerMethods {
  return {
    submit: (request, call) =>
      answer(call, async (signal) => ({ runId: await face.submit(fromGoal(need('goal', request.goal)), request.requestId ?? null, signal) })),
    get: (request, call) => answer(call, async (signal) => toRunView(await face.get(request.runId, signal))),
    list: (request, call) =>
      answer(call, async (signal) => {
        const page = await face.list(fromFilter(request.filter), { size: request.pageSize, token: request.pageToken || null }, signal);
        return { runs: page.runs.map(toSummary), nextPageToken: page.next ?? '' };
      }),
    watch: (request, call) => pump(call, (signal) => responses(face, request, signal)),
    watchRuns: (_request, call) => pump(call, (signal) => changes(face, signal)),
    cancel: (request, call) => answer(call, async (signal) => ((await face.cancel(request.runId, request.reason, signal)), {})),
    overview: (_request, call) => answer(call, async (signal) => toOverview(await face.overview(signal))),
  };
}

async function* responses(face: PlannerFace, request: planner.WatchRequest, signal: AbortSignal): AsyncGenerator<planner.WatchResponse> {
  for await (const watched of face.watch(request.runId, request.after, signal)) {
    yield { event: toEvent(watched) };
    if (isLastEvent(watched)) return;
  }
}

async function* changes(face: PlannerFace, signal: AbortSignal): AsyncGenerator<planner.WatchRunsResponse> {
  for await (const summary of face.watchRuns(signal)) yield { summary: toSummary(summary) };
}

/** An executor's methods. */
export interface ExecutorMethods {
  readonly describe: Method<executor.ExecutorServiceDescribeRequest, executor.ExecutorServiceDescribeResponse>;
  readonly drain: Method<executor.DrainRequest, executor.DrainResponse>;
}

/** Translates between messages and an executor's face. */
export function executorMethods(face: ExecutorFace): ExecutorMethods {
  return {
    describe: (_request, call) => answer(call, async (signal) => toExecutorInfo(await face.describe(signal))),
    drain: (_request, call) => answer(call, async (signal) => ({ busy: await face.drain(signal) })),
  };
}

/** An archive's methods. */
export interface ArchiveMethods {
  readonly find: Method<archive.FindRequest, archive.FindResponse>;
  readonly get: Method<archive.ArchiveServiceGetRequest, archive.ArchiveServiceGetResponse>;
  readonly list: Method<archive.ArchiveServiceListRequest, archive.ArchiveServiceListResponse>;
}

/** Translates between messages and an archive. */
export function archiveMethods(face: ArchiveFace): ArchiveMethods {
  return {
    find: ({ space, domain, trust }, call) =>
      answer(call, async () => {
        const query = { space, domain, ...(trust === Trust.UNSPECIFIED ? {} : { trust: trustWords.from('find.trust', trust) }) };
        return { tools: (await face.find(query)).map(toTool) };
      }),
    get: (request, call) => answer(call, async () => ({ tool: toTool(await face.get(request.id)) })),
    list: (request, call) => answer(call, async () => ({ tools: (await face.list(request.space ?? null)).map(toTool) })),
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

/** Translates between messages and a world; a session is looked up anew by each call, so that no call depends on another. */
export function environmentMethods(world: World): EnvironmentMethods {
  const within =
    <Request extends { readonly sessionId: string }, Response>(use: (session: WorldSession, request: Request) => Promise<Response>): Method<Request, Response> =>
    (request, call) =>
      answer(call, async () => use(await world.resume(request.sessionId), request));
  return {
    describe: (_request, call) => answer(call, async () => ({ world: toWorldInfo(await world.describe()) })),
    open: (request, call) => answer(call, async () => ((await world.open(fromOpen(request))), {})),
    resume: within(async () => ({})),
    briefing: within((session) => session.briefing()),
    observe: within(async (session) => ({ state: toState(await session.observe()) })),
    act: within(async (session, { action, key }) => {
      if (key === '') throw invalidField('act.key', 'is missing');
      return { observation: toObservation(await session.act(fromAction(need('act.action', action)), key)) };
    }),
    legal: within(async (session) => ({ actions: (await session.legal()).map(toAction) })),
    check: within(async (session, request) => ({ holds: await session.check(request.condition) })),
    snapshot: within(async (session) => ({ snapshot: await session.snapshot() })),
    restore: within(async (session, request) => ((await session.restore(request.snapshot)), {})),
    clone: within(async (session, request) => ({ sessionId: (await session.clone(request.snapshot, request.seed)).id })),
    closeSession: (request, call) => answer(call, async () => ((await closeQuietly(world, request.sessionId)), {})),
  };
}

async function closeQuietly(world: World, sessionId: string): Promise<void> {
  const session = await world.resume(sessionId).catch((thrown: unknown) => {
    if (PraxisError.from(thrown).code === 'missing') return null;
    throw thrown;
  });
  await session?.close();
}
