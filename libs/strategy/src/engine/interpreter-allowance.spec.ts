import * as fc from 'fast-check';
import {
  NO_COST,
  UNBOUNDED,
  addCosts,
  addToAllowance,
  costOf,
  shortOf,
  type Allowance,
  type Strategy,
} from '@praxis/core';
import { errands, buy, type Errands } from '../fixtures/errands.js';
import type { Nature } from '../fixtures/shop.js';
import { Case, say } from '../fixtures/shop-case.js';

describe('with an allowance', () => {
  const has = (steps: number, more: Partial<Allowance> = {}): Allowance => ({ ...UNBOUNDED, steps, ...more });
  const three = ['tea', 'milk', 'rice'].map((item) => buy('unkeyed', item, { price: 2 }));

  // interpreter.9
  it('does what it can pay for, also side by side, asks for the rest, and goes on with a grant', async () => {
    const c = new Case(errands(three, true), { allowance: has(10, { money: 5 }) });
    expect(await c.run()).toBeNull();
    expect(c.shop.arrivals).toHaveLength(2);
    expect(c.open).toMatchObject([
      { kind: 'budget', needs: { money: 1, steps: 0 }, text: expect.stringContaining('needs 1 money more') },
    ]);
    expect(await c.finish(({ needs }) => say('grant', { grant: needs }))).toMatchObject({
      result: { e0: 'ok tea', e1: 'ok milk', e2: 'ok rice' },
    });
    expect(c.paper.of('observed').map((e) => e.spent?.money)).toEqual([2, 2, 2]);
  });

  it('ends the step as failed, at no cost, where nobody grants more (interpreter.9)', async () => {
    const c = new Case(errands(three, false), { allowance: has(1) });
    expect(await c.finish(() => say('reject', { reason: 'enough spent' }))).toMatchObject({
      result: { e0: 'ok tea', e1: 'budget', e2: 'budget' },
    });
    expect(c.shop.arrivals).toHaveLength(1);
    expect(c.paper.steps.map(costOf).reduce(addCosts)).toMatchObject({ steps: 1, calls: 1, money: 2 });
  });

  // interpreter.9
  it('keeps aside what a process that died had begun, until somebody knows what became of it', async () => {
    const c = new Case(errands(three.slice(0, 2), true), { allowance: has(1) });
    c.paper.crash = { nth: 2, committed: true };
    await expect(c.run()).rejects.toThrow('power');
    expect(c.paper.steps.map((e) => e.type)).toEqual(['opened', 'decided', 'decided', 'tried']);
    expect(await c.run()).toBeNull();
    expect(c.open.map((q) => q.kind).sort()).toEqual(['budget', 'uncertain']);
    expect(c.shop.arrivals).toEqual([]);
  });

  it('never spends more than it has, whatever it costs and whoever dies (interpreter.9)', async () => {
    const errand = fc.record({
      nature: fc.constantFrom<Nature>('pure', 'keyed', 'probed', 'unkeyed'),
      price: fc.integer({ min: 0, max: 4 }),
    });
    const cases = fc.record({
      all: fc.array(errand, { minLength: 1, maxLength: 5 }),
      atOnce: fc.boolean(),
      steps: fc.nat(5),
      money: fc.option(fc.nat(8)),
      crash: fc.nat(14),
      committed: fc.boolean(),
      grants: fc.infiniteStream(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ all, atOnce, steps, money, crash, committed, grants }) => {
        const c = new Case(
          errands(
            all.map(({ nature, price }, i) => buy(nature, `item${i}`, { price })),
            atOnce,
          ),
          { allowance: has(steps, { money }) },
        );
        c.paper.crash = { nth: crash, committed };
        await c.run().catch(() => undefined);
        c.life.isDead = true;
        c.paper.crash = null;
        await c.finish((q) =>
          q.kind === 'uncertain'
            ? c.truthful(q)
            : grants.next().value
              ? say('grant', { grant: q.needs })
              : say('reject'),
        );
        for (const times of c.shop.done.values()) expect(times).toBe(1);
        let [spent, may] = [NO_COST, has(steps, { money })];
        for (const event of c.paper.steps) {
          if (event.type === 'replied' && event.answer.grant) may = addToAllowance(may, event.answer.grant);
          spent = addCosts(spent, costOf(event));
          expect(shortOf(may, spent)).toBeNull();
        }
      }),
      { numRuns: 80 },
    );
  });

  it('asks before it thinks, too, and does without where nobody pays for it', async () => {
    const thinking: Strategy<null> = {
      id: 'thinker',
      version: 1,
      begin: () => ({ state: null, effects: [{ kind: 'propose', id: 'p', by: 'x', count: 1, context: null }] }),
      on: (_, event) => ({
        state: null,
        effects: [
          {
            kind: 'finish',
            outcome: 'done',
            reason: '',
            result:
              event.type === 'proposed'
                ? {
                    candidates: event.candidates,
                    note: event.note,
                    ...(event.refused !== undefined && { refused: event.refused }),
                  }
                : null,
          },
        ],
      }),
    };
    for (const [answer, result] of [
      [say('grant', { grant: { ...NO_COST, calls: 1 } }), { candidates: ['x'], note: '' }],
      [say('reject', { reason: 'no money' }), { candidates: [], note: 'no money', refused: 'no money' }],
    ] as const) {
      const c = new Case(thinking as unknown as Strategy<Errands>, { allowance: has(5, { calls: 0 }) });
      expect(await c.finish(() => answer)).toMatchObject({ result });
      expect(c.paper.of('asked')).toMatchObject([{ question: { kind: 'budget', needs: { calls: 1 } } }]);
    }
  });

  it('counts a call of a skill that is not here as nothing', async () => {
    const c = new Case(errands([buy('nothing', 'tea')], true), { allowance: has(0) });
    expect(await c.run()).toMatchObject({ result: { e0: 'invalid-args' } });
    expect(c.paper.of('observed')).toMatchObject([{ spent: NO_COST }]);
  });
});
