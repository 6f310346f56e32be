import { toGoal } from '../convert/goal.js';
import { fromOverview } from '../convert/overview.js';
import { need } from '../convert/parse.js';
import { fromRunView, fromSummary, toFilter } from '../convert/run.js';
import type { PlannerFace } from '../faces.js';
import { PlannerServiceService as rpc } from '../gen/praxis/v1/planner.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';
import { watchRun } from './watch.js';

/**
 * A watcher notices within a minute that the planner's machine is gone. Only here: a world may be served by a library
 * that takes frequent pings for an attack.
 */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 10_000 };

/** A planner at an address such as `127.0.0.1:50051`. */
export function connectPlanner(address: string, options: ClientOptions = {}): PlannerFace & Closable {
  const caller = new Caller({ noun: 'planner', address, hint: 'is it running? start it with `praxis start`' }, options, KEEPALIVE);
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
    // A broken connection is told, not mended: what changed meanwhile is known only to who lists again.
    watchRuns: async function* (signal) {
      for await (const response of caller.follow(rpc.watchRuns, {}, signal)) yield fromSummary(need('summary', response.summary));
    },
    cancel: async (runId, reason, signal) => void (await caller.ask(rpc.cancel, { runId, reason }, { repeatable: true, signal })),
    overview: async (signal) => fromOverview(await caller.ask(rpc.overview, {}, { repeatable: true, signal })),
    close: () => caller.close(),
  };
}
