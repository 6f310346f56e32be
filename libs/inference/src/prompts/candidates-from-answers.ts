import { actionText, type Action, type SkillManifest } from '@praxis/core';
import { VERDICTS, type NextActionAnswer } from './answers.js';
import { readAction } from './read-action.js';
import { readCall } from './read-terms.js';

/** What an actor proposes, and how many samples proposed it. */
export type ActorProposal =
  | {
      readonly kind: 'act';
      readonly action: Action;
      readonly why: string;
      readonly times: number;
      readonly origin: 'model';
      readonly taint: readonly string[];
    }
  | { readonly kind: 'done' | 'stuck'; readonly why: string; readonly times: number }
  | { readonly kind: 'ask'; readonly question: string; readonly times: number };

/**
 * What models answered, equal proposals as one with the reason that was given first; most frequent first, then in the
 * order of the samples. Questions count as one proposal, since no two are worded alike. What is of no use is left out;
 * `nextActionProblems` says why.
 */
export function candidatesOf(
  answers: readonly NextActionAnswer[],
  legal: readonly Action[],
  taint: readonly string[] = [],
  calls: readonly SkillManifest[] = [],
): readonly ActorProposal[] {
  const choice: Choice = { legal: new Map(legal.map((action) => [actionText(action), action])), calls };
  const merged = new Map<string, ActorProposal>();
  for (const answer of answers) {
    const read = proposalOf(answer, choice, taint);
    if (typeof read === 'string') continue;
    const key = read.kind === 'act' ? actionText(read.action) : read.kind;
    const earlier = merged.get(key);
    merged.set(key, earlier ? { ...earlier, times: earlier.times + 1 } : read);
  }
  return [...merged.values()].toSorted((a, b) => b.times - a.times);
}

/** What is wrong with an actor's answer, as `ModelCall.check` wants it. */
export function nextActionProblems(
  answer: NextActionAnswer,
  legal: readonly Action[],
  calls: readonly SkillManifest[] = [],
): readonly string[] {
  const read = proposalOf(answer, { legal: new Map(legal.map((action) => [actionText(action), action])), calls }, []);
  return typeof read === 'string' ? [read] : [];
}

/** What may be chosen: actions by their texts, and skills that are called with free arguments. */
interface Choice {
  readonly legal: ReadonlyMap<string, Action>;
  readonly calls: readonly SkillManifest[];
}

function proposalOf(
  { thought, action, question }: NextActionAnswer,
  { legal, calls }: Choice,
  taint: readonly string[],
): ActorProposal | string {
  const said = action.trim();
  const why = thought.trim();
  const act = legal.get(said) ?? (isVerdict(said) ? undefined : (legal.get(tidy(said)) ?? callOf(said, calls)));
  if (typeof act === 'string') return act;
  if (act !== undefined) return { kind: 'act', action: act, why, times: 1, origin: 'model', taint };
  switch (said.toLowerCase()) {
    case 'done':
    case 'stuck':
      return { kind: said.toLowerCase() as 'done' | 'stuck', why, times: 1 };
    case 'ask':
      return question.trim() === ''
        ? 'it asks without a question; put the question into "question"'
        : { kind: 'ask', question: question.trim(), times: 1 };
    default:
      return `${said || 'an empty text'} is not legal now; choose a line of "actions"${calls.length === 0 ? '' : ', call one of "calls"'}, or ${VERDICTS.join(', ')}`;
  }
}

/** A call of a skill with free arguments, or what is wrong with it; undefined where it names none of these skills. */
function callOf(said: string, calls: readonly SkillManifest[]): Action | string | undefined {
  const name = readCall(said)?.[0]?.text.toLowerCase();
  if (!calls.some((s) => s.name.toLowerCase() === name)) return undefined;
  const { action, problem } = readAction(said, calls, null);
  return action ?? problem;
}

const isVerdict = (text: string): boolean => (VERDICTS as readonly string[]).includes(text.toLowerCase());

/** A call in the form of `actionText`, where a model wrote it in another. */
const tidy = (text: string): string =>
  `(${(readCall(text) ?? []).map((word) => (typeof word.json === 'string' ? word.json : word.text.toLowerCase())).join(' ')})`;
