import { fromExplanation, toExplainRequest } from '../convert/explanation.js';
import { fromParts, toParts } from '../convert/file-parts.js';
import { toGoal } from '../convert/goal.js';
import { fromGcReport, fromRollback, toForkRequest, toGcRequest } from '../convert/history.js';
import { fromOverview } from '../convert/overview.js';
import { need } from '../convert/parse.js';
import { fromOpenQuestion, toAnswer, toQuestionFilter } from '../convert/question.js';
import { fromRunView, fromSummary, toFilter } from '../convert/run.js';
import { fromSchedule, toTiming } from '../convert/schedule.js';
import type { PlannerApi } from '../service-apis.js';
import { PlannerServiceService as rpc, type ImportRunRequest } from '../gen/praxis/v1/planner.js';
import { Caller, stopped, type ClientOptions, type Closable } from './caller.js';
import { waitForEnd } from './wait-for-end.js';
import { watchRun } from './watch.js';

/**
 * A watcher notices within a minute that the planner's machine is gone. Only here: a world may be served by a library
 * that takes frequent pings for an attack.
 */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 10_000 };

/** Clearing away goes through the whole database. */
const GARBAGE_MS = 600_000;

/** A planner at an address such as `127.0.0.1:50051`. */
export function connectPlanner(address: string, options: ClientOptions = {}): PlannerApi & Closable {
  const caller = new Caller(
    { noun: 'planner', address, hint: 'is it running? start it with `praxis start`' },
    options,
    KEEPALIVE,
  );
  return {
    ...runCalls(caller),
    ...peopleCalls(caller),
    ...historyCalls(caller),
    ...scheduleCalls(caller),
    close: () => caller.close(),
  };
}

type RunCalls = Pick<PlannerApi, 'submit' | 'get' | 'list' | 'watch' | 'watchRuns' | 'wait' | 'overview'>;

function runCalls(caller: Caller): RunCalls {
  return {
    submit: async (goal, requestId, signal) => {
      const request = { goal: toGoal(goal), ...(requestId === null ? {} : { requestId }) };
      return (await caller.ask(rpc.submit, request, { repeatable: requestId !== null, signal })).runId;
    },
    get: async (runId, signal) => fromRunView(await caller.ask(rpc.get, { runId }, { repeatable: true, signal })),
    list: async (filter, page, signal) => {
      const request = { filter: toFilter(filter), pageSize: page.size, pageToken: page.token ?? '' };
      const response = await caller.ask(rpc.list, request, { repeatable: true, signal });
      return { runs: response.runs.map(fromSummary), next: response.nextPageToken || null };
    },
    watch: (run, after, signal) => watchRun(caller, run, after, signal),
    wait: (run, waitMs, signal) => waitForEnd(caller, { run, waitMs }, signal),
    // A broken connection is told, not mended: what changed meanwhile is known only to who lists again.
    watchRuns: async function* (signal) {
      for await (const response of caller.follow(rpc.watchRuns, {}, signal))
        yield fromSummary(need('summary', response.summary));
    },
    overview: async (signal) => fromOverview(await caller.ask(rpc.overview, {}, { repeatable: true, signal })),
  };
}

type PeopleCalls = Pick<PlannerApi, 'cancel' | 'pause' | 'resume' | 'retry' | 'questions' | 'answer'>;

function peopleCalls(caller: Caller): PeopleCalls {
  return {
    cancel: async (runId, reason, signal) =>
      void (await caller.ask(rpc.cancel, { runId, reason }, { repeatable: true, signal })),
    pause: async (runId, reason, signal) =>
      void (await caller.ask(rpc.pause, { runId, reason }, { repeatable: true, signal })),
    resume: async (runId, signal) => void (await caller.ask(rpc.resume, { runId }, { repeatable: true, signal })),
    // Asked a second time, it would tell that nothing waits any more.
    retry: async (runId, by, signal) => caller.ask(rpc.retry, { runId, by }, { repeatable: false, signal }),
    questions: async (filter, signal) =>
      (
        await caller.ask(rpc.questions, { filter: toQuestionFilter(filter) }, { repeatable: true, signal })
      ).questions.map(fromOpenQuestion),
    // Said twice, the second would be told that the question is no longer open.
    answer: async (questionId, answer, signal) =>
      void (await caller.ask(rpc.answer, { questionId, answer: toAnswer(answer) }, { repeatable: false, signal })),
  };
}

type HistoryCalls = Pick<PlannerApi, 'explain' | 'fork' | 'rollback' | 'exportRun' | 'importRun' | 'collectGarbage'>;

function historyCalls(caller: Caller): HistoryCalls {
  return {
    explain: async (request, signal) =>
      fromExplanation(await caller.ask(rpc.explain, toExplainRequest(request), { repeatable: true, signal })),
    // Each call makes another run.
    fork: async (request, signal) =>
      (await caller.ask(rpc.fork, toForkRequest(request), { repeatable: false, signal })).runId,
    rollback: async (runId, signal) =>
      fromRollback(await caller.ask(rpc.rollback, { runId }, { repeatable: true, signal })),
    exportRun: async function* (runId, signal) {
      yield* fromParts(data(caller.follow(rpc.exportRun, { runId }, signal)));
      // A part of a file must not be taken for the whole.
      if (signal.aborted) throw stopped(signal);
    },
    importRun: async (lines, signal) => (await caller.send(rpc.importRun, messages(toParts(lines)), signal)).runId,
    // What it did is told once.
    collectGarbage: async (request, signal) =>
      fromGcReport(
        await caller.ask(rpc.collectGarbage, toGcRequest(request), {
          repeatable: false,
          signal,
          deadlineMs: GARBAGE_MS,
        }),
      ),
  };
}

type ScheduleCalls = Pick<PlannerApi, 'schedules' | 'putSchedule' | 'removeSchedule'>;

function scheduleCalls(caller: Caller): ScheduleCalls {
  return {
    schedules: async (signal) =>
      (await caller.ask(rpc.schedules, {}, { repeatable: true, signal })).schedules.map(fromSchedule),
    putSchedule: async ({ id, goal, timing }, signal) => {
      const request = { id, goal: toGoal(goal), timing: toTiming(timing) };
      return fromSchedule(
        need('schedule', (await caller.ask(rpc.putSchedule, request, { repeatable: true, signal })).schedule),
      );
    },
    // Asked twice, the second would be told that there is no such schedule.
    removeSchedule: async (id, signal) =>
      void (await caller.ask(rpc.removeSchedule, { id }, { repeatable: false, signal })),
  };
}

async function* data(messages: AsyncIterable<{ readonly data: Buffer }>): AsyncGenerator<Buffer> {
  for await (const message of messages) yield message.data;
}

async function* messages(parts: AsyncIterable<Buffer>): AsyncGenerator<ImportRunRequest> {
  for await (const part of parts) yield { data: part, isLast: false };
  yield { data: Buffer.alloc(0), isLast: true };
}
