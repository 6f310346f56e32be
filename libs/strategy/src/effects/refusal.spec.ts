import type { Effect, Json, Strategy, StrategyEvent } from '@praxis/core';
import { drive, type Answerable } from '../fixtures/drive.js';
import { act, action, opening } from '../fixtures/house.js';
import { firstOf } from '../wrappers/first-of.js';
import { metaPlan } from '../kernels/meta-plan.js';
import { proposeAndVerify } from '../kernels/propose-and-verify.js';
import { react } from '../kernels/react.js';
import { recedingHorizon } from '../kernels/receding-horizon.js';
import { asyncPlanner } from '../wrappers/async-planner.js';

const REFUSAL = 'ann says it is enough';
const untyped = (strategy: Strategy<never>): Strategy<unknown> => strategy as unknown as Strategy<unknown>;
const plan: Json = { plan: { version: 1, nodes: [] }, evaluated: 0 };
const steps: Json = {
  steps: [
    {
      action: { ...action('go study') },
      needs: [],
      expects: { added: ['(at study)'], removed: [], numbers: {} },
      origin: 'search',
      taint: [],
    },
  ],
  tools: [],
};
const asks =
  (kind: Effect['kind'], by?: string) =>
  (effect: Answerable): boolean =>
    effect.kind === kind && (by === undefined || ('by' in effect && effect.by === by));

/** What is said where nobody refuses: two ways to go for an actor, so that a judge is asked. */
function said(effect: Answerable): StrategyEvent {
  const { id } = effect;
  if (effect.kind === 'propose') {
    const by: Readonly<Record<string, readonly Json[]>> = {
      search: [steps],
      designer: [plan],
      actor: [act('go study'), act('go cellar')],
    };
    return { type: 'proposed', id, candidates: [...(by[effect.by] ?? [])], note: '' };
  }
  if (effect.kind === 'evaluate') return { type: 'scored', id, scores: effect.candidates.map(() => 0.5) };
  if (effect.kind === 'verify')
    return { type: 'verified', id, violations: effect.by === 'evaluators' ? ['too long'] : [] };
  return {
    type: 'observed',
    id,
    step: 0,
    result: { ok: true, message: '' },
    change: { added: ['(at study)'], removed: ['(at hall)'], numbers: {} },
  };
}

function refuse({ kind, id, ...effect }: Answerable): StrategyEvent {
  if (kind === 'propose') return { type: 'proposed', id, candidates: [], note: REFUSAL, refused: REFUSAL };
  if (kind === 'evaluate')
    return {
      type: 'scored',
      id,
      scores: (effect as { candidates: readonly Json[] }).candidates.map(() => 0),
      refused: REFUSAL,
    };
  return { type: 'verified', id, violations: [REFUSAL], refused: REFUSAL };
}

/** Drives a strategy where people refuse what some thoughts cost, from the nth of them on. */
function live(strategy: Strategy<never>, isDear: (effect: Answerable) => boolean, from = 0) {
  let dear = 0;
  const { finish, effects } = drive(untyped(strategy), opening(), {
    answer: (effect) => (isDear(effect) && dear++ >= from ? refuse(effect) : said(effect)),
  });
  return { finish, refusals: dear - from, effects };
}

const react1 = () => react('x') as Strategy<never>;
const horizon = () => recedingHorizon('x', { slips: 3, checkpoints: false }) as Strategy<never>;
const planners = (search: boolean) => asyncPlanner('x', { search }) as Strategy<never>;
const chain = (...links: readonly [Strategy<never>, ...Strategy<never>[]]) =>
  firstOf('x', links.map(untyped) as [Strategy<unknown>, ...Strategy<unknown>[]]) as Strategy<never>;

describe('a thought that nobody pays for', () => {
  it.each([
    ['react, a proposal (react.7)', react1(), asks('propose')],
    ['react, a judgement (react.7)', react1(), asks('evaluate')],
    ['recedingHorizon, a proposal (receding-horizon.7)', horizon(), asks('propose')],
    ['recedingHorizon, a check (receding-horizon.7)', horizon(), asks('verify')],
    ['proposeAndVerify, a proposal', proposeAndVerify('x', 3) as Strategy<never>, asks('propose')],
    ['proposeAndVerify, a check', proposeAndVerify('x', 3) as Strategy<never>, asks('verify')],
    ['metaPlan, a plan (meta-plan.5)', metaPlan('x') as Strategy<never>, asks('propose')],
    ['asyncPlanner, the fast mind (async-planner.5)', planners(false), asks('propose', 'actor')],
    ['asyncPlanner, the search (async-planner.5)', planners(true), asks('propose', 'search')],
    ['firstOf, and nobody else tries (first-of.3)', chain(react1(), horizon()), asks('propose', 'actor')],
    ['firstOf, whose last one it is (first-of.3)', chain(horizon(), react1()), asks('verify')],
  ])('ends %s, with what was said, and is not asked for again', (_, strategy, isDear) => {
    const { finish, refusals } = live(strategy, isDear);
    expect(finish).toMatchObject({ outcome: 'failed', reason: REFUSAL });
    expect(refusals).toBe(1);
  });

  it('leaves a designer the plan that passed the check, if there is one (meta-plan.5)', () => {
    expect(live(metaPlan('x') as Strategy<never>, asks('verify', 'evaluators'))).toMatchObject({
      refusals: 1,
      finish: { outcome: 'done', result: plan, reason: `checked; no more was thought about it: ${REFUSAL}` },
    });
    expect(live(metaPlan('x') as Strategy<never>, asks('propose'), 1)).toMatchObject({
      refusals: 1,
      finish: { outcome: 'done', result: plan },
    });
  });

  it("is the slow mind's, which is not asked again, and what costs nothing goes on (async-planner.6)", () => {
    const { finish, refusals, effects } = live(planners(true), asks('propose', 'planner-mind'));
    expect({ refusals, asked: effects.filter((e) => e.kind === 'propose' && e.by === 'planner-mind').length }).toEqual({
      refusals: 1,
      asked: 1,
    });
    expect(effects.filter((e) => e.kind === 'execute').length).toBeGreaterThan(0);
    expect(finish?.reason).not.toBe(REFUSAL);
  });
});
