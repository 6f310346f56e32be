import {
  fold,
  isStale,
  parseSubgoalId,
  type Goal,
  type NodeId,
  type Question,
  type Run,
  type RunEvent,
  type RunId,
} from '@praxis/core';
import type { WatchedEvent } from '@praxis/wire';

/** What was done for one node of a plan, over all attempts. */
export interface NodeWork {
  readonly steps: number;
  readonly failed: number;
  /** Local plans after the first of each attempt. */
  readonly replans: number;
  /** What was last done, as text. */
  readonly last: string;
}

/** A run as somebody watches it: what its events say so far, also of subgoals that are under way. */
export interface RunModel {
  readonly id: RunId;
  /** `household breakfast-a`, or the goal's title. */
  readonly name: string;
  readonly events: readonly RunEvent[];
  readonly run: Run | null;
  readonly work: Readonly<Record<NodeId, NodeWork>>;
  /** What waits for a person, oldest first. */
  readonly questions: readonly Question[];
  /** Streams of subgoals whose first plan was seen. */
  readonly planned: ReadonlySet<string>;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Sums over a run. */
export interface RunTotals {
  readonly steps: number;
  readonly failed: number;
  readonly replans: number;
  readonly subgoals: number;
  readonly done: number;
}

const NO_WORK: NodeWork = { steps: 0, failed: 0, replans: 0, last: '' };

/** A run of which nothing is known yet. */
export function newModel(id: RunId, name: string = id): RunModel {
  return {
    id,
    name,
    events: [],
    run: null,
    work: {},
    questions: [],
    planned: new Set(),
    startedAt: null,
    endedAt: null,
  };
}

/** How a goal is called in lists: by world and scenario where it has one. */
export function goalName(goal: Pick<Goal, 'title' | 'world' | 'scenario' | 'condition' | 'request'>): string {
  return goal.scenario !== '' && goal.condition === '' && goal.request === ''
    ? `${goal.world} ${goal.scenario}`
    : goal.title;
}

/** The model after one more event. */
export function learnEvent(model: RunModel, watched: WatchedEvent): RunModel {
  if (watched.kind === 'step') return watched.stream.startsWith('subgoal/') ? learnStep(model, watched) : model;
  const events = [...model.events, watched.event];
  const run = fold(events);
  const name = watched.event.type === 'accepted' ? goalName(watched.event.goal) : model.name;
  const endedAt = watched.event.type === 'ended' ? watched.at : model.endedAt;
  return {
    ...model,
    name,
    events,
    run,
    questions: openQuestions(model.questions, watched.event),
    startedAt: model.startedAt ?? watched.at,
    endedAt,
  };
}

function openQuestions(questions: readonly Question[], event: RunEvent): readonly Question[] {
  switch (event.type) {
    case 'asked':
      return [...questions, event.question];
    case 'answered':
      return questions.filter((q) => q.id !== event.question);
    case 'ended':
      return [];
    default:
      return questions;
  }
}

function learnStep(model: RunModel, { stream, event }: Extract<WatchedEvent, { kind: 'step' }>): RunModel {
  const node = parseSubgoalId(stream.slice('subgoal/'.length))?.node;
  if (node === undefined) return model;
  if (event.type === 'asked') return learnQuestion(model, event.question);
  const before = model.work[node] ?? NO_WORK;
  const put = (change: Partial<NodeWork>): RunModel => ({
    ...model,
    work: { ...model.work, [node]: { ...before, ...change } },
  });
  switch (event.type) {
    case 'proposed':
      if (!model.planned.has(stream)) return { ...model, planned: new Set([...model.planned, stream]) };
      return put({ replans: before.replans + 1 });
    case 'decided':
      return put({ last: [event.action.skill, ...Object.values(event.action.args).map(String)].join(' ') });
    case 'observed':
      return isStale(event.result)
        ? model
        : put({ steps: before.steps + 1, failed: before.failed + (event.result.ok ? 0 : 1) });
    default:
      return model;
  }
}

/**
 * What a subgoal asks of its run's budget is the planner's business. The answer may be seen before the question: they
 * stand in two streams.
 */
function learnQuestion(model: RunModel, question: Question): RunModel {
  if (question.kind === 'budget' || model.run?.ended || model.run?.answers.has(question.id)) return model;
  return { ...model, questions: [...model.questions.filter((q) => q.id !== question.id), question] };
}

/** What the run has cost so far. */
export function totalsOf({ run, work }: RunModel): RunTotals {
  const all = Object.values(work);
  const sum = (pick: (w: NodeWork) => number): number => all.reduce((total, w) => total + pick(w), 0);
  const nodes = run?.plan?.nodes ?? [];
  return {
    steps: sum((w) => w.steps),
    failed: sum((w) => w.failed),
    replans: sum((w) => w.replans) + (run?.replans ?? 0),
    subgoals: nodes.length,
    done: nodes.filter((n) => run?.nodes.get(n.id)?.status === 'done').length,
  };
}
