import { NO_COST, type RunSummary } from '@praxis/core';
import type { ExecutorInfo, RunEnd, RunFilter, RunView } from '../service-apis.js';
import type * as executor from '../gen/praxis/v1/executor.js';
import type * as planner from '../gen/praxis/v1/planner.js';
import * as pb from '../gen/praxis/v1/types.js';
import { fromSkill, toSkill } from './action.js';
import { fromConstraint, toConstraint } from './constraint.js';
import { fromGoal, toGoal } from './goal.js';
import { fromOutput, fromOutputs, toOutput, toOutputs } from './output.js';
import { need } from './parse.js';
import { fromNodeState, fromPlan, toNodeState, toPlan } from './plan.js';
import { fromTool, toTool } from './tool.js';
import { runStatusCodec } from './enum-codecs.js';
import { fromWorldInfo, toWorldInfo } from './world.js';

/** A run's summary for the wire. */
export function toSummary({ acceptedAt, endedAt, ...summary }: RunSummary): pb.RunSummary {
  return {
    ...summary,
    status: runStatusCodec.to(summary.status),
    acceptedAtMs: acceptedAt,
    ...(endedAt === null ? {} : { endedAtMs: endedAt }),
  };
}

/** A run's summary from the wire. */
export function fromSummary({ acceptedAtMs, endedAtMs, ...message }: pb.RunSummary): RunSummary {
  return {
    ...message,
    status: runStatusCodec.from('summary.status', message.status),
    acceptedAt: acceptedAtMs,
    endedAt: endedAtMs ?? null,
  };
}

/** A run's view for the wire. */
export function toRunView(view: RunView): planner.PlannerServiceGetResponse {
  return {
    summary: toSummary(view.summary),
    goal: toGoal(view.goal),
    plan: view.plan === null ? undefined : toPlan(view.plan),
    nodes: Object.fromEntries(Object.entries(view.nodes).map(([id, state]) => [id, toNodeState(state)])),
    tools: view.tools.map(toTool),
    constraints: view.constraints.map(toConstraint),
    spent: view.spent,
    postponed: view.postponed.map(({ until, ...each }) => ({ ...each, untilMs: until })),
    result: view.result === null ? undefined : toOutput(view.result),
    outputs: toOutputs(view.outputs),
  };
}

/** A run's view from the wire. */
export function fromRunView(message: planner.PlannerServiceGetResponse): RunView {
  return {
    summary: fromSummary(need('summary', message.summary)),
    goal: fromGoal(need('goal', message.goal)),
    plan: message.plan ? fromPlan(message.plan) : null,
    nodes: Object.fromEntries(
      Object.entries(message.nodes).map(([id, state]) => [id, fromNodeState(`nodes.${id}`, state)]),
    ),
    tools: message.tools.map(fromTool),
    constraints: message.constraints.map((c) => fromConstraint('constraints', c)),
    spent: message.spent ?? NO_COST,
    postponed: message.postponed.map(({ untilMs, ...each }) => ({ ...each, until: untilMs })),
    result: message.result ? fromOutput('result', message.result) : null,
    outputs: fromOutputs('outputs', message.outputs) ?? {},
  };
}

/** What a run came to, for the wire. */
export const toRunEnd = ({ ended, summary, result }: RunEnd): planner.WaitResponse => ({
  ended,
  summary: toSummary(summary),
  result: result === null ? undefined : toOutput(result),
});

/** What a run came to, from the wire. */
export const fromRunEnd = ({ ended, summary, result }: planner.WaitResponse): RunEnd => ({
  ended,
  summary: fromSummary(need('summary', summary)),
  result: result ? fromOutput('result', result) : null,
});

/** A filter for the wire. */
export function toFilter({ status, world, space, text }: RunFilter): planner.RunFilter {
  return {
    status: status === null ? pb.RunStatus.UNSPECIFIED : runStatusCodec.to(status),
    ...(world === null ? {} : { world }),
    ...(space === null ? {} : { space }),
    ...(text === null ? {} : { text }),
  };
}

/** A filter from the wire. */
export function fromFilter(message: planner.RunFilter | undefined): RunFilter {
  const status = message?.status ?? pb.RunStatus.UNSPECIFIED;
  return {
    status: status === pb.RunStatus.UNSPECIFIED ? null : runStatusCodec.from('filter.status', status),
    world: message?.world ?? null,
    space: message?.space ?? null,
    text: message?.text ?? null,
  };
}

/** What an executor offers, for the wire. */
export function toExecutorInfo(info: ExecutorInfo): executor.ExecutorServiceDescribeResponse {
  const { quarantined = [], sources = [] } = info;
  return { ...info, quarantined, sources, worlds: info.worlds.map(toWorldInfo), skills: info.skills.map(toSkill) };
}

/** What an executor offers, from the wire. */
export function fromExecutorInfo(message: executor.ExecutorServiceDescribeResponse): ExecutorInfo {
  return { ...message, worlds: message.worlds.map(fromWorldInfo), skills: message.skills.map(fromSkill) };
}
