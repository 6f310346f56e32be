import { PraxisError } from '@praxis/core';
import { fromExplainRequest, toExplanation } from '../convert/explanation.js';
import { fromGoal } from '../convert/goal.js';
import { fromForkRequest, fromGcRequest, toGcReport, toRollback } from '../convert/history.js';
import { fromParts, toParts } from '../convert/file-parts.js';
import { toOverview } from '../convert/overview.js';
import { invalidField, need } from '../convert/parse.js';
import { fromAnswer, fromQuestionFilter, toOpenQuestion } from '../convert/question.js';
import { fromFilter, toRunEnd, toRunView, toSummary } from '../convert/run.js';
import { fromTiming, toSchedule } from '../convert/schedule.js';
import type { PlannerApi } from '../service-apis.js';
import type * as planner from '../gen/praxis/v1/planner.js';
import { toEvent } from '../watched-event.js';
import { pump } from './pump.js';
import { answer, received, type Method, type StreamCall, type UploadCall } from './server-call.js';

/** A method that writes to the call itself; its promise ends when the stream is done. */
type StreamMethod<Request, Response> = (request: Request, call: StreamCall<Response>) => Promise<void>;

/** A planner's methods, for a Nest controller or for `plannerHandlers`. */
export interface PlannerMethods {
  readonly submit: Method<planner.SubmitRequest, planner.SubmitResponse>;
  readonly get: Method<planner.PlannerServiceGetRequest, planner.PlannerServiceGetResponse>;
  readonly list: Method<planner.PlannerServiceListRequest, planner.PlannerServiceListResponse>;
  readonly watch: StreamMethod<planner.WatchRequest, planner.WatchResponse>;
  readonly watchRuns: StreamMethod<planner.WatchRunsRequest, planner.WatchRunsResponse>;
  readonly wait: Method<planner.WaitRequest, planner.WaitResponse>;
  readonly cancel: Method<planner.CancelRequest, planner.CancelResponse>;
  readonly pause: Method<planner.PauseRequest, planner.PauseResponse>;
  readonly resume: Method<planner.PlannerServiceResumeRequest, planner.PlannerServiceResumeResponse>;
  readonly retry: Method<planner.RetryRequest, planner.RetryResponse>;
  readonly questions: Method<planner.QuestionsRequest, planner.QuestionsResponse>;
  readonly answer: Method<planner.AnswerRequest, planner.AnswerResponse>;
  readonly fork: Method<planner.ForkRequest, planner.ForkResponse>;
  readonly rollback: Method<planner.RollbackRequest, planner.RollbackResponse>;
  readonly exportRun: StreamMethod<planner.ExportRunRequest, planner.ExportRunResponse>;
  readonly importRun: (call: UploadCall<planner.ImportRunRequest>) => Promise<planner.ImportRunResponse>;
  readonly collectGarbage: Method<planner.CollectGarbageRequest, planner.CollectGarbageResponse>;
  readonly schedules: Method<planner.SchedulesRequest, planner.SchedulesResponse>;
  readonly putSchedule: Method<planner.PutScheduleRequest, planner.PutScheduleResponse>;
  readonly removeSchedule: Method<planner.RemoveScheduleRequest, planner.RemoveScheduleResponse>;
  readonly explain: Method<planner.ExplainRequest, planner.ExplainResponse>;
  readonly overview: Method<planner.OverviewRequest, planner.OverviewResponse>;
}

/** What a method of the planner takes; for those who write a controller. */
export type PlannerRequest<M extends keyof PlannerMethods> = Parameters<PlannerMethods[M]>[0];

/** What a method of the planner gives. */
export type PlannerReply<M extends keyof PlannerMethods> = ReturnType<PlannerMethods[M]>;

/** Translates between messages and a planner's face. */
export function plannerMethods(api: PlannerApi): PlannerMethods {
  return { ...runMethods(api), ...peopleMethods(api), ...historyMethods(api), ...scheduleMethods(api) };
}

type RunMethods = Pick<PlannerMethods, 'submit' | 'get' | 'list' | 'watch' | 'watchRuns' | 'wait' | 'overview'>;

function runMethods(api: PlannerApi): RunMethods {
  return {
    submit: (request, call) =>
      answer(call, async (signal) => ({
        runId: await api.submit(fromGoal(need('goal', request.goal)), request.requestId ?? null, signal),
      })),
    get: (request, call) => answer(call, async (signal) => toRunView(await api.get(request.runId, signal))),
    list: (request, call) =>
      answer(call, async (signal) => {
        const page = await api.list(
          fromFilter(request.filter),
          { size: request.pageSize, token: request.pageToken || null },
          signal,
        );
        return { runs: page.runs.map(toSummary), nextPageToken: page.next ?? '' };
      }),
    watch: (request, call) => pump(call, (signal) => responses(api, request, signal)),
    wait: (request, call) =>
      answer(call, async (signal) => toRunEnd(await api.wait(request.runId, waitMsOf(request), signal))),
    watchRuns: (_request, call) => pump(call, (signal) => changes(api, signal)),
    overview: (_request, call) => answer(call, async (signal) => toOverview(await api.overview(signal))),
  };
}

type PeopleMethods = Pick<PlannerMethods, 'cancel' | 'pause' | 'resume' | 'retry' | 'questions' | 'answer'>;

function peopleMethods(api: PlannerApi): PeopleMethods {
  return {
    cancel: (request, call) =>
      answer(call, async (signal) => (await api.cancel(request.runId, request.reason, signal), {})),
    pause: (request, call) =>
      answer(call, async (signal) => (await api.pause(request.runId, request.reason, signal), {})),
    resume: (request, call) => answer(call, async (signal) => (await api.resume(request.runId, signal), {})),
    retry: (request, call) =>
      answer(call, async (signal) => ({ ...(await api.retry(request.runId, request.by, signal)) })),
    questions: (request, call) =>
      answer(call, async (signal) => ({
        questions: (await api.questions(fromQuestionFilter(request.filter), signal)).map(toOpenQuestion),
      })),
    answer: (request, call) =>
      answer(call, async (signal) => {
        if (request.questionId === '') throw invalidField('answer.questionId', 'is missing');
        await api.answer(request.questionId, fromAnswer(need('answer', request.answer)), signal);
        return {};
      }),
  };
}

type HistoryMethods = Pick<
  PlannerMethods,
  'explain' | 'fork' | 'rollback' | 'exportRun' | 'importRun' | 'collectGarbage'
>;

function historyMethods(api: PlannerApi): HistoryMethods {
  return {
    explain: (request, call) =>
      answer(call, async (signal) => toExplanation(await api.explain(fromExplainRequest(request), signal))),
    fork: (request, call) =>
      answer(call, async (signal) => ({ runId: await api.fork(fromForkRequest(request), signal) })),
    rollback: (request, call) => answer(call, async (signal) => toRollback(await api.rollback(request.runId, signal))),
    exportRun: (request, call) => pump(call, (signal) => asMessages(toParts(api.exportRun(request.runId, signal)))),
    importRun: (call) =>
      answer(call, async (signal) => ({
        runId: await api.importRun(fromParts(asParts(received(call, signal))), signal),
      })),
    collectGarbage: (request, call) =>
      answer(call, async (signal) => toGcReport(await api.collectGarbage(fromGcRequest(request), signal))),
  };
}

type ScheduleMethods = Pick<PlannerMethods, 'schedules' | 'putSchedule' | 'removeSchedule'>;

function scheduleMethods(api: PlannerApi): ScheduleMethods {
  return {
    schedules: (_request, call) =>
      answer(call, async (signal) => ({ schedules: (await api.schedules(signal)).map(toSchedule) })),
    putSchedule: ({ id, goal, timing }, call) =>
      answer(call, async (signal) => {
        if (id === '') throw invalidField('schedule.id', 'is missing');
        const schedule = { id, goal: fromGoal(need('schedule.goal', goal)), timing: fromTiming(timing) };
        return { schedule: toSchedule(await api.putSchedule(schedule, signal)) };
      }),
    removeSchedule: (request, call) =>
      answer(call, async (signal) => (await api.removeSchedule(request.id, signal), {})),
  };
}

/** How long one request may wait, in milliseconds: it is under way while its server may want to stop. */
const WAIT = { default: 30_000, most: 60_000 } as const;

function waitMsOf({ waitMs }: planner.WaitRequest): number {
  if (waitMs < 0) throw invalidField('wait.waitMs', 'is negative');
  return Math.min(waitMs || WAIT.default, WAIT.most);
}

async function* responses(
  api: PlannerApi,
  request: planner.WatchRequest,
  signal: AbortSignal,
): AsyncGenerator<planner.WatchResponse> {
  for await (const watched of api.watch(request.runId, request.after, signal)) {
    yield { event: toEvent(watched) };
  }
}

async function* changes(api: PlannerApi, signal: AbortSignal): AsyncGenerator<planner.WatchRunsResponse> {
  for await (const summary of api.watchRuns(signal)) yield { summary: toSummary(summary) };
}

async function* asMessages(parts: AsyncIterable<Buffer>): AsyncGenerator<planner.ExportRunResponse> {
  for await (const data of parts) yield { data };
}

/**
 * A caller that breaks off may end its stream before it cancels the call, so that only the last part tells that all is
 * here.
 */
async function* asParts(messages: AsyncIterable<planner.ImportRunRequest>): AsyncGenerator<Buffer> {
  for await (const { data, isLast } of messages) {
    yield data;
    if (isLast) return;
  }
  throw new PraxisError('cancelled', 'The file was broken off before its end; nothing was taken in. Send all of it.');
}
