import type { RunEvent, RunHistory } from '@praxis/core';
import type { ToldThought } from './thoughts-of.js';

/** What models thought for the run itself: how its request was understood, and whether its constraints were kept. */
export interface RunThoughts {
  readonly understanding: readonly ToldThought[];
  readonly judgement: readonly ToldThought[];
}

/** Reads a run's own stream for what models thought. */
export function runThoughts({ state, events, stored }: RunHistory): RunThoughts {
  const told = events.flatMap((event, i) => {
    const isThought =
      event.type === 'opened' || event.type === 'checked' || (event.type === 'spent' && event.on === 'opening');
    const at = stored[i]!.at;
    return isThought ? [{ event, at, tookMs: Math.max(0, at - (stored[i - 1]?.at ?? at)), after: events[i + 1] }] : [];
  });
  const thoughts = told.flatMap(
    ({ event, at, tookMs, after }): readonly (ToldThought & { readonly of: RunEvent['type'] })[] => {
      if (event.call === undefined) return [];
      const shared = { isEarlier: false, at, tookMs, note: '', spent: event.spent ?? null };
      const thought =
        event.type === 'checked'
          ? {
              id: 'constraints',
              kind: 'verify' as const,
              by: 'judge',
              about: 'the constraints of the request',
              results: verdicts(event),
            }
          : {
              id: 'request',
              kind: 'propose' as const,
              by: 'grounder',
              about: '',
              results: [
                `asked for: ${oneLine(state.goal.request)}`,
                ...(event.type === 'opened' ? understood(event) : cameTo(after)),
              ],
            };
      return [{ of: event.type, thought: { ...thought, ...shared }, call: event.call }];
    },
  );
  return {
    understanding: thoughts.filter((t) => t.of !== 'checked'),
    judgement: thoughts.filter((t) => t.of === 'checked'),
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const understood = ({ condition, constraints = [] }: Extract<RunEvent, { type: 'opened' }>): readonly string[] => [
  `understood as: ${condition}`,
  ...constraints.map((text) => `constraint: ${text}`),
];

/** What a reading of the request that gave no goal came to: a question, or the end of the run. */
function cameTo(after: RunEvent | undefined): readonly string[] {
  if (after?.type === 'asked') return [`asks: ${oneLine(after.question.text)}`];
  return after?.type === 'ended' ? [`no goal: ${oneLine(after.reason)}`] : [];
}

function verdicts({ constraints = [] }: Extract<RunEvent, { type: 'checked' }>): readonly string[] {
  return constraints.map(({ text, verdict, why }) => `${text}: ${verdict}${why === '' ? '' : `, ${why}`}`);
}
