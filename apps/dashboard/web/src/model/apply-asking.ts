import type { WatchedEvent } from '../../../src/api.js';
import { changeStep } from './apply-step.js';
import { answerWords, KIND_WORDS } from './question-words.js';
import { isForPeople } from './questions.js';
import type { Attempt, Draft } from './run-model.js';
import type { MomentEntry } from './timeline-entry.js';
import { count, moment } from './words.js';

type StepWatched = Extract<WatchedEvent, { kind: 'step' }>;
type Of<T extends StepWatched['event']['type']> = Extract<StepWatched['event'], { type: T }>;

/** Learns what a subgoal asks, and that it waits or goes on. */
export function applyAsking(draft: Draft, attempt: Attempt, watched: StepWatched): void {
  const { event, stream, position, at } = watched;
  const tell = (tone: MomentEntry['tone'], text: string, detail: string): void => {
    draft.entries.push({ kind: 'moment', key: `${stream}:${position}`, at, node: attempt.node, tone, text, detail });
  };
  switch (event.type) {
    case 'asked':
      return applyAsked(draft, attempt, event, at, tell);
    case 'parked':
      draft.attempts[attempt.id] = { ...attempt, parked: event.questions, until: event.until ?? null };
      // What it waits for stands just before, with the time.
      if (event.questions.length === 0) return;
      return tell(
        event.questions.some((id) => isPeoples(draft, id)) ? 'ask' : 'plain',
        'Parked',
        `holds nothing until ${count(event.questions.length, 'answer')} ${event.questions.length === 1 ? 'is' : 'are'} there`,
      );
    case 'postponed':
      changeStep(draft, `${attempt.id}:${event.id}`, () => ({ outcome: 'waiting', message: event.message }));
      return tell(
        'warn',
        'Waits to try again',
        `until ${moment(event.until)}, ${count(event.attempt, 'attempt')} failed: ${event.message}`,
      );
    case 'tried':
    case 'observed':
      draft.attempts[attempt.id] = { ...attempt, until: null };
      return;
    case 'replied':
      return applyReplied(draft, attempt, event, tell);
    default:
  }
}

type Tell = (tone: MomentEntry['tone'], text: string, detail: string) => void;

const isPeoples = (draft: Draft, id: string): boolean => {
  const asked = draft.asked[id];
  return asked === undefined || isForPeople(asked);
};

function applyAsked(draft: Draft, attempt: Attempt, { id, question }: Of<'asked'>, at: number, tell: Tell): void {
  const asked = { question, subgoal: attempt.id, askedAt: at, reminders: draft.asked[question.id]?.reminders ?? 0 };
  draft.asked[question.id] = asked;
  changeStep(draft, `${attempt.id}:${id}`, () => ({ outcome: isForPeople(asked) ? 'asking' : 'waiting' }));
  tell(isForPeople(asked) ? 'ask' : 'plain', KIND_WORDS[question.kind].asks, question.text);
}

function applyReplied(draft: Draft, attempt: Attempt, { id, question, answer }: Of<'replied'>, tell: Tell): void {
  draft.answers[question] = answer;
  draft.attempts[attempt.id] = { ...attempt, parked: [] };
  // Other arguments are another decision: this one is not carried out.
  const isOther = answer.verdict === 'edit';
  changeStep(draft, `${attempt.id}:${id}`, () =>
    isOther ? { outcome: 'cancelled', message: `${answer.by} changed its arguments` } : { outcome: 'running' },
  );
  tell(isPeoples(draft, question) ? 'ask' : 'plain', 'Goes on', answerWords(answer).said.toLowerCase());
}
