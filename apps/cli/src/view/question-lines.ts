import { actionText, costText, COST_NAMES, type Question } from '@praxis/core';
import type { OpenQuestion } from '@praxis/wire';
import { duration, visible } from './words.js';

/** What may be typed to answer a question, the likeliest first. */
export function answersTo({ id, kind, action, needs, choices }: Question): readonly string[] {
  const answer = (words: string): string => `praxis answer ${id} ${words}`;
  switch (kind) {
    case 'approval':
      return [
        answer('--approve'),
        answer('--reject "why"'),
        ...(action === null ? [] : [answer(`--edit '${shellSafe(JSON.stringify({ args: action.args }))}'`)]),
      ];
    case 'uncertain':
      return [answer('--happened'), answer('--not-happened')];
    case 'budget':
      return [
        answer(
          [
            '--grant',
            needs === null
              ? ''
              : COST_NAMES.filter((n) => needs[n] > 0)
                  .map((n) => `${n}=${needs[n]}`)
                  .join(','),
          ]
            .join(' ')
            .trim(),
        ),
        answer('--reject "why"'),
      ];
    case 'question':
      return [
        ...(choices.length === 0 ? ['…'] : choices).map((choice) => answer(`--text ${quoted(choice)}`)),
        answer('--reject "why"'),
      ];
  }
}

const quoted = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : text === '…' ? '"…"' : `'${shellSafe(text)}'`;

const shellSafe = (text: string): string => text.replaceAll("'", String.raw`'\''`);

const NOUNS: Readonly<Record<Question['kind'], string>> = {
  approval: 'approval',
  uncertain: 'certainty',
  budget: 'more budget',
  question: 'an answer',
};

/** In one line what is asked, and how to answer. */
export function questionLine(question: Question): string {
  const [first, second] = answersTo(question);
  return `asks for ${NOUNS[question.kind]}: ${question.text} (${first}, or ${second!.slice(`praxis answer ${question.id} `.length)})`;
}

/** An open question for a list: who asks, since when, what about, and how to answer. */
export function questionLines(
  { question, run, title, subgoal, askedAt, reminders }: OpenQuestion,
  now: number,
): readonly string[] {
  const { id, kind, text, action, effect, taint, needs, expiresAt } = question;
  const times = [
    `asked ${duration(now - askedAt)} ago`,
    ...(expiresAt === null ? [] : [expiresAt > now ? `expires in ${duration(expiresAt - now)}` : 'expired']),
    ...(reminders > 0 ? [`reminded ${reminders} times`] : []),
  ];
  const about = [
    ...(action === null ? [] : [`${actionText(action)}${effect === null ? '' : `  ${effect}`}`]),
    ...(taint.length === 0 ? [] : [`with untrusted parts from ${taint.join(', ')}`]),
    ...(needs === null ? [] : [`needs ${costText(needs)}`]),
  ];
  return [
    `${id}  ${kind}  ${subgoal ?? run} (${title})`,
    `  ${visible(text)}`,
    ...about.map((line) => `  ${line}`),
    `  ${times.join(', ')}`,
    ...answersTo(question).map((line) => `    ${line}`),
  ];
}
