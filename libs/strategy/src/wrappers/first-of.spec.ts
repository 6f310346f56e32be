import * as fc from 'fast-check';
import type { Effect, FailureCode, Json, OpenedEvent, Strategy } from '@praxis/core';
import { anyAnswer, drive } from '../fixtures/drive.js';
import { House, act, action, opening, sensible, withEveryCrash, type Household } from '../fixtures/house.js';
import { firstOf } from './first-of.js';
import { metaPlan } from '../kernels/meta-plan.js';
import { PRESETS } from '../presets/presets.js';
import { proposeAndVerify } from '../kernels/propose-and-verify.js';
import { react } from '../kernels/react.js';
import { recedingHorizon } from '../kernels/receding-horizon.js';

const horizon = recedingHorizon('search', { slips: 3, checkpoints: false }) as Strategy<unknown>;
const both = firstOf('both', [horizon, react('model') as Strategy<unknown>]) as Strategy<unknown>;

/** Plans by rules that know nothing of the fuse. */
const search = ({ failures }: { readonly [key: string]: Json }): readonly Json[] => {
  const step = (text: string, added: string) => ({
    action: { ...action(text) },
    needs: [],
    expects: { added: [added], removed: [], numbers: {} },
    origin: 'search',
    taint: [],
  });
  return (failures as Json[]).length > 0
    ? []
    : [{ steps: [step('go study', '(at study)'), step('light', '(lit lamp)')], tools: ['t1'] }];
};
const house = (household: Household, more: Partial<OpenedEvent> = {}, strategy = both): House =>
  new House(strategy, household, opening(more));

describe('firstOf', () => {
  it('tells the next one what skills outside the world answered to the one before (first-of.5)', async () => {
    const asking = ({ failures }: { readonly [key: string]: Json }): readonly Json[] => {
      const step = (skill: string) => ({
        action: { skill, args: {} },
        needs: [],
        expects: { added: [], removed: [], numbers: {} },
        origin: 'search',
        taint: [],
      });
      return (failures as Json[]).length > 0 ? [] : [{ steps: [step('ask-outside'), step('light')], tools: [] }];
    };
    const told: { readonly [key: string]: Json }[] = [];
    const h = house({
      minds: {
        search: asking,
        actor: (context, effect, signal) => (told.push(context), sensible(context, effect, signal)),
      },
      outside: ['it is dark'],
    });
    expect(await h.live()).toMatchObject({ outcome: 'done' });
    expect(told[0]).toMatchObject({ results: ['(ask-outside) -> it is dark'] });
    expect(h.paper.of('decided').map((e) => e.taint)).toEqual([[], [], ...told.map(() => ['http:outside'])]);
  });

  it('is the first one alone where that comes through', async () => {
    const lit = { state: { facts: ['(at hall)', '(power)'], numbers: {} } };
    const alone = await house({ minds: { search } }, lit, horizon).live();
    expect(alone).toMatchObject({ outcome: 'done', result: { steps: 2, toolsUsed: ['t1'] } });
    expect(await house({ minds: { search } }, lit).live()).toEqual(alone);
  });

  // first-of.2, first-of.4
  it('goes on with the next one in the world as it is then, with what was learned and what is left', async () => {
    const told: { readonly [key: string]: Json }[] = [];
    const h = house(
      {
        minds: { search, actor: (context, effect, signal) => (told.push(context), sensible(context, effect, signal)) },
        note: 'the rules know no other way',
      },
      { limits: { steps: 6, replans: 3 } },
    );
    expect(await h.live()).toMatchObject({
      outcome: 'done',
      reason: 'the condition holds (before, search gave up: the rules know no other way)',
      result: {
        steps: 6,
        failedSteps: 1,
        replans: 2,
        toolsUsed: ['t1'],
        failures: [{ action: '(light)', code: 'not-applicable' }],
      },
    });
    expect(h.done).toEqual(['go study', 'go cellar', 'switch', 'go study', 'light']);
    expect(told[0]).toMatchObject({ state: { facts: ['(at study)'] }, failures: [{ action: '(light)' }] });
  });

  it('does no more steps than there were for all of them (first-of.2)', async () => {
    const end = await house({ minds: { search, actor: sensible } }, { limits: { steps: 5, replans: 3 } }).live();
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('the 3 steps that were left are spent'),
      result: { steps: 5 },
    });
  });

  it('leaves as many new plans as the ones before have not made (first-of.2)', () => {
    const begun: OpenedEvent[] = [];
    const fails = (id: string): Strategy<unknown> => ({
      id,
      version: 1,
      begin: (opened) => (
        begun.push(opened),
        {
          state: 0,
          effects: [
            {
              kind: 'finish',
              outcome: 'failed',
              reason: id,
              result: { steps: 0, failedSteps: 0, replans: 2, toolsUsed: [id], failures: [] },
            },
          ],
        }
      ),
      on: (state) => ({ state, effects: [] }),
    });
    const { finish } = drive(firstOf('chain', [fails('a'), fails('b'), fails('c')]), opening(), {
      answer: () => {
        throw new Error('nothing is asked');
      },
    });
    expect(begun.map((o) => o.limits.replans)).toEqual([3, 1, 0]);
    expect(finish).toMatchObject({
      outcome: 'failed',
      reason: 'c (before, a gave up: a; b gave up: b)',
      result: { replans: 8, toolsUsed: ['a', 'b', 'c'] },
    });
  });

  it.each(['denied', 'budget', 'cancelled'] as const)('does not have others try what is %s (first-of.3)', (code) => {
    const { finish, effects } = drive(both, opening(), {
      answer(effect) {
        if (effect.kind === 'propose')
          return { type: 'proposed', id: effect.id, candidates: [...search({ failures: [] })], note: '' };
        return {
          type: 'observed',
          id: effect.id,
          step: 0,
          result: { ok: false, code, message: 'no' },
          change: { added: [], removed: [], numbers: {} },
        };
      },
    });
    expect(finish).toMatchObject({ outcome: 'failed', reason: 'no' });
    expect(effects.filter((e) => e.kind === 'propose')).toHaveLength(1);
  });

  it('plans with a designer where search finds no plan, and says why it had to', async () => {
    const planning = firstOf('planning', [
      proposeAndVerify('search', 3) as Strategy<unknown>,
      metaPlan('designer') as Strategy<unknown>,
    ]) as Strategy<unknown>;
    const plan = { plan: { version: 1, nodes: [] }, evaluated: 0 };
    const end = await house(
      { minds: { designer: () => [plan] } },
      { limits: { steps: 0, replans: 0 } },
      planning,
    ).live();
    expect(end).toMatchObject({
      outcome: 'done',
      result: plan,
      reason: 'checked and agreed on in round 1 (before, search gave up: there is no search here)',
    });
    expect(await house({ minds: {} }, { limits: { steps: 0, replans: 0 } }, planning).live()).toMatchObject({
      outcome: 'failed',
      result: null,
    });
  });

  it('tells nobody what somebody before them had asked (first-of.1)', () => {
    const restless: Strategy<number> = {
      id: 'restless',
      version: 3,
      begin: () => ({
        state: 0,
        effects: ['a', 'b'].map((id): Effect => ({ kind: 'propose', id, by: id, count: 1, context: null })),
      }),
      on: (state) => ({ state, effects: [{ kind: 'finish', outcome: 'failed', reason: 'enough', result: null }] }),
    };
    const chain = firstOf('chain', [restless as Strategy<unknown>, restless as Strategy<unknown>]);
    expect(chain.version).toBe(5);
    const begun = chain.begin(opening());
    expect(begun.effects.map((e) => ('id' in e ? e.id : ''))).toEqual(['0.a', '0.b']);
    const second = chain.on(begun.state, { type: 'proposed', id: '0.a', candidates: [], note: '' });
    expect(second.effects.map((e) => ('id' in e ? e.id : ''))).toEqual(['1.a', '1.b']);
    expect(chain.on(second.state, { type: 'proposed', id: '0.b', candidates: [], note: '' }).effects).toEqual([]);
  });

  it('writes the same wherever the power goes out, and does nothing twice', async () => {
    const { whole, others } = await withEveryCrash(() =>
      house({ minds: { search, actor: sensible } }, {}, PRESETS['hybrid']!.acting),
    );
    expect(whole.paper.of('ended')).toMatchObject([{ outcome: 'done', result: { toolsUsed: ['t1'] } }]);
    expect(others.length).toBeGreaterThan(20);
    for (const other of others) {
      expect(other.paper.events).toEqual(whole.paper.events);
      expect(other.done).toEqual(whole.done);
    }
  });

  it('ends within the limits of one, whatever happens (first-of.2)', () => {
    const proposal = fc.constantFrom<Json>(
      search({ failures: [] })[0]!,
      act('wave'),
      act('go cellar'),
      { kind: 'done' },
      { kind: 'stuck' },
      'nonsense',
    );
    const outcome = fc.constantFrom<FailureCode | 'ok'>('ok', 'not-applicable', 'effect-mismatch', 'denied', 'timeout');
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.array(proposal, { maxLength: 2 })),
        fc.infiniteStream(outcome),
        fc.infiniteStream(fc.boolean()),
        fc.nat(8),
        (said, came, holds, steps) => {
          const { finish, effects } = drive(both, opening({ limits: { steps, replans: 2 } }), {
            answer: (effect) =>
              anyAnswer(effect, {
                // A broken plan of the search would be the search's bug, and stops it.
                candidates: () =>
                  said
                    .next()
                    .value!.filter(
                      (c: Json) =>
                        effect.kind !== 'propose' ||
                        effect.by !== 'search' ||
                        (typeof c === 'object' && c !== null && 'steps' in c),
                    ),
                scores: () => [],
                violations: () => (holds.next().value! ? [] : ['no']),
                observed: () => {
                  const code = came.next().value!;
                  return {
                    result: code === 'ok' ? { ok: true, message: '' } : { ok: false, code, message: code },
                    change: { added: [], removed: [], numbers: {} },
                  };
                },
                answer: () => null,
              }),
          });
          expect(finish).not.toBeNull();
          const done = effects.filter((e) => e.kind === 'execute').length;
          expect(done).toBeLessThanOrEqual(steps);
          expect(finish!.result).toMatchObject({ steps: done });
          const ids = effects.flatMap((e) => ('id' in e ? [e.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});
