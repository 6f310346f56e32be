import { shortActionText, costText, isStale, parseSubgoalId, type RunEvent, type StepEvent } from '@praxis/core';
import type { WatchedEvent } from '@praxis/wire';
import { questionLine } from './question-lines.js';
import { brief, thoughtText } from './thought-line.js';
import { count, moment, visible } from './words.js';

/**
 * An event as one line for a log; null where it tells a reader nothing. Steps are told only where asked for, questions
 * to people always.
 */
export function eventLine(name: string, watched: WatchedEvent, hasSteps: boolean): string | null {
  if (watched.kind === 'run') {
    const text = runText(watched.event);
    return text === null ? null : visible(`${name}: ${text}`);
  }
  const node = watched.stream.startsWith('subgoal/')
    ? parseSubgoalId(watched.stream.slice('subgoal/'.length))?.node
    : undefined;
  const text = node === undefined ? null : (blockedText(watched.event) ?? stepText(watched.event, hasSteps));
  return text === null ? null : visible(`${name}: ${node} ${text}`);
}

function runText(event: RunEvent): string | null {
  switch (event.type) {
    case 'accepted':
      return 'accepted';
    case 'opened':
      return openedText(event);
    case 'planned':
      return plannedText(event);
    case 'dispatched':
      return null;
    case 'spent':
      return spentText(event);
    case 'settled':
      return settledText(event);
    case 'checked':
      return checkedText(event);
    case 'blocked':
      return `cannot go on for now: ${event.reason}`;
    case 'ended':
      return endedText(event);
    default:
      return controlText(event);
  }
}

const spentText = ({ modelCalls, on }: Extract<RunEvent, { type: 'spent' }>): string | null =>
  modelCalls === 0
    ? null
    : `${count(modelCalls, 'model call')} ${on === 'opening' ? 'to understand the request, no goal yet' : 'for the planning, no plan yet'}`;

/** That the goal holds goes without saying; what was not checked does not. */
const endedText = ({ outcome, reason }: Extract<RunEvent, { type: 'ended' }>): string =>
  outcome === 'done' && ['', 'the goal holds'].includes(reason) ? 'done' : `${outcome}: ${reason}`;

type ControlEvent = Extract<
  RunEvent,
  { type: 'asked' | 'answered' | 'reminded' | 'overtime' | 'paused' | 'resumed' | 'retried' | 'cancelling' | 'forked' }
>;

function controlText(event: ControlEvent): string | null {
  switch (event.type) {
    case 'asked':
      return questionLine(event.question);
    case 'answered':
      return answeredText(event);
    case 'reminded':
      return null;
    case 'overtime':
      return 'the time that the budget allows is over';
    case 'paused':
      return `paused: ${event.reason}`;
    case 'resumed':
      return 'goes on';
    case 'retried':
      return retriedText(event);
    case 'cancelling':
      return `${event.outcome === 'cancelled' ? 'being cancelled' : 'being stopped'}: ${event.reason}`;
    case 'forked':
      return `forked from ${event.parent}`;
  }
}

const retriedText = ({ by, reopened }: Extract<RunEvent, { type: 'retried' }>): string =>
  reopened ? `reopened by ${by}` : `${by} asks to try again now`;

function answeredText({ question, answer }: Extract<RunEvent, { type: 'answered' }>): string | null {
  const { by, verdict, reason } = answer;
  return by === 'planner'
    ? null
    : `${by} answers ${question}: ${verdict}${givenText(answer)}${reason === '' ? '' : ` (${reason})`}`;
}

/** What an answer gives beside its verdict: a value, changed arguments, a grant. */
function givenText({ value, args, grant }: Extract<RunEvent, { type: 'answered' }>['answer']): string {
  const parts = [
    ...(value === null ? [] : [brief(typeof value === 'string' ? value : JSON.stringify(value))]),
    ...(args === null ? [] : [brief(JSON.stringify(args))]),
    ...(grant === null ? [] : [costText(grant)]),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

function checkedText({ holds, constraints = [] }: Extract<RunEvent, { type: 'checked' }>): string | null {
  if (!holds) return 'the goal does not hold yet';
  return constraints.length === 0
    ? null
    : `a model judges the constraints: ${constraints.map((c) => `"${c.text}" ${c.verdict}`).join(', ')}`;
}

function openedText({
  call,
  condition,
  constraints = [],
  tools,
}: Extract<RunEvent, { type: 'opened' }>): string | null {
  const made =
    call === undefined
      ? []
      : [
          `a model understands the goal as ${condition}${constraints.length === 0 ? '' : `, keeping to: ${constraints.join('; ')}`}`,
        ];
  const learned = tools.length === 0 ? [] : [`world open, with ${count(tools.length, 'learned tool')}`];
  return made.length + learned.length === 0 ? null : [...made, ...learned].join('; ');
}

function plannedText({ plan, diff, reason }: Extract<RunEvent, { type: 'planned' }>): string {
  if (reason === 'first') return `planned, ${count(plan.nodes.length, 'subgoal')}`;
  const why = reason === 'repair' ? 'repaired' : 'goal not reached yet';
  return `${why}, plan ${plan.version} with ${count(diff.added.length, 'new subgoal')}, ${diff.kept.length} kept`;
}

function settledText({ node, outcome, steps, failedSteps, reason }: Extract<RunEvent, { type: 'settled' }>): string {
  const failed = failedSteps > 0 ? `, ${failedSteps} failed` : '';
  return `subgoal ${node} ${outcome}, ${count(steps, 'step')}${failed}${outcome === 'done' ? '' : ` (${reason})`}`;
}

const blockedText = (event: StepEvent): string | null =>
  event.type === 'blocked' ? `cannot go on for now: ${event.reason}` : null;

function stepText(event: StepEvent, hasSteps: boolean): string | null {
  // What a subgoal asks of its run's budget is the planner's business.
  if (event.type === 'asked') return event.question.kind === 'budget' ? null : questionLine(event.question);
  if (event.type === 'postponed') return `waits until ${moment(event.until)}${beforeAttempt(event)}: ${event.message}`;
  if (!hasSteps) return null;
  switch (event.type) {
    case 'proposed':
    case 'scored':
      return thoughtText(event);
    case 'decided':
      return event.origin === 'model' && event.why !== ''
        ? `${shortActionText(event.action)}: ${brief(event.why)}`
        : shortActionText(event.action);
    case 'observed':
      return observedText(event);
    default:
      return null;
  }
}

function observedText({ result, answeredBy }: Extract<StepEvent, { type: 'observed' }>): string | null {
  if (isStale(result)) return `decided again: ${result.message}`;
  if (!result.ok) return `failed: ${result.message}`;
  return answeredBy === undefined ? null : `${answeredBy} answered: ${brief(result.message)}`;
}

/** What gives way to another subgoal has failed in nothing. */
const beforeAttempt = ({ code, attempt }: { readonly code: string; readonly attempt: number }): string =>
  code === 'stale' ? '' : ` before attempt ${attempt + 1}`;
