import { actionText, planSchema, type Action, type Effect, type Json, type StepEvent } from '@praxis/core';
import {
  actorCandidateSchema,
  designerCandidateSchema,
  intentionSchema,
  proposalSchema,
  type ActorCandidate,
  type PendingEffect,
} from '@praxis/strategy';
import { z } from 'zod';

/** Longest line, in characters. */
const LONGEST = 2_000;

/** An event that says what came of a thought. */
export type ThoughtEvent = Extract<StepEvent, { type: 'proposed' | 'scored' | 'verified' }>;

/** What came of a thought, one line for each candidate, score or violation. */
export function resultLines(event: ThoughtEvent, effect: PendingEffect | undefined): readonly string[] {
  switch (event.type) {
    case 'proposed':
      return event.candidates.map(candidateLine);
    case 'scored':
      return event.scores.map((score, i) =>
        scoreLine(score, effect?.kind === 'evaluate' ? effect.candidates[i] : undefined),
      );
    case 'verified':
      return event.violations.map(oneLine);
  }
}

/** What a check was about; empty for anything else. */
export function aboutLine(effect: (Pick<Effect, 'kind'> & { readonly candidate?: Json }) | undefined): string {
  if (effect?.kind !== 'verify' || effect.candidate === undefined) return '';
  if (typeof effect.candidate === 'string') return oneLine(effect.candidate);
  const planned = planOnlySchema.safeParse(effect.candidate);
  return planned.success ? `plan ${planned.data.plan.version}` : candidateLine(effect.candidate);
}

const scoreLine = (score: number, candidate: Json | undefined): string => {
  const shown = String(Math.round(score * 1000) / 1000);
  return candidate === undefined ? shown : oneLine(`${shown} ${subjectOf(candidate)}`);
};

/** A candidate without what is said for it. */
function subjectOf(candidate: Json): string {
  const actor = actorCandidateSchema.safeParse(candidate);
  if (!actor.success) return candidateLine(candidate);
  return actor.data.kind === 'act' ? actionText(actor.data.action) : actor.data.kind;
}

/** For people: what a candidate is; a shape that nobody here knows is told as it stands. */
export function candidateLine(candidate: Json): string {
  const actor = actorCandidateSchema.safeParse(candidate);
  if (actor.success) return oneLine(actorLine(actor.data));
  const proposal = proposalSchema.safeParse(candidate);
  if (proposal.success)
    return oneLine(
      `${counted(proposal.data.steps.length, 'step')}: ${actionsText(proposal.data.steps.map((s) => s.action))}`,
    );
  const designed = designerCandidateSchema.safeParse(candidate);
  if (designed.success)
    return oneLine(
      'questions' in designed.data ? `asks: ${designed.data.questions.join(' ')}` : planLine(designed.data),
    );
  const intention = intentionSchema.strict().safeParse(candidate);
  if (intention.success) return oneLine(intentionLine(intention.data));
  return oneLine(JSON.stringify(candidate));
}

const planOnlySchema = z.object({ plan: planSchema });

function actorLine(candidate: ActorCandidate): string {
  const { times } = candidate;
  const votes = times > 1 ? ` (${times} times)` : '';
  switch (candidate.kind) {
    case 'act':
      return `${actionText(candidate.action)}${votes}${because(candidate.why)}`;
    case 'ask':
      return `ask${votes}: ${candidate.question}`;
    default:
      return `${candidate.kind}${votes}${because(candidate.why)}`;
  }
}

const because = (why: string): string => (why === '' ? '' : `: ${why}`);

function planLine({
  plan,
  evaluated,
}: {
  readonly plan: z.infer<typeof planSchema>;
  readonly evaluated: number;
}): string {
  const subgoals = plan.nodes
    .map(({ id, owner, title }) => `${id} ${owner === null ? '' : `${owner} `}${title}`)
    .join('; ');
  const found = evaluated > 0 ? `, ${counted(evaluated, 'state')} evaluated` : '';
  return `plan ${plan.version}, ${counted(plan.nodes.length, 'subgoal')}${found}: ${subgoals}`;
}

function intentionLine({ actions, conditions, why }: z.infer<typeof intentionSchema>): string {
  const parts = [
    actions.length > 0 ? actionsText(actions) : '',
    conditions.length > 0 ? `bring about ${conditions.join(' ')}` : '',
  ].filter((part) => part !== '');
  return `${parts.join(', ') || 'nothing'}${because(why)}`;
}

const actionsText = (actions: readonly Action[]): string => actions.map(actionText).join(' ');

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
