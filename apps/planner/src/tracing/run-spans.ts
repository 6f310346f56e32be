import { makeSubgoalId, type PlanNode, type RunEvent, type RunId } from '@praxis/core';
import { brief, planSpan, runSpan, subgoalSpan, type SpanRecord, type SpanRef } from '@praxis/platform';

/** A run's event and when it was written. */
export interface Timed {
  readonly event: RunEvent;
  readonly at: number;
}

/** A span to be written. */
export type Span = readonly [SpanRef, SpanRecord];

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/**
 * The durable spans that end with one of a run's events: they follow from the events up to there, and from nothing
 * else.
 */
export function spansEndedBy(run: RunId, history: readonly Timed[], index: number): readonly Span[] {
  const { event, at } = history[index]!;
  const before = history.slice(0, index);
  switch (event.type) {
    case 'planned':
      // What led to the plan was the event before it.
      return [plan(run, event, before.at(-1)?.at ?? at, at)];
    case 'settled':
      return [subgoal(run, before, event, at)];
    case 'ended':
      return [
        ...stillOpen(before).map((open) =>
          subgoal(run, before, { ...open, outcome: 'cancelled', reason: event.reason }, at),
        ),
        root(run, before, event, at),
      ];
    default:
      return [];
  }
}

/** The version of the plan that a run would make next. */
export function nextVersion(history: readonly Timed[]): number {
  const last = history.findLastIndex(({ event }) => event.type === 'planned');
  const event = history[last]?.event as Of<'planned'> | undefined;
  // Plannings that came to nothing before the run was reopened have used up their versions.
  const reopened = history.slice(last + 1).filter((h) => h.event.type === 'retried' && h.event.reopened).length;
  return (event?.plan.version ?? 0) + 1 + reopened;
}

function plan(run: RunId, event: Of<'planned'>, startedAt: number, endedAt: number): Span {
  const { version, nodes } = event.plan;
  const attributes = {
    'praxis.run.id': run,
    'praxis.plan.version': version,
    'praxis.plan.reason': event.reason,
    'praxis.plan.subgoals': nodes.length,
    'praxis.search.evaluated': event.evaluated,
  };
  return [planSpan(run, version), { name: 'plan', startedAt, endedAt, attributes }];
}

/** What is told of a subgoal at its end; the counts are unknown where the run ended before it. */
type End = Pick<Of<'settled'>, 'node' | 'attempt' | 'outcome' | 'reason'> &
  Partial<Pick<Of<'settled'>, 'steps' | 'failedSteps' | 'replans' | 'toolsUsed'>>;

function subgoal(run: RunId, before: readonly Timed[], end: End, endedAt: number): Span {
  const id = makeSubgoalId(run, end.node, end.attempt);
  const startedAt =
    before.findLast(
      ({ event }) => event.type === 'dispatched' && event.node === end.node && event.attempt === end.attempt,
    )?.at ?? endedAt;
  const node = nodeOf(before, end.node);
  const agent = node?.owner ?? null;
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': 'praxis',
    'gen_ai.conversation.id': run,
    ...(agent !== null && { 'gen_ai.agent.name': agent }),
    'praxis.run.id': run,
    'praxis.subgoal.id': id,
    'praxis.subgoal.title': brief(node?.title ?? ''),
    ...(node && { 'praxis.lane': node.lane }),
    'praxis.outcome': end.outcome,
    'praxis.reason': brief(end.reason),
    ...(end.steps !== undefined && {
      'praxis.steps': end.steps,
      'praxis.failed_steps': end.failedSteps,
      'praxis.replans': end.replans,
      'praxis.tools_used': end.toolsUsed,
    }),
  };
  return [
    subgoalSpan(id),
    {
      name: agent === null ? 'invoke_agent' : `invoke_agent ${agent}`,
      startedAt,
      endedAt,
      attributes,
      failure: failureOf(end.outcome),
    },
  ];
}

function root(run: RunId, before: readonly Timed[], { outcome, reason }: Of<'ended'>, endedAt: number): Span {
  const first = before[0]?.event;
  const goal = first?.type === 'accepted' ? first.goal : null;
  const attributes = {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.conversation.id': run,
    'praxis.run.id': run,
    ...(goal && {
      'gen_ai.workflow.name': goal.strategy,
      'praxis.goal.title': brief(goal.title),
      'praxis.world': goal.world,
      'praxis.space': goal.archive.space,
    }),
    'praxis.outcome': outcome,
    'praxis.reason': brief(reason),
  };
  return [
    runSpan(run),
    { name: 'run', startedAt: before[0]?.at ?? endedAt, endedAt, attributes, failure: failureOf(outcome) },
  ];
}

/** Attempts that were dispatched and not settled. */
function stillOpen(history: readonly Timed[]): readonly { readonly node: string; readonly attempt: number }[] {
  const open = new Map<string, { readonly node: string; readonly attempt: number }>();
  for (const { event } of history) {
    if (event.type === 'dispatched') open.set(event.node, { node: event.node, attempt: event.attempt });
    if (event.type === 'settled') open.delete(event.node);
  }
  return [...open.values()];
}

function nodeOf(history: readonly Timed[], id: string): PlanNode | undefined {
  const planned = history.findLast(
    ({ event }) => event.type === 'planned' && event.plan.nodes.some((n) => n.id === id),
  );
  return (planned?.event as Of<'planned'> | undefined)?.plan.nodes.find((n) => n.id === id);
}

const failureOf = (outcome: string): string | null => (outcome === 'done' ? null : outcome);
