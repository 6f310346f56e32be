import {
  NO_COST,
  UNBOUNDED,
  goalSchema,
  makeQuestion,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  type NewEvent,
  type StepEvent,
} from '@praxis/core';
import { project } from '../projections/projection.js';
import { appendStatement } from './append-statement.js';
import { eventText } from './event-text.js';
import type { Writing } from './section.js';

const SUBGOAL = 'r-1.1.1.1';

function writing(stream: string, expected: number, events: readonly NewEvent[]): Writing {
  const append = { stream, run: 'r-1', expected, events, texts: events.map((e) => eventText(e)), times: null };
  return {
    append,
    projection: project(
      stream,
      events.map((event) => ({ event, at: 5 })),
      null,
    ),
  };
}

const steps = (expected: number, ...events: readonly StepEvent[]): Writing =>
  writing(
    subgoalStream(SUBGOAL),
    expected,
    events.map((e) => stepEvents.encode(e)),
  );
const observed = (message: string): StepEvent => ({
  type: 'observed',
  id: 'a',
  step: 0,
  result: { ok: true, message },
  change: { added: [], removed: [], numbers: {} },
  spent: NO_COST,
});
const question = makeQuestion({ id: 'q-1', kind: 'question', text: 'which?' });

const CASES: Readonly<Record<string, readonly [letters: string, Writing]>> = {
  'a note': ['e', writing('note/r-1', 0, [{ type: 'noted', version: 1, data: 1 }])],
  'a large note': ['eb', writing('note/r-1', 0, [{ type: 'noted', version: 1, data: 'x'.repeat(5000) }])],
  'a goal': [
    'er',
    writing(runStream('r-1'), 0, [
      runEvents.encode({ type: 'accepted', goal: goalSchema.parse({ title: 't', world: 'w' }) }),
    ]),
  ],
  'a subgoal that begins': [
    'es',
    steps(0, {
      type: 'opened',
      by: 'x',
      strategy: 's',
      state: { facts: [], numbers: {} },
      condition: '',
      owner: null,
      limits: { steps: 1, replans: 0 },
      allowance: UNBOUNDED,
      suggested: [],
      avoid: [],
      domain: 'd',
    }),
  ],
  'a step': ['e', steps(3, observed('ok'))],
  'a question': ['eq', steps(3, { type: 'asked', id: 'a', question })],
  'a subgoal that ends': [
    'esc',
    steps(3, observed('ok'), { type: 'ended', outcome: 'done', reason: '', result: null }),
  ],
};

describe('appendStatement', () => {
  it.each(Object.entries(CASES))(
    'writes %s without the subqueries that would have nothing to do',
    (_what, [letters, one]) => {
      expect(appendStatement([one], 5).name).toBe(`praxis-append-${letters}`);
    },
  );

  it('uses every parameter that it gives, in every shape, and no other', () => {
    const all = Object.values(CASES).map(([, one]) => one);
    for (let chosen = 1; chosen < 2 ** all.length; chosen++) {
      const { text, values } = appendStatement(
        all.filter((_, i) => (chosen >> i) & 1),
        5,
      );
      const used = new Set(text.match(/\$\d+/g)!.map((p) => Number(p.slice(1))));
      expect([...used].sort((a, b) => a - b)).toEqual(values.map((_, i) => i + 1));
    }
  });

  it('has one text for each name: a statement is prepared once', () => {
    const texts = new Map<string, string>();
    const all = Object.values(CASES).map(([, one]) => one);
    for (const batch of [...all.map((one) => [one]), all, all.toReversed(), all.slice(2)]) {
      const { name, text } = appendStatement(batch, 5);
      expect(texts.get(name) ?? text).toBe(text);
      texts.set(name, text);
    }
  });
});
