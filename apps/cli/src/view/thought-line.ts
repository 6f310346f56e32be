import type { StepEvent } from '@praxis/core';
import { candidateText, readActorCandidates, type ActorCandidate } from '@praxis/strategy';
import { visible } from './words.js';
import { wrap } from './wrap.js';

type Thought = Extract<StepEvent, { type: 'proposed' | 'scored' }>;

/** As much of what a model says as a line of a log has room for. */
const WIDTH = 120;

/**
 * What a model thought of, as part of a line; null where it was no model, or where the decision that follows says as
 * much.
 */
export function thoughtText(event: Thought): string | null {
  if (event.call === undefined) return null;
  if (event.type === 'scored') return `judged by a model: ${event.scores.map((score) => score.toFixed(2)).join(', ')}`;
  const candidates = readActorCandidates(event.candidates);
  const [first, ...others] = candidates;
  if (first) return others.length > 0 ? `a model would: ${candidates.map(votedText).join(', ')}` : loneText(first);
  return event.candidates.length > 0
    ? 'a model thinks ahead'
    : `a model says nothing of use${event.note === '' ? '' : `: ${brief(event.note)}`}`;
}

const votedText = (candidate: ActorCandidate): string =>
  `${candidateText(candidate)}${candidate.times > 1 ? ` ×${candidate.times}` : ''}`;

function loneText(candidate: ActorCandidate): string | null {
  // An action is decided next, and a question is asked.
  if (candidate.kind === 'act' || candidate.kind === 'ask') return null;
  return `a model says that it is ${candidate.kind}${candidate.why === '' ? '' : `: ${brief(candidate.why)}`}`;
}

/** The beginning of a text, in one line. */
export function brief(text: string): string {
  const [line, ...more] = wrap(visible(text), WIDTH);
  return more.length > 0 ? `${line} …` : (line ?? '');
}
