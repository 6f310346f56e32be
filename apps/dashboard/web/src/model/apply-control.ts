import type { WatchedEvent } from '../../../src/api.js';
import { addCosts, addToBounds } from './cost.js';
import { answerWords, KIND_WORDS } from './question-words.js';
import { isForPeople } from './questions.js';
import type { Tell } from './apply-run.js';
import type { Draft } from './run-model.js';
import { overrideWords } from './run-words.js';
import { duration } from './words.js';

type RunWatched = Extract<WatchedEvent, { kind: 'run' }>;
type Of<T extends RunWatched['event']['type']> = Extract<RunWatched['event'], { type: T }>;
type ControlEvent = Of<
  'asked' | 'answered' | 'reminded' | 'overtime' | 'paused' | 'resumed' | 'retried' | 'cancelling' | 'forked'
>;

/** Learns what people said to the run and what it asked of them, and what holds it back. */
export function applyControlEvent(draft: Draft, event: ControlEvent, at: number, tell: Tell): void {
  switch (event.type) {
    case 'asked':
      draft.asked[event.question.id] = { question: event.question, subgoal: null, askedAt: at, reminders: 0 };
      hold(draft, event.question.id, at);
      return tell(KIND_WORDS[event.question.kind].asks, { tone: 'ask', detail: event.question.text });
    case 'answered':
      return applyAnswered(draft, event, at, tell);
    case 'reminded':
      return applyReminded(draft, event, tell);
    case 'overtime':
      draft.overtime = true;
      return tell('Out of time', { tone: 'warn', detail: `after ${duration(event.wallMs)} of work` });
    case 'paused':
      draft.paused = event.reason;
      hold(draft, PAUSE, at);
      return tell('Paused', { tone: 'warn', detail: event.reason });
    case 'resumed':
      draft.paused = null;
      release(draft, PAUSE, at);
      return tell('Resumed', { detail: `by ${event.by}` });
    case 'retried':
      return applyRetried(draft, event, tell);
    case 'cancelling':
      draft.cancelling = { reason: event.reason, outcome: event.outcome };
      return tell(event.outcome === 'failed' ? 'Being stopped' : 'Being cancelled', {
        tone: 'warn',
        detail: event.reason,
      });
    case 'forked':
      return applyForked(draft, event, at, tell);
  }
}

function applyRetried(draft: Draft, { by, reopened }: Of<'retried'>, tell: Tell): void {
  if (!reopened) return tell('Retried', { detail: `${by} asks to try again now` });
  for (const [id, node] of Object.entries(draft.nodes))
    if (node.status !== 'done') draft.nodes[id] = { ...node, status: 'pending', reason: '' };
  Object.assign(draft, {
    overtime: false,
    extensions: 0,
    paused: null,
    cancelling: null,
    ended: null,
    endedAt: null,
    held: { by: [], since: null, ms: draft.held.ms },
  });
  tell('Reopened', { tone: 'plan', detail: `by ${by}` });
}

/** Stands among the questions that hold the run's clock; no question is called so. */
const PAUSE = 'paused';

/** The run's clock stands still from the first thing that holds it to the last that lets it go. */
function hold(draft: Draft, what: string, at: number): void {
  const { by, since } = draft.held;
  draft.held = { ...draft.held, by: [...by.filter((b) => b !== what), what], since: since ?? at };
}

function release(draft: Draft, what: string, at: number): void {
  const { by, since, ms } = draft.held;
  const left = by.filter((b) => b !== what);
  draft.held =
    left.length > 0 || since === null ? { by: left, since, ms } : { by: [], since: null, ms: ms + at - since };
}

function applyAnswered(draft: Draft, { question, subgoal, answer }: Of<'answered'>, at: number, tell: Tell): void {
  draft.answers[question] = answer;
  release(draft, question, at);
  const place = subgoal === null ? null : /(\d+\.\d+)\.(\d+)$/.exec(subgoal);
  if (answer.verdict === 'grant' && place) grantToNode(draft, place[1]!, Number(place[2]), answer.grant);
  else if (answer.verdict === 'grant') {
    const extensions = draft.extensions + (draft.overtime ? 1 : 0);
    Object.assign(draft, {
      overtime: false,
      extensions,
      granted: answer.grant ? addCosts(draft.granted, answer.grant) : draft.granted,
    });
  }
  const asked = draft.asked[question];
  const isPeoples = asked ? isForPeople(asked) : answer.by !== 'planner';
  const { said, more } = answerWords(answer);
  tell(said, { node: place?.[1] ?? null, tone: isPeoples ? 'ask' : 'plain', detail: more });
}

function grantToNode(draft: Draft, id: string, attempt: number, grant: Of<'answered'>['answer']['grant']): void {
  const node = draft.nodes[id];
  if (node && node.attempt === attempt && grant !== null)
    draft.nodes[id] = { ...node, allowance: addToBounds(node.allowance, grant) };
}

function applyReminded(draft: Draft, { question, subgoal }: Of<'reminded'>, tell: Tell): void {
  const asked = draft.asked[question];
  if (asked) draft.asked[question] = { ...asked, reminders: asked.reminders + 1 };
  tell('People were reminded', {
    node: subgoal === null ? null : (/(\d+\.\d+)\.\d+$/.exec(subgoal)?.[1] ?? null),
    tone: 'ask',
    detail: asked?.question.text ?? question,
  });
}

function applyForked(draft: Draft, { parent, session, overrides, again }: Of<'forked'>, at: number, tell: Tell): void {
  const { goal, opened } = draft;
  for (const id of again) if (draft.nodes[id]) draft.nodes[id] = { ...draft.nodes[id], status: 'pending', reason: '' };
  Object.assign(draft, {
    forked: { parent, overrides, at },
    goal: goal && { ...goal, seed: overrides.seed ?? goal.seed, strategy: overrides.strategy ?? goal.strategy },
    opened: opened && { ...opened, session, tools: overrides.tools ?? opened.tools },
    paused: null,
    cancelling: null,
    ended: null,
    endedAt: null,
  });
  const otherwise = overrideWords(overrides);
  tell('Forked', {
    tone: 'plan',
    detail: `from ${parent}${otherwise.length === 0 ? '' : `, with ${otherwise.join(', ')}`}`,
  });
}
