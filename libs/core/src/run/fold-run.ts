import { forkRun, retryRun } from './begin-anew.js';
import { NO_COST, UNBOUNDED, addCosts, addToAllowance } from '../values/cost.js';
import { withFailure } from '../acting/failure.js';
import type { Goal } from '../goals/goal.js';
import { parseSubgoalId, type NodeId } from '../values/ids.js';
import type { Answer } from '../acting/question.js';
import type { NodeState, Run, RunQuestion } from './run.js';
import type { RunEvent } from './run-event.js';
import { mergeAnswers } from '../acting/skill-answer.js';

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
  outputs: {},
  checked: null,
  problems: [],
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
      return forkRun(run, event);
    case 'retried':
      return retryRun(run, event);
    case 'ended':
      return { ...run, ended: endOf(event) };
    default:
      return control(run, event);
  }
}

const endOf = ({ outcome, reason, result }: Extract<RunEvent, { type: 'ended' }>): NonNullable<Run['ended']> => ({
  outcome,
  reason,
  ...(result && { result }),
});

const open = (run: Run, opened: Extract<RunEvent, { type: 'opened' }>): Run => ({
  ...run,
  opened,
  spent: addCosts(run.spent, opened.spent ?? NO_COST),
});

function check(
  run: Run,
  { holds, problems = [], constraints = [], spent = NO_COST }: Extract<RunEvent, { type: 'checked' }>,
): Run {
  return { ...run, checked: holds, problems, constraints, spent: addCosts(run.spent, spent) };
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
    outputs: event.outputs === undefined ? run.outputs : { ...run.outputs, ...event.outputs },
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
