import type { NodeChoice } from '@praxis/core';
import * as fc from 'fast-check';
import type { BoundedText, ExplainedRecord, ExplainedSample, ExplainedThought, Explanation } from '../explanation.js';
import type { ExplainRequest } from '../history-requests.js';
import * as planner from '../gen/praxis/v1/planner.js';
import { fromExplainRequest, fromExplanation, toExplainRequest, toExplanation } from './explanation.js';

type Fc<T> = fc.Arbitrary<T>;
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((s) => s !== '__proto__');
const word = text.filter((s) => s.length > 0);
const texts = fc.array(text, { maxLength: 3 });
const count = fc.nat();
const positive = fc.integer({ min: 1 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n));
const amount = number.map(Math.abs);
const flag = fc.boolean();
const orNull = <T>(of: Fc<T>): Fc<T | null> => fc.option(of, { nil: null });
const named = <T>(of: Fc<T>): Fc<Record<string, T>> => fc.dictionary(text, of, { maxKeys: 3, noNullPrototype: true });

const bounded: Fc<BoundedText> = fc.record({ text, leftOut: count });
const choice: Fc<NodeChoice> = fc.record({
  model: text,
  attempt: positive,
  hedge: flag,
  picked: orNull(text),
  waitedMs: amount,
  outcome: text,
  considered: fc.array(fc.record({ node: text, score: orNull(number), parts: named(number), ruledOut: orNull(text) }), {
    maxLength: 3,
  }),
});
const answer = fc.record({
  text: bounded,
  reasoning: bounded,
  finish: fc.constantFrom('stop' as const, 'length' as const, 'tool-calls' as const, 'refusal' as const),
  usage: fc.record({ input: count, cached: count, output: count, reasoning: count }),
});
const sample: Fc<ExplainedSample> = fc.record({
  answer: orNull(answer),
  problem: text,
  model: text,
  node: text,
  choices: fc.array(choice, { maxLength: 2 }),
});
const record: Fc<ExplainedRecord> = fc.record({
  role: text,
  prompt: fc.record({ name: text, sha256: text }),
  leftOut: named(count),
  offered: texts,
  samples: fc.array(sample, { maxLength: 2 }),
  messages: fc.array(fc.record({ role: text, content: bounded }), { maxLength: 2 }),
});
const cost = fc.record({ steps: amount, calls: amount, tokens: amount, money: amount, risk: amount });
const thought: Fc<ExplainedThought> = fc.record({
  id: text,
  kind: fc.constantFrom('propose', 'evaluate', 'verify'),
  by: text,
  about: text,
  isEarlier: flag,
  at: count,
  tookMs: count,
  results: texts,
  note: text,
  spent: orNull(cost),
  record: orNull(record),
  gone: text,
});
const action = fc.record({ skill: word, args: fc.dictionary(word, text, { maxKeys: 3, noNullPrototype: true }) });
const explanation: Fc<Explanation> = fc.record({
  decision: orNull(
    fc.record({ number: count, subgoal: text, step: count, action, why: text, origin: text, taint: texts }),
  ),
  planning: orNull(
    fc.record({ version: positive, outcome: orNull(fc.constantFrom('done', 'failed', 'cancelled')), reason: text }),
  ),
  thoughts: fc.array(thought, { maxLength: 3 }),
});
const at: Fc<ExplainRequest['at']> = fc.oneof(
  fc.record({ step: count }),
  fc.record({ subgoal: text, step: count }),
  fc.record({ plan: orNull(positive) }),
);
const request: Fc<ExplainRequest> = fc.record({ run: text, at, prompts: flag });

describe('an explanation', () => {
  it('comes back from the wire as it went in', () => {
    fc.assert(
      fc.property(explanation, (value) => {
        expect(
          fromExplanation(
            planner.ExplainResponse.decode(planner.ExplainResponse.encode(toExplanation(value)).finish()),
          ),
        ).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('is asked for as it was meant: a step, a step of a subgoal, a plan, or the latest plan', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(
          fromExplainRequest(
            planner.ExplainRequest.decode(planner.ExplainRequest.encode(toExplainRequest(value)).finish()),
          ),
        ).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('is not asked for without a place, or before the first one', () => {
    const ask = (at: planner.ExplainRequest['at']) => () => fromExplainRequest({ runId: 'r', at, withPrompts: false });
    expect(ask(undefined)).toThrow('The field explain.at is missing.');
    expect(ask({ $case: 'step', value: { step: -1 } })).toThrow('The field explain.step.step is less than 0.');
    expect(ask({ $case: 'planVersion', value: -1 })).toThrow('The field explain.planVersion is less than 0.');
  });
});
