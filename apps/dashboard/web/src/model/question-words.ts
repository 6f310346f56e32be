import type { Answer, Question, QuestionKind } from '../../../src/api.js';
import { COST_NAMES, costText } from './cost.js';
import { escapeInvisible } from './visible-text.js';

export const KINDS: readonly QuestionKind[] = ['approval', 'uncertain', 'budget', 'question'];

/** What the kinds are called, and what they want to know. */
export const KIND_WORDS: Readonly<Record<QuestionKind, { readonly name: string; readonly asks: string }>> = {
  approval: { name: 'Approval', asks: 'Asks for approval' },
  uncertain: { name: 'Uncertain', asks: 'Asks whether it was done' },
  budget: { name: 'Budget', asks: 'Asks for more budget' },
  question: { name: 'Question', asks: 'Asks for an answer' },
};

/**
 * What may be typed to answer a question, the likeliest first. It is copied into a shell: nothing in it is read as
 * anything but an argument, and what is shown is what is copied.
 */
export function answersTo({ id, kind, action, needs, choices }: Question): readonly string[] {
  const answer = (words: string): string => `praxis answer ${shellWord(id)} ${words}`.trimEnd();
  switch (kind) {
    case 'approval':
      return [
        answer('--approve'),
        answer('--reject "why"'),
        ...(action === null ? [] : [answer(`--edit ${shellJson({ args: action.args })}`)]),
      ];
    case 'uncertain':
      return [answer('--happened'), answer('--not-happened')];
    case 'budget':
      return [
        answer(
          `--grant ${
            needs === null
              ? ''
              : COST_NAMES.filter((n) => needs[n] > 0)
                  .map((n) => `${n}=${needs[n]}`)
                  .join(',')
          }`,
        ),
        answer('--reject "why"'),
      ];
    case 'question':
      return [
        ...(choices.length === 0 ? ['"…"'] : choices.map(shellText)).map((choice) => answer(`--text ${choice}`)),
        answer('--reject "why"'),
      ];
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const shellWord = (text: string): string => (/^[\w-]+$/.test(text) ? text : quoted(text.replace(/[^\x21-\x7e]/g, '?')));
const shellText = (text: string): string => (/^[\w-]+$/.test(text) ? text : quoted(escapeInvisible(text)));
const shellJson = (value: unknown): string => quoted(escapeInvisible(JSON.stringify(value)));

const SAID: Readonly<Record<Answer['verdict'], string>> = {
  approve: 'Approved',
  reject: 'Rejected',
  edit: 'Approved with other arguments',
  happened: 'It was done',
  'not-happened': 'It was not done',
  grant: 'More budget granted',
  answer: 'Answered',
  expired: 'Nobody answered in time',
};

/** An answer in two parts: what was said in words of ours, and who said it and why. */
export function answerWords({ verdict, by, reason, grant, value }: Answer): {
  readonly said: string;
  readonly more: string;
} {
  if (verdict === 'expired') return { said: SAID.expired, more: '' };
  const what =
    verdict === 'grant' && grant !== null
      ? `${costText(grant)}, `
      : verdict === 'answer'
        ? `${JSON.stringify(value)}, `
        : '';
  return { said: SAID[verdict], more: `${what}by ${by}${reason === '' ? '' : `: ${reason}`}` };
}

/** So many digits tell fingerprints apart for the eye. */
const SHORT = 12;

/** The beginning of a fingerprint. */
export const shortPrint = (fingerprint: string): string => fingerprint.slice(0, SHORT);
