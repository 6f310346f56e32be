import * as fc from 'fast-check';
import type { Effect, Json, Plan, Strategy } from '@praxis/core';
import { anyAnswer, drive } from '../fixtures/drive.js';
import { House, opening, withEveryCrash, type Household } from '../fixtures/house.js';
import { metaPlan } from './meta-plan.js';

const plan = (...posts: readonly string[]): Plan => ({
  version: 1,
  nodes: posts.map((post, i) => ({
    id: `1.${i + 1}`,
    title: post,
    pre: [],
    post,
    after: i === 0 ? [] : [`1.${i}`],
    owner: null,
    lane: 'default',
    steps: [],
    cost: 1,
  })),
});
const candidate = (...posts: readonly string[]): Json => ({ plan: plan(...posts) as unknown as Json, evaluated: 0 });
const postsOf = (json: Json): readonly string[] => (json as unknown as { plan: Plan }).plan.nodes.map((n) => n.post);
const refuse =
  (...posts: readonly string[]) =>
  (json: Json): readonly string[] =>
    postsOf(json)
      .filter((p) => posts.includes(p))
      .map((p) => `${p} cannot be`);

const house = (household: Household, params = {}): House =>
  new House(metaPlan('x', params) as Strategy<unknown>, household);

/** What designers were told, in every round. */
function listening(answers: readonly (readonly Json[])[]) {
  const told: { readonly [key: string]: Json }[] = [];
  const designer = (context: { readonly [key: string]: Json }): readonly Json[] => {
    told.push(context);
    return answers[Math.min(told.length, answers.length) - 1]!;
  };
  return { told, designer };
}

describe('metaPlan', () => {
  it('takes a plan that passes the check and that nobody minds', async () => {
    const end = await house({ minds: { designer: () => [candidate('(a)')] } }).live();
    expect(end).toMatchObject({
      outcome: 'done',
      reason: 'checked and agreed on in round 1',
      result: { plan: { nodes: [{ post: '(a)' }] }, evaluated: 0 },
    });
  });

  it('tells the designer what the check minded, and then what the evaluators did (meta-plan.3)', async () => {
    const { told, designer } = listening([[candidate('(bad)')], [candidate('(risky)')], [candidate('(good)')]]);
    const end = await house({
      minds: { designer },
      verify: { checker: refuse('(bad)'), evaluators: refuse('(risky)') },
    }).live();
    expect(told.map(({ problems, critique }) => ({ problems, critique }))).toEqual([
      { problems: [], critique: [] },
      { problems: ['(bad) cannot be'], critique: [] },
      { problems: [], critique: ['(risky) cannot be'] },
    ]);
    expect(postsOf(end.result)).toEqual(['(good)']);
    // With each of them the plan that it is about.
    expect(told.map(({ last }) => (last === null ? null : postsOf(last!)))).toEqual([null, ['(bad)'], ['(risky)']]);
  });

  it('tells only what was wrong with the plan that it shows, where there were several (meta-plan.3)', async () => {
    const { told, designer } = listening([[candidate('(bad)'), candidate('(worse)')], [candidate('(good)')]]);
    await house({ minds: { designer }, verify: { checker: refuse('(bad)', '(worse)') } }, { samples: 2 }).live();
    expect([told[1]!['problems'], postsOf(told[1]!['last']!)]).toEqual([['(bad) cannot be'], ['(bad)']]);
  });

  it('takes none that does not pass the check, and says what was wrong with the last (meta-plan.1–2)', async () => {
    const { told, designer } = listening([[candidate('(bad)')]]);
    const end = await house({ minds: { designer }, verify: { checker: refuse('(bad)') } }).live();
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: 'no plan passed the check in 3 rounds: (bad) cannot be',
      result: null,
    });
    expect(told).toHaveLength(3);
  });

  it('takes in the end what the evaluators mind least, and says so (meta-plan.4)', async () => {
    const { designer } = listening([[candidate('(x)', '(y)')], [candidate('(x)')], [candidate('(y)', '(x)')]]);
    const end = await house({ minds: { designer }, verify: { evaluators: refuse('(x)', '(y)') } }).live();
    expect(end).toMatchObject({
      outcome: 'done',
      reason: 'checked; after 3 rounds the evaluators still object: (x) cannot be',
    });
    expect(postsOf(end.result)).toEqual(['(x)']);
  });

  it('takes what most samples agree on, of those that pass the check (meta-plan.2)', async () => {
    const samples = [
      candidate('(odd)'),
      candidate('(a)', '(c)'),
      candidate('(a)', '(b)'),
      candidate('(bad)'),
      candidate('(bad)'),
      candidate('(bad)'),
      candidate('(a)', '(b)'),
    ];
    const end = await house(
      { minds: { designer: () => samples }, verify: { checker: refuse('(bad)') } },
      { samples: 7 },
    ).live();
    expect(postsOf(end.result)).toEqual(['(a)', '(b)']);
  });

  it('has questions answered by people first, and never asks one twice (meta-plan.1, meta-plan.3)', async () => {
    const { told, designer } = listening([
      [{ questions: ['which lamp?', 'how bright?', 'which lamp?'] }],
      [{ questions: ['which lamp?'] }],
      [candidate('(a)')],
    ]);
    const h = house({ minds: { designer }, person: (q) => (q === 'which lamp?' ? 'the red one' : '') });
    expect(await h.live()).toMatchObject({ outcome: 'done' });
    expect(h.paper.of('asked').map((e) => e.question.text)).toEqual(['which lamp?', 'how bright?']);
    expect(told[1]!['answers']).toEqual([
      ['which lamp?', 'the red one'],
      ['how bright?', ''],
    ]);
    expect(told[2]!['problems']).toEqual(['no more questions are answered; plan with what is known']);
  });

  it('asks no more than it may (meta-plan.1)', async () => {
    let n = 0;
    const h = house({ minds: { designer: () => [{ questions: [`q${n++}?`, `q${n++}?`] }] } });
    expect(await h.live()).toMatchObject({ outcome: 'failed' });
    expect(h.paper.of('asked')).toHaveLength(3);
  });

  it('says why there is nothing where no model answers', async () => {
    expect(await house({ minds: {} }).live()).toMatchObject({
      outcome: 'failed',
      reason: 'no plan passed the check in 3 rounds: there is no designer here',
    });
  });

  it('writes the same wherever the power goes out', async () => {
    const { whole, others } = await withEveryCrash(() =>
      house({
        minds: {
          designer: ({ answers, problems }) =>
            (answers as Json[]).length === 0
              ? [{ questions: ['which?', 'where?'] }]
              : [candidate((problems as Json[]).length > 0 ? '(good)' : '(bad)'), candidate('(bad)', '(good)')],
        },
        verify: { checker: refuse('(bad)') },
        person: (q) => `${q} that one`,
      }),
    );
    expect(whole.paper.of('ended')).toMatchObject([{ outcome: 'done', reason: 'checked and agreed on in round 2' }]);
    expect(others.length).toBeGreaterThan(8);
    for (const other of others) expect(other.paper.events).toEqual(whole.paper.events);
  });

  it('comes to an end whatever designers and verifiers say, and takes nothing that the check has refused', () => {
    const proposals = fc.array(
      fc.oneof(
        fc.constantFrom(candidate('(a)'), candidate('(b)', '(a)'), candidate()),
        fc.constantFrom<Json>({ questions: ['q1?', 'q2?'] }, { questions: ['q3?', 'q4?', 'q5?'] }),
        fc.jsonValue() as fc.Arbitrary<Json>,
      ),
      { maxLength: 4 },
    );
    const violations = fc.oneof(fc.constant([]), fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }));
    fc.assert(
      fc.property(
        fc.infiniteStream(proposals),
        fc.infiniteStream(violations),
        fc.infiniteStream(fc.nat(5)),
        (said, minded, picks) => {
          const passed = new Set<string>();
          const whims = {
            candidates: () => said.next().value!,
            scores: () => [],
            violations: () => minded.next().value!,
            observed: () => {
              throw new Error('a plan does nothing');
            },
            answer: () => null,
          };
          const { finish, effects } = drive(metaPlan('x'), opening(), {
            answer(effect) {
              const event = anyAnswer(effect, whims);
              if (
                event.type === 'verified' &&
                event.violations.length === 0 &&
                'by' in effect &&
                effect.by === 'checker'
              )
                passed.add(JSON.stringify((effect as Extract<Effect, { kind: 'verify' }>).candidate));
              return event;
            },
            pick: () => picks.next().value!,
          });
          expect(finish).not.toBeNull();
          if (finish!.outcome === 'done') expect(passed.has(JSON.stringify(finish!.result))).toBe(true);
          expect(effects.filter((e) => e.kind === 'ask').length).toBeLessThanOrEqual(3);
          expect(effects.filter((e) => e.kind === 'propose').length).toBeLessThanOrEqual(3 + 3);
          const ids = effects.flatMap((e) => ('id' in e ? [e.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});
