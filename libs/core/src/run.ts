import type { Tool } from './archive.js';
import type { ConstraintVerdict, ConstraintView } from './constraint.js';
import { NO_COST, UNBOUNDED, addCosts, addToAllowance, type Allowance, type Cost } from './cost.js';
import { withFailure, type Failure } from './failure.js';
import type { Goal } from './goal.js';
import { parseSubgoalId, type NodeId } from './ids.js';
import type { Plan } from './plan.js';
import type { Answer, Question } from './question.js';
import type { ForkOverrides, RunEvent } from './run-event.js';
import { mergeAnswers, type SkillAnswer } from './skill-answer.js';
import type { Outcome } from './step.js';

export type NodeStatus = 'pending' | 'dispatched' | Outcome;

/** Where one node of the current plan stands. */
export interface NodeState {
  readonly status: NodeStatus;
  readonly attempt: number;
  readonly reason: string;
  /** What it may spend, with what was granted since; counts only while it is dispatched. */
  readonly allowance: Allowance;
}

/** What the run asked for itself, and the answer once there is one. */
export interface RunQuestion {
  readonly question: Question;
  readonly answer: Answer | null;
}

/** What a run that was reopened had used up when it failed. */
export interface Reopening {
  readonly replans: number;
  readonly asked: number;
  /** Plannings that came to nothing since the latest plan: their versions are taken. */
  readonly plannings: number;
}

/** A run as its events tell it. */
export interface Run {
  readonly goal: Goal;
  readonly opened: Extract<RunEvent, { type: 'opened' }> | null;
  readonly plan: Plan | null;
  /** A part of the plan was made by a model. */
  readonly isModelsPlan: boolean;
  readonly nodes: ReadonlyMap<NodeId, NodeState>;
  readonly steps: number;
  readonly failedSteps: number;
  /** Plans after the first. */
  readonly replans: number;
  /** Local plans that executors made after their first. */
  readonly localReplans: number;
  readonly toolsUsed: readonly string[];
  readonly failures: readonly Failure[];
  /** What skills outside the world answered in settled subgoals. */
  readonly heard: readonly SkillAnswer[];
  readonly checked: boolean | null;
  /** What came of the constraints of the request when the goal was last found to hold. */
  readonly constraints: readonly ConstraintVerdict[];
  /** What openings, plannings and settled subgoals have spent, those that led to nothing among them. */
  readonly spent: Cost;
  /** What people granted beyond the goal's budget. */
  readonly granted: Cost;
  readonly asked: readonly RunQuestion[];
  /** Answers to questions of subgoals, by question. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly overtime: boolean;
  /** How often people gave the run its time once more. */
  readonly extensions: number;
  /** Why the run cannot go on for now, while it is tried again; null once it went on. */
  readonly blocked: string | null;
  readonly paused: string | null;
  readonly cancelling: { readonly reason: string; readonly outcome: 'failed' | 'cancelled' } | null;
  /** How often people asked it to try again. */
  readonly retries: number;
  /** Where it began anew after it had failed: what was counted by then does not count against it. */
  readonly reopened: Reopening;
  readonly forked: { readonly parent: string; readonly overrides: ForkOverrides } | null;
  readonly ended: { readonly outcome: Outcome; readonly reason: string } | null;
}

const begin = (goal: Goal): Run => ({
  goal,
  opened: null,
  plan: null,
  isModelsPlan: false,
  nodes: new Map(),
  steps: 0,
  failedSteps: 0,
  replans: 0,
  localReplans: 0,
  toolsUsed: [],
  failures: [],
  heard: [],
  checked: null,
  constraints: [],
  spent: NO_COST,
  granted: NO_COST,
  asked: [],
  answers: new Map(),
  overtime: false,
  extensions: 0,
  blocked: null,
  paused: null,
  cancelling: null,
  retries: 0,
  reopened: { replans: 0, asked: 0, plannings: 0 },
  forked: null,
  ended: null,
});

const FRESH: NodeState = { status: 'pending', attempt: 0, reason: '', allowance: UNBOUNDED };

/**
 * Reads a run's events, pure (S1); null before `accepted`. Takes time linear in the events and in the plans they hold.
 */
export function fold(events: readonly RunEvent[]): Run | null {
  return read(null, events);
}

/** The run after some more events; the run itself stays as it is. */
export function foldOn(run: Run, events: readonly RunEvent[]): Run {
  return read(
    {
      ...run,
      nodes: new Map(run.nodes),
      failures: [...run.failures],
      asked: [...run.asked],
      answers: new Map(run.answers),
    },
    events,
  )!;
}

/** The collections of `before` are this reading's own until it returns, so that an event may change them in place. */
function read(before: Run | null, events: readonly RunEvent[]): Run | null {
  let run = before;
  for (const event of events) {
    if (event.type === 'accepted') run = begin(event.goal);
    else if (run) run = { ...apply(run, event), blocked: event.type === 'blocked' ? event.reason : null };
  }
  return run;
}

function apply(run: Run, event: Exclude<RunEvent, { type: 'accepted' }>): Run {
  switch (event.type) {
    case 'opened':
      return open(run, event);
    case 'planned':
      return adopt(run, event);
    case 'dispatched':
      // Whether the goal holds has to be asked again after any work.
      return {
        ...setNode(run, event.node, {
          status: 'dispatched',
          attempt: event.attempt,
          reason: '',
          allowance: event.allowance,
        }),
        checked: null,
      };
    case 'settled':
      return settle(run, event);
    case 'spent':
      return { ...run, spent: addCosts(run.spent, event.spent) };
    case 'checked':
      return check(run, event);
    case 'forked':
      return fork(run, event);
    case 'retried':
      return retry(run, event);
    case 'ended':
      return { ...run, ended: { outcome: event.outcome, reason: event.reason } };
    default:
      return control(run, event);
  }
}

const open = (run: Run, opened: Extract<RunEvent, { type: 'opened' }>): Run => ({
  ...run,
  opened,
  spent: addCosts(run.spent, opened.spent ?? NO_COST),
});

function check(run: Run, { holds, constraints = [], spent = NO_COST }: Extract<RunEvent, { type: 'checked' }>): Run {
  return { ...run, checked: holds, constraints, spent: addCosts(run.spent, spent) };
}

function adopt(run: Run, { plan, diff, reason, modelCalls, spent }: Extract<RunEvent, { type: 'planned' }>): Run {
  const nodes = new Map(plan.nodes.map((n) => [n.id, run.nodes.get(n.id) ?? FRESH]));
  const isModelsPlan = modelCalls !== undefined || (run.isModelsPlan && diff.kept.length > 0);
  return {
    ...run,
    plan,
    isModelsPlan,
    nodes,
    reopened: { ...run.reopened, plannings: 0 },
    replans: run.replans + (reason === 'first' ? 0 : 1),
    checked: null,
    spent: addCosts(run.spent, spent ?? NO_COST),
  };
}

/** What people and the clock say. */
type Control = Extract<
  RunEvent,
  { type: 'asked' | 'answered' | 'reminded' | 'blocked' | 'overtime' | 'paused' | 'resumed' | 'cancelling' }
>;

function control(run: Run, event: Control): Run {
  switch (event.type) {
    case 'asked':
      (run.asked as RunQuestion[]).push({ question: event.question, answer: null });
      return run;
    case 'answered':
      return event.subgoal === null ? answerRun(run, event) : answerSubgoal(run, event.subgoal, event);
    case 'reminded':
    case 'blocked':
      return run;
    case 'overtime':
      return { ...run, overtime: true };
    case 'paused':
      return { ...run, paused: event.reason };
    case 'resumed':
      return { ...run, paused: null };
    case 'cancelling':
      return { ...run, cancelling: { reason: event.reason, outcome: event.outcome } };
  }
}

function setNode(run: Run, node: NodeId, state: NodeState): Run {
  (run.nodes as Map<NodeId, NodeState>).set(node, state);
  return run;
}

function settle(run: Run, event: Extract<RunEvent, { type: 'settled' }>): Run {
  const next = setNode(run, event.node, {
    ...FRESH,
    status: event.outcome,
    attempt: event.attempt,
    reason: event.reason,
  });
  return {
    ...next,
    steps: run.steps + event.steps,
    failedSteps: run.failedSteps + event.failedSteps,
    localReplans: run.localReplans + event.replans,
    toolsUsed: [...new Set([...run.toolsUsed, ...event.toolsUsed])],
    failures: event.failures.reduce(withFailure, run.failures),
    heard: mergeAnswers(run.heard, event.heard ?? []),
    spent: addCosts(run.spent, event.spent),
  };
}

type Answered = Extract<RunEvent, { type: 'answered' }>;

function answerRun(run: Run, { question, answer }: Answered): Run {
  const asked = run.asked.map((q) => (q.question.id === question && q.answer === null ? { ...q, answer } : q));
  const granted =
    answer.verdict === 'grant' && answer.grant !== null ? addCosts(run.granted, answer.grant) : run.granted;
  if (answer.verdict !== 'grant') return { ...run, asked };
  return { ...run, asked, granted, overtime: false, extensions: run.extensions + (run.overtime ? 1 : 0) };
}

function answerSubgoal(run: Run, subgoal: string, { question, answer }: Answered): Run {
  (run.answers as Map<string, Answer>).set(question, answer);
  const id = parseSubgoalId(subgoal);
  const node = id && run.nodes.get(id.node);
  if (!node || node.attempt !== id.attempt || answer.verdict !== 'grant' || answer.grant === null) return run;
  return setNode(run, id.node, { ...node, allowance: addToAllowance(node.allowance, answer.grant) });
}

function fork(run: Run, event: Extract<RunEvent, { type: 'forked' }>): Run {
  const { overrides } = event;
  const goal = {
    ...run.goal,
    seed: overrides.seed ?? run.goal.seed,
    strategy: overrides.strategy ?? run.goal.strategy,
  };
  const opened = run.opened && {
    ...run.opened,
    session: event.session,
    tools: overrides.tools ?? run.opened.tools,
    versions: overrides.versions ?? run.opened.versions,
  };
  const nodes = new Map(
    [...run.nodes].map(([id, at]) => [
      id,
      event.again.includes(id) ? { ...at, status: 'pending' as const, reason: '' } : at,
    ]),
  );
  return {
    ...run,
    goal,
    opened,
    nodes,
    forked: { parent: event.parent, overrides },
    asked: run.asked.filter((q) => q.answer !== null),
    overtime: false,
    extensions: 0,
    paused: null,
    cancelling: null,
    ended: null,
  };
}

/** Reopened, whatever had failed begins anew, and nothing is refused for good any more. */
function retry(run: Run, { reopened }: Extract<RunEvent, { type: 'retried' }>): Run {
  const retries = run.retries + 1;
  if (!reopened) return { ...run, retries };
  const nodes = new Map(
    [...run.nodes].map(([id, at]) => [
      id,
      at.status === 'done' ? at : { ...at, status: 'pending' as const, reason: '' },
    ]),
  );
  return {
    ...run,
    retries,
    nodes,
    failures: run.failures.filter((f) => f.permanent !== true),
    asked: run.asked.map((q) => (q.answer === null ? { ...q, answer: UNANSWERED } : q)),
    reopened: { replans: run.replans, asked: run.asked.length, plannings: run.reopened.plannings + 1 },
    checked: null,
    overtime: false,
    extensions: 0,
    paused: null,
    cancelling: null,
    ended: null,
  };
}

/** What was still open when the run failed; nobody is asked it any more. */
const UNANSWERED: Answer = {
  verdict: 'expired',
  by: 'planner',
  reason: 'the run ended before anybody answered',
  args: null,
  grant: null,
  value: null,
};

/** The version of the next plan; plannings that failed before the run was reopened have used up theirs. */
export const nextPlanVersion = ({ plan, reopened }: Pick<Run, 'plan' | 'reopened'>): number =>
  (plan?.version ?? 0) + 1 + reopened.plannings;

/** Tools that a run may use. */
export function toolsOf(run: Run): readonly Tool[] {
  return run.opened?.tools ?? [];
}

/** The constraints of a run's request, with what is known of each. */
export function constraintsOf({ opened, constraints }: Pick<Run, 'opened' | 'constraints'>): readonly ConstraintView[] {
  return (opened?.constraints ?? []).map(
    (text) => constraints.find((v) => v.text === text) ?? { text, verdict: 'pending', why: '' },
  );
}

/**
 * Where untrusted parts of whatever is done for a run come from: a model's words decide what is to be reached, or how.
 */
export const taintOf = ({ opened, isModelsPlan }: Pick<Run, 'opened' | 'isModelsPlan'>): readonly string[] =>
  isModelsPlan || opened?.call !== undefined ? ['model'] : [];
