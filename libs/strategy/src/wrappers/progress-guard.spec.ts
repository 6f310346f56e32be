import * as fc from 'fast-check';
import {
  UNBOUNDED,
  diffStates,
  makeState,
  type Effect,
  type Json,
  type OpenedEvent,
  type Stall,
  type Strategy,
  type StrategyEvent,
} from '@praxis/core';
import type { PlannedStep } from '../kernels/planned-step.js';
import { withProgressGuard, type GuardState } from './progress-guard.js';
import { recedingHorizon, type HorizonState } from '../kernels/receding-horizon.js';

const PATIENCE = 4;
const opening = (more: Partial<OpenedEvent['limits']> = { patience: PATIENCE }): OpenedEvent => ({
  type: 'opened',
  by: 'e',
  strategy: 'x',
  state: { facts: ['(at 0)'], numbers: {} },
  condition: '(at goal)',
  owner: null,
  limits: { steps: 1000, replans: 50, ...more },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
});

interface Walker {
  readonly steps: number;
  readonly learned: number;
  readonly told: readonly Stall[];
}

/** Walks for ever; `step` names where each step goes to, and what is learned by it. */
function walker(stalled: boolean): Strategy<Walker> {
  const go = (state: Walker): { state: Walker; effects: Effect[] } => ({
    state,
    effects: [
      {
        kind: 'execute',
        id: `e${state.steps}-${state.told.length}`,
        action: { skill: 'go', args: { n: state.steps % 2 } },
        why: '',
        origin: '',
      },
    ],
  });
  return {
    id: 'walker',
    version: 1,
    begin: () => go({ steps: 0, learned: 0, told: [] }),
    on: (state, event) =>
      event.type === 'observed'
        ? go({ ...state, steps: state.steps + 1, learned: state.learned + (event.result.ok ? 0 : 1) })
        : { state, effects: [] },
    progressKey: ({ learned }) => learned,
    ...(stalled && { stalled: (state: Walker, stall: Stall) => go({ ...state, told: [...state.told, stall] }) }),
  };
}

/** Feeds a guarded strategy with the places that its steps lead to. */
class Walk<S> {
  state: GuardState<S>;
  readonly effects: Effect[];
  readonly #guarded: Strategy<GuardState<S>>;
  #at = makeState(['(at 0)']);

  constructor(strategy: Strategy<S>, opened: OpenedEvent = opening(), interventions = 1) {
    this.#guarded = withProgressGuard(strategy, { interventions });
    const move = this.#guarded.begin(opened);
    this.state = move.state;
    this.effects = [...move.effects];
  }

  get last(): Effect {
    return this.effects.at(-1)!;
  }

  on(event: StrategyEvent): this {
    const { state, effects } = this.#guarded.on(this.state, event);
    expect(this.#guarded.on(this.state, event)).toEqual({ state, effects });
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  step(
    place: number | string,
    more: { readonly fails?: boolean; readonly stale?: boolean; readonly polling?: true } = {},
  ): this {
    const next = makeState([`(at ${place})`]);
    const { added, removed, numbers } = diffStates(this.#at, next);
    this.#at = next;
    const result = more.stale
      ? ({ ok: false, code: 'stale', message: '' } as const)
      : more.fails
        ? ({ ok: false, code: 'timeout', message: '' } as const)
        : ({ ok: true, message: '' } as const);
    return this.on({
      type: 'observed',
      id: (this.last as { id: string }).id,
      step: 0,
      result,
      change: { added: [...added], removed: [...removed], numbers: { ...numbers } },
      ...(more.polling && { polling: true }),
    });
  }

  /** To and fro, so many steps, all of them to where it has been. */
  swing(steps: number): this {
    for (let i = 0; i < steps; i++) this.step(i % 2 === 0 ? 1 : 0);
    return this;
  }
}

const isEnd = (effect: Effect): boolean => effect.kind === 'finish';

describe('withProgressGuard', () => {
  it('lets a strategy go its way while there is something new', () => {
    const walk = new Walk(walker(true));
    for (let i = 1; i < 100; i++) walk.step(i);
    expect(walk.state.inner.told).toEqual([]);
    expect(walk.state.inner.steps).toBe(99);
  });

  it('does not mind the same action again, nor a few steps back (progress-guard.1)', () => {
    const walk = new Walk(walker(true)).step(1).step(2).step(3);
    for (let i = 4; i < 40; i += 2) walk.step(1).step(2).step(3).step(i);
    expect(walk.state.inner.told).toEqual([]);
  });

  it('tells a strategy that goes in circles what it did, instead of letting it go on (progress-guard.2)', () => {
    const walk = new Walk(walker(true)).swing(1 + PATIENCE - 1);
    expect(walk.state.inner.told).toEqual([]);
    walk.step(0);
    expect(walk.state.inner.told).toMatchObject([
      {
        demand: 'plan-again',
        reason:
          'the last 4 steps led only to where it had been before, and nothing was learned: (go 1) 2 times, (go 0) 2 times',
      },
    ]);
    expect(walk.state.inner.told[0]!.steps.map((s) => s.before.facts)).toEqual([
      ['(at 1)'],
      ['(at 0)'],
      ['(at 1)'],
      ['(at 0)'],
    ]);
    expect(walk.effects.filter((e) => e.kind === 'execute')).toHaveLength(1 + PATIENCE + 1);
  });

  it('has it give up the second time, with what it did in circles as the reason (progress-guard.2)', () => {
    const walk = new Walk(walker(true)).swing(1 + 2 * PATIENCE);
    expect(walk.state.inner.told.map((t) => t.demand)).toEqual(['plan-again', 'give-up']);
    expect(walk.last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: expect.stringMatching(/^the last 4 steps led only to where.*\(go 0\) 2 times/),
    });
  });

  it('ends a strategy that does not know what to do about it at once (progress-guard.2)', () =>
    expect(isEnd(new Walk(walker(false)).swing(1 + PATIENCE).last)).toBe(true));

  it('takes every world for new once something was learned (progress-guard.1)', () => {
    const walk = new Walk(walker(true)).swing(PATIENCE).step(0, { fails: true }).swing(PATIENCE);
    expect(walk.state.inner.told).toEqual([]);
    expect(walk.swing(PATIENCE).state.inner.told).toHaveLength(1);
  });

  it('lets a skill poll as long as it likes, and does not let it hide a circle (progress-guard.1)', () => {
    const walk = new Walk(walker(true));
    for (let i = 0; i < 100; i++) walk.step(0, { polling: true });
    expect(walk.state.inner.told).toEqual([]);
    walk.step(1);
    for (let i = 0; i < PATIENCE; i++) walk.step(i % 2).step(i % 2, { polling: true });
    expect(walk.state.inner.told).toHaveLength(1);
  });

  it('counts a stale decision neither for nor against progress (progress-guard.1)', () => {
    const count = ({ steps, learned, told }: Walker): Walker => ({ steps, learned, told });
    const others: Strategy<Walker> = { ...walker(true), progressKey: () => null };
    const walk = new Walk(others).step(1);
    for (let i = 0; i < 100; i++) walk.step(1, { stale: true });
    expect(count(walk.state.inner).told).toEqual([]);
    for (let i = 0; i < PATIENCE; i++) walk.step(i % 2).step(i % 2, { stale: true });
    expect(walk.state.inner.told).toHaveLength(1);
  });

  it('disturbs nobody who is not about to act (progress-guard.2)', () => {
    const quiet: Strategy<Walker> = {
      ...walker(true),
      on: (state) => ({
        state,
        effects: [{ kind: 'verify', id: `v${state.steps}`, by: 'x', candidate: '', context: null }],
      }),
    };
    const walk = new Walk(quiet);
    for (let i = 0; i < 20; i++) walk.step(0);
    expect(walk.effects.filter(isEnd)).toEqual([]);
  });

  it('does nothing where no patience is named, so that older histories replay as they are (progress-guard.4)', () => {
    const walk = new Walk(walker(true), opening({})).swing(100);
    expect(walk.state).toMatchObject({ seen: [], idle: [], inner: { steps: 100, told: [] } });
  });

  it('ends any walk in a finite world, and changes none that is done before its patience is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 12 }),
        (circle, patience) => {
          const walk = new Walk(walker(true), opening({ patience }));
          let steps = 0;
          while (!isEnd(walk.last) && steps < 1000) walk.step(circle[steps++ % circle.length]!);
          expect(isEnd(walk.last)).toBe(true);
          expect(steps).toBeGreaterThanOrEqual(2 * patience);
          expect(steps).toBeLessThanOrEqual(6 + 2 * patience);
        },
      ),
    );
  });
});

describe('recedingHorizon under guard', () => {
  const hop = (from: number, to: number): PlannedStep => ({
    action: { skill: 'hop', args: { to: String(to) } },
    needs: [`(at ${from})`],
    expects: { added: [`(at ${to})`], removed: [`(at ${from})`], numbers: {} },
    origin: 'search',
    taint: [],
  });

  /** Proposes to and fro, and after being told of it, straight ahead where there is a way. */
  function life(hasWay: boolean): Walk<HorizonState> {
    const walk = new Walk(recedingHorizon('x', { slips: 3, checkpoints: true }));
    for (let turn = 0; turn < 200 && !isEnd(walk.last); turn++) {
      const { last } = walk;
      if (last.kind === 'propose') {
        const { failures, state } = last.context as unknown as {
          failures: readonly Json[];
          state: { facts: readonly string[] };
        };
        const here = Number(/\d+/.exec(state.facts[0]!)?.[0] ?? 0);
        const ahead: PlannedStep = {
          ...hop(here, 9),
          expects: { added: ['(at goal)'], removed: [`(at ${here})`], numbers: {} },
        };
        const steps =
          failures.length > 0 && hasWay
            ? [ahead]
            : Array.from({ length: 6 }, (_, i) => hop((here + i) % 2, (here + i + 1) % 2));
        walk.on({ type: 'proposed', id: last.id, candidates: [{ steps, tools: ['t1'] } as unknown as Json], note: '' });
      } else if (last.kind === 'verify')
        walk.on({
          type: 'verified',
          id: last.id,
          violations: walk.state.world.facts.includes('(at goal)') ? [] : ['not there'],
        });
      else if (last.kind === 'execute') walk.step(walk.state.inner.rest[0]!.expects.added[0]!.replace(/\(at |\)/g, ''));
    }
    return walk;
  }

  it('plans again with what led nowhere ruled out, and comes through (progress-guard.3)', () => {
    const walk = life(true);
    expect(walk.last).toMatchObject({ kind: 'finish', outcome: 'done', result: { failures: [], toolsUsed: ['t1'] } });
    expect(walk.state.interventions).toBe(1);
  });

  it('gives up where there is no other way, long before its budget does, and still reports what it used', () => {
    const walk = life(false);
    expect(walk.last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: expect.stringMatching(/led only to where it had been before.*\(hop [01]\)/),
      result: { toolsUsed: ['t1'], failures: [] },
    });
    expect(walk.state.inner.steps).toBeLessThan(30);
  });
});
