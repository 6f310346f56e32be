import { actionText, parseSubgoalId, type RunEvent, type StepEvent } from '@praxis/core';
import type { WatchedEvent } from '@praxis/wire';
import { questionLine } from './question-lines.js';
import { brief, thoughtText } from './thought-line.js';
import { count, visible } from './words.js';

/** An event as one line for a log; null where it tells a reader nothing. Steps are told only where asked for, questions to people always. */
export function eventLine(name: string, watched: WatchedEvent, hasSteps: boolean): string | null {
  if (watched.kind === 'run') {
    const text = runText(watched.event);
    return text === null ? null : visible(`${name}: ${text}`);
  }
  const node = watched.stream.startsWith('subgoal/') ? parseSubgoalId(watched.stream.slice('subgoal/'.length))?.node : undefined;
  const text = node === undefined ? null : stepText(watched.event, hasSteps);
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
      return event.modelCalls === 0 ? null : `${count(event.modelCalls, 'model call')} for the ${event.on} led to nothing`;
    case 'settled':
      return settledText(event);
    case 'checked':
      return event.holds ? null : 'all subgoals are done, but the goal does not hold';
    case 'ended':
      return event.outcome === 'done' ? 'done' : `${event.outcome}: ${event.reason}`;
    default:
      return controlText(event);
  }
}

type ControlEvent = Extract<RunEvent, { type: 'asked' | 'answered' | 'reminded' | 'overtime' | 'paused' | 'resumed' | 'cancelling' | 'forked' }>;

function controlText(event: ControlEvent): string | null {
  switch (event.type) {
    case 'asked':
      return questionLine(event.question);
    case 'answered':
      return event.answer.by === 'planner' ? null : `${event.answer.by} answers ${event.question}: ${event.answer.verdict}${event.answer.reason === '' ? '' : ` (${event.answer.reason})`}`;
    case 'reminded':
      return null;
    case 'overtime':
      return 'the time that the budget allows is over';
    case 'paused':
      return `paused: ${event.reason}`;
    case 'resumed':
      return 'goes on';
    case 'cancelling':
      return `${event.outcome === 'cancelled' ? 'being cancelled' : 'being stopped'}: ${event.reason}`;
    case 'forked':
      return `forked from ${event.parent}`;
  }
}

function openedText({ call, condition, tools }: Extract<RunEvent, { type: 'opened' }>): string | null {
  const made = call === undefined ? [] : [`a model understands the goal as ${condition}`];
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

function stepText(event: StepEvent, hasSteps: boolean): string | null {
  // What a subgoal asks of its run's budget is the planner's business.
  if (event.type === 'asked') return event.question.kind === 'budget' ? null : questionLine(event.question);
  if (!hasSteps) return null;
  switch (event.type) {
    case 'proposed':
    case 'scored':
      return thoughtText(event);
    case 'decided':
      return event.origin === 'model' && event.why !== '' ? `${actionText(event.action)}: ${brief(event.why)}` : actionText(event.action);
    case 'observed':
      return event.result.ok ? null : `failed: ${event.result.message}`;
    default:
      return null;
  }
}
