import * as fc from 'fast-check';
import { actionText, type Effect, type FailureCode, type Json, type OpenedEvent, type Strategy } from '@praxis/core';
import { anyAnswer, drive } from '../fixtures/drive.js';
import {
  House,
  act,
  action,
  opening,
  sensible,
  withEveryCrash,
  type Household,
  type PromptRunner,
} from '../fixtures/house.js';
import { withProgressGuard } from './progress-guard.js';
import { asyncPlanner, type AsyncParams } from './async-planner.js';

/** A guard that takes back an action takes back all that was asked with it, so that nothing else may be. */
function alone<S>(inner: Strategy<S>): Strategy<S> {
  const on: Strategy<S>['on'] = (state, event) => {
    const move = inner.on(state, event);
    if (move.effects.some((e) => e.kind === 'execute')) expect(move.effects).toHaveLength(1);
    return move;
  };
  return { ...inner, on };
}

const strategy = (params: Partial<AsyncParams> = {}): Strategy<unknown> =>
  withProgressGuard(alone(asyncPlanner('x', { search: false, ...params })), { interventions: 1 }) as Strategy<unknown>;
const house = (household: Household, more: Partial<OpenedEvent> = {}, params: Partial<AsyncParams> = {}): House =>
  new House(strategy(params), household, opening(more));
const intention = (...actions: readonly string[]): Json => ({
  actions: actions.map((t) => ({ ...action(t) })),
  conditions: ['(power)'],
  why: 'the fuse comes first',
  taint: [],
});
const WAY = ['go cellar', 'switch', 'go study', 'light'] as const;
const suggested = WAY.map(action);
const decided = (h: House): readonly string[] => h.paper.of('decided').map((e) => actionText(e.action));

/** Thinks until it is let go. */
const forEver: PromptRunner = (_context, _effect, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve([])));

describe('asyncPlanner', () => {
  it('follows the steps at hand while the slow mind thinks, and never waits for it (async-planner.1–2)', async () => {
    const h = house(
      {
        minds: {
          'planner-mind': forEver,
          actor: () => {
            throw new Error('nobody asked the fast mind');
          },
        },
      },
      { suggested },
    );
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { steps: 4, failedSteps: 0 } });
    expect(h.paper.of('proposed')).toHaveLength(0);
  });

  it('lets go of what the slow mind still thinks once it has ended', async () => {
    const signals: AbortSignal[] = [];
    const slow: PromptRunner = (context, effect, signal) => (signals.push(signal), forEver(context, effect, signal));
    await house({ minds: { 'planner-mind': slow } }, { suggested }).live();
    expect(signals.map((s) => s.aborted)).toEqual([true]);
  });

  // async-planner.1
  it('has the fast mind decide where there is nothing at hand, and never waits for the slow one', async () => {
    const h = house({ minds: { 'planner-mind': forEver, actor: sensible } });
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { failures: [{ action: '(light)' }] } });
  });

  it('is no worse than its executor alone, however slow or useless the minds are (async-planner.1)', async () => {
    for (const mind of [forEver, () => [], () => ['nonsense', 7]] as const) {
      const h = house({ minds: { 'planner-mind': mind, actor: forEver } }, { suggested });
      expect(await h.live()).toMatchObject({ outcome: 'done', result: { steps: 4 } });
    }
  });

  // async-planner.3
  it('follows an intention at once, though the fast mind still thinks, and does not listen to what that says then', () => {
    const late: Effect[] = [];
    const { finish, effects } = drive(asyncPlanner('x', { search: false }), opening(), {
      answer(effect) {
        if (effect.kind === 'propose')
          return {
            type: 'proposed',
            id: effect.id,
            candidates: effect.by === 'actor' ? [act('wave')] : [intention(...WAY)],
            note: '',
          };
        if (effect.kind !== 'execute') return { type: 'verified', id: effect.id, violations: [] };
        const facts: Record<string, string> = { switch: '(power)', light: '(lit lamp)' };
        return {
          type: 'observed',
          id: effect.id,
          step: 0,
          result: { ok: true, message: '' },
          change: {
            added: [facts[effect.action.skill] ?? `(at ${String(effect.action.args['to'])})`],
            removed: [],
            numbers: {},
          },
        };
      },
      // The fast mind comes in second, when two steps are done already.
      pick(waiting) {
        const slow = waiting.findIndex((e) => e.kind === 'propose' && e.by === 'planner-mind');
        const other = waiting.findIndex((e) => e.kind !== 'propose');
        const isFastDue = late.length === 2 && waiting.some((e) => e.kind === 'propose');
        if (other !== -1 && !isFastDue) late.push(waiting[other]!);
        if (isFastDue) late.push(waiting[0]!);
        return Math.max(slow, isFastDue ? 0 : other, 0);
      },
    });
    expect(finish).toMatchObject({ outcome: 'done' });
    expect(effects.flatMap((e) => (e.kind === 'execute' ? [actionText(e.action)] : []))).toEqual([
      '(go cellar)',
      '(switch)',
      '(go study)',
      '(light)',
    ]);
  });

  it('drops an intention that comes too late, and one that has more steps than are left (async-planner.3)', () => {
    const run = (when: number, actions: readonly string[], steps: number): readonly string[] => {
      let done = 0;
      const { effects } = drive(
        asyncPlanner('x', { search: false, late: 2, intentions: 1 }),
        opening({ limits: { steps, replans: 0 } }),
        {
          answer(effect) {
            if (effect.kind === 'propose')
              return {
                type: 'proposed',
                id: effect.id,
                candidates: effect.by === 'actor' ? [act(`go room${done}`)] : [intention(...actions)],
                note: '',
              };
            done += effect.kind === 'execute' ? 1 : 0;
            return anyAnswer(effect, {
              candidates: () => [],
              scores: () => [],
              violations: () => ['no'],
              observed: () => ({
                result: { ok: true, message: '' },
                change: { added: [`(at room${done})`], removed: [], numbers: {} },
              }),
              answer: () => null,
            });
          },
          pick: (waiting) =>
            Math.max(
              0,
              waiting.findIndex((e) => ('by' in e && e.by === 'planner-mind' ? done === when : done !== when)),
            ),
        },
      );
      return effects.flatMap((e) => (e.kind === 'execute' ? [e.action.skill] : []));
    };
    expect(run(2, ['wave'], 5)).toContain('wave');
    expect(run(3, ['wave'], 5)).not.toContain('wave');
    expect(run(1, ['wave', 'wave'], 3)).toContain('wave');
    expect(run(2, ['wave', 'wave'], 3)).not.toContain('wave');
  });

  it('drops the steps at hand where one fails, and tells both minds (async-planner.4)', async () => {
    const told: { readonly [key: string]: Json }[] = [];
    const slow: { readonly [key: string]: Json }[] = [];
    const actor: PromptRunner = (context, effect, signal) => (told.push(context), sensible(context, effect, signal));
    const h = house(
      { minds: { 'planner-mind': (context) => (slow.push(context), [intention()]), actor } },
      { suggested: ['go study', 'light', 'wave'].map(action) },
    );
    expect(await h.live()).toMatchObject({ outcome: 'done' });
    expect(decided(h)).toEqual(['(go study)', '(light)', '(go cellar)', '(switch)', '(go study)', '(light)']);
    expect(told[0]).toMatchObject({
      failures: [{ action: '(light)' }],
      intention: { conditions: ['(power)'], why: 'the fuse comes first' },
    });
    expect(slow.length).toBeGreaterThan(1);
    expect(slow.length).toBeLessThanOrEqual(5);
    expect(slow[1]).toMatchObject({ failures: [{ action: '(light)' }], steps: 18 });
  });

  it('drops the steps at hand where they lead in circles', async () => {
    const h = house(
      { minds: { actor: sensible } },
      { suggested: Array.from({ length: 12 }, () => action('wave')), limits: { steps: 20, replans: 3, patience: 3 } },
    );
    expect(await h.live()).toMatchObject({ outcome: 'done' });
    expect(decided(h).filter((text) => text === '(wave)')).toHaveLength(3);
  });

  // async-planner.2–3
  it('searches where it may before it asks the fast mind, and keeps what was checked although an intention comes', async () => {
    const step = (text: string, needs: string[], added: string) => ({
      action: { ...action(text) },
      needs,
      expects: { added: [added], removed: [], numbers: {} },
      origin: 'search',
      taint: [],
    });
    const search: PromptRunner = () => [
      {
        steps: [
          step('go cellar', [], '(at cellar)'),
          step('switch', ['(at cellar)'], '(power)'),
          step('go study', [], '(at study)'),
          step('light', ['(power)'], '(lit lamp)'),
        ],
        tools: ['t1'],
      },
    ];
    const h = house({ minds: { 'planner-mind': () => [intention('wave')], search } }, {}, { search: true });
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { steps: 4, toolsUsed: ['t1'] } });
    expect(
      h.paper
        .of('decided')
        .slice(-3)
        .map((e) => e.origin),
    ).toEqual(['search', 'search', 'search']);
  });

  it('asks the fast mind where the search finds nothing, or what is no plan (async-planner.2)', async () => {
    for (const said of [[], ['nonsense']] as const) {
      expect(
        await house({ minds: { search: () => said, actor: sensible } }, {}, { search: true }).live(),
      ).toMatchObject({ outcome: 'done' });
    }
  });

  it('does not follow a step any more whose needs no longer hold (async-planner.2)', async () => {
    const step = (text: string, needs: string[]) => ({
      action: { ...action(text) },
      needs,
      expects: { added: [], removed: [], numbers: {} },
      origin: 'search',
      taint: [],
    });
    let searches = 0;
    const search: PromptRunner = () =>
      searches++ === 0 ? [{ steps: [step('go attic', []), step('wave', ['(at study)'])], tools: [] }] : [];
    const h = house({ minds: { search, actor: sensible } }, {}, { search: true });
    await h.live();
    expect(decided(h)).not.toContain('(wave)');
  });

  it('does nothing twice and comes to an end wherever the power goes out', async () => {
    const { whole, others } = await withEveryCrash(() =>
      house({ minds: { 'planner-mind': forEver, actor: sensible } }, { suggested: ['go study', 'light'].map(action) }),
    );
    expect(whole.paper.of('ended')).toMatchObject([{ outcome: 'done' }]);
    for (const other of others) {
      expect(other.paper.events).toEqual(whole.paper.events);
      expect(other.done).toEqual(whole.done);
    }
  });

  // async-planner.1, async-planner.4–5
  it('always has something under way besides the slow mind, and ends within its limits, in whatever order answers come', () => {
    const proposal = fc.constantFrom<Json>(
      act('wave'),
      act('go a'),
      { kind: 'done' },
      { kind: 'stuck' },
      { kind: 'ask', question: 'q?' },
      intention('go b', 'wave'),
      intention(),
      { steps: [], tools: [] },
      'nonsense',
    );
    const outcome = fc.constantFrom<FailureCode | 'ok'>(
      'ok',
      'not-applicable',
      'effect-mismatch',
      'timeout',
      'invalid-args',
    );
    fc.assert(
      fc.property(
        fc.record({
          said: fc.infiniteStream(fc.array(proposal, { maxLength: 3 })),
          came: fc.infiniteStream(outcome),
          holds: fc.infiniteStream(fc.boolean()),
        }),
        fc.infiniteStream(fc.nat(3)),
        fc.nat(10),
        fc.boolean(),
        ({ said, came, holds }, picks, steps, search) => {
          let at = 0;
          const { finish, effects } = drive(
            strategy({ search }),
            opening({ limits: { steps, replans: 2, patience: 4 }, suggested: [action('go c'), action('wave')] }),
            {
              answer: (effect) =>
                anyAnswer(effect, {
                  candidates: () => said.next().value!,
                  scores: () => [],
                  violations: () => (holds.next().value! ? [] : ['no']),
                  observed: () => {
                    const code = came.next().value!;
                    const from = at;
                    at = code === 'ok' ? (at + 1) % 5 : at;
                    return {
                      result: code === 'ok' ? { ok: true, message: '' } : { ok: false, code, message: code },
                      change:
                        code === 'ok'
                          ? { added: [`(room ${at})`], removed: [`(room ${from})`], numbers: {} }
                          : { added: [], removed: [], numbers: {} },
                    };
                  },
                  answer: () => null,
                }),
              pick(waiting) {
                expect(waiting.some((e) => !('by' in e) || e.by !== 'planner-mind')).toBe(true);
                expect(waiting.filter((e) => e.kind === 'execute').length).toBeLessThanOrEqual(1);
                expect(waiting.filter((e) => 'by' in e && e.by === 'planner-mind').length).toBeLessThanOrEqual(1);
                return picks.next().value!;
              },
            },
          );
          expect(finish).not.toBeNull();
          expect(effects.filter((e) => e.kind === 'execute').length).toBeLessThanOrEqual(steps);
          expect(effects.filter((e) => 'by' in e && e.by === 'planner-mind').length).toBeLessThanOrEqual(5);
          const ids = effects.flatMap((e) => ('id' in e ? [e.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});
