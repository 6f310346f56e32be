import * as fc from 'fast-check';
import { NO_COST, type Answer } from '@praxis/core';
import { errands, buy, one } from '../fixtures/errands.js';
import { Case, say, rules } from '../fixtures/shop-case.js';

describe('with approval rules', () => {
  const asks = () => new Case(one('unkeyed'), { rules: rules('ask skill=unkeyed expires=60') });

  // interpreter.7
  it('asks, parks, and does it when it is approved, though the world has moved on elsewhere', async () => {
    const c = asks();
    expect(await c.run()).toBeNull();
    expect(c.open).toMatchObject([
      { kind: 'approval', action: buy('unkeyed', 'tea'), expiresAt: 61_000, effect: 'irreversible' },
    ]);
    expect(c.shop.arrivals).toEqual([]);
    c.shop.facts = ['(closed school)', '(open shop)'];
    expect(await c.finish(() => say('approve'))).toMatchObject({ result: { e0: 'ok tea' } });
    expect(c.paper.steps.map((e) => e.type)).toEqual([
      'opened',
      'decided',
      'asked',
      'parked',
      'replied',
      'tried',
      'observed',
      'ended',
    ]);
  });

  it('asks again where what is true of the action has changed since (S6)', async () => {
    const c = asks();
    await c.run();
    c.answer(() => say('approve'));
    c.shop.facts = ['(open shop)', '(stale tea)'];
    expect(await c.run()).toBeNull();
    expect(c.shop.arrivals).toEqual([]);
    expect(c.open).toMatchObject([{ kind: 'approval', text: expect.stringContaining('no longer fits the world') }]);
    expect(await c.finish(() => say('approve'))).toMatchObject({ result: { e0: 'ok tea' } });
    expect(c.paper.of('decided')).toHaveLength(1);
  });

  it.each([
    [say('reject', { reason: 'too dear' }), /^denied by ann: too dear$/],
    [say('expired', { by: 'planner' }), /^denied: nobody approved unkeyed in time$/],
  ])('fails the step, at no cost, on %j', async (answer, message) => {
    const c = asks();
    expect(await c.finish(() => answer)).toMatchObject({ result: { e0: 'denied' } });
    expect(c.paper.of('observed')).toMatchObject([
      { result: { code: 'denied', message: expect.stringMatching(message) }, spent: NO_COST },
    ]);
    expect(c.shop.arrivals).toEqual([]);
    expect(c.paper.of('tried')).toEqual([]);
  });

  it('does what a person wrote instead, as a decision of its own (interpreter.3)', async () => {
    const c = asks();
    expect(await c.finish(() => say('edit', { args: { item: 'milk' }, reason: 'no tea left' }))).toMatchObject({
      result: { e0: 'ok milk' },
    });
    expect(c.paper.of('decided')).toMatchObject([
      { step: 0, origin: 'policy', action: buy('unkeyed', 'tea') },
      { step: 1, origin: 'person', why: 'no tea left', action: buy('unkeyed', 'milk') },
    ]);
    expect(c.paper.of('tried')).toMatchObject([{ step: 1 }]);
    expect(c.shop.arrivals.map((a) => a.action.args['item'])).toEqual(['milk']);
  });

  it('denies without asking where a rule says so', async () => {
    const c = new Case(one('unkeyed'), { rules: rules('deny') });
    expect(await c.run()).toMatchObject({ result: { e0: 'denied' } });
    expect(c.paper.of('asked')).toEqual([]);
  });

  it('never gives an answer to another question, in whatever order people answer', async () => {
    const verdicts = fc.array(fc.constantFrom('approve', 'reject', 'edit', 'expired'), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(verdicts, fc.infiniteStream(fc.nat()), async (said, order) => {
        const c = new Case(
          errands(
            said.map((_, i) => buy('unkeyed', `item${i}`)),
            true,
          ),
          { rules: rules('ask') },
        );
        const of = (item: string): Answer => {
          const verdict = said[Number(item.replace('item', ''))] as Answer['verdict'];
          return say(verdict, verdict === 'edit' ? { args: { item: `${item} instead` } } : {});
        };
        for (let end = await c.run(); !end; end = await c.run()) {
          const some = c.open.filter(
            (_, i, all) => i === order.next().value % all.length || order.next().value % 3 === 0,
          );
          for (const q of some.toReversed()) c.answers.set(q.id, of(String(q.action!.args['item'])));
        }
        const expected = said.map(
          (verdict, i) => ({ approve: `ok item${i}`, edit: `ok item${i} instead` })[verdict as 'approve'] ?? 'denied',
        );
        expect(
          Object.entries(c.paper.of('ended')[0]!.result as object)
            .sort()
            .map(([, result]) => result),
        ).toEqual(expected);
        const steps = c.paper.of('decided').map((e) => e.step);
        expect(steps).toEqual(steps.map((_, i) => i));
        expect(new Set(c.shop.arrivals.map((a) => a.key)).size).toBe(c.shop.arrivals.length);
      }),
      { numRuns: 40 },
    );
  });
});
