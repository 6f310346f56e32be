import { setImmediate as nextTurn } from 'node:timers/promises';
import { PraxisError } from '@praxis/core';
import { errands, buy, one } from '../fixtures/errands.js';
import { handlersOf } from '../fixtures/shop.js';
import { Case, say, rules } from '../fixtures/shop-case.js';
import { slow, withResolvers } from '../fixtures/slow-skill.js';

describe('when it is to stop', () => {
  const cancel = new PraxisError('cancelled', 'the user said so');
  const pause = new PraxisError('unavailable', 'paused');

  it('lets what cannot be repeated come to its end when it is held, and goes on from there', async () => {
    const c = new Case(errands([buy('unkeyed', 'tea'), buy('unkeyed', 'milk')], false));
    const work = slow(c.shop);
    const hold = new AbortController();
    const held = c.run({ hold: hold.signal });
    const signal = await work.begun;
    hold.abort(pause);
    expect(signal.aborted).toBe(false);
    work.end();
    await expect(held).rejects.toMatchObject({ code: 'unavailable', message: 'paused' });
    expect(c.paper.steps.map((e) => e.type)).toEqual(['opened', 'decided', 'tried', 'observed']);
    expect(await c.run()).toMatchObject({ result: { e0: 'ok tea', e1: 'ok milk' } });
    expect(c.shop.arrivals.map((a) => a.action.args['item'])).toEqual(['tea', 'milk']);
  });

  it.each(['pure', 'keyed', 'probed'] as const)(
    'stops what is %s when it is held, without an answer, and does it once it goes on',
    async (nature) => {
      const c = new Case(one(nature));
      const work = slow(c.shop);
      const hold = new AbortController();
      const held = c.run({ hold: hold.signal });
      await work.begun;
      hold.abort(pause);
      await expect(held).rejects.toMatchObject({ message: 'paused' });
      expect(c.paper.of('observed')).toEqual([]);
      c.shop.during = () => Promise.resolve();
      expect(await c.run()).toMatchObject({ outcome: 'done' });
      expect(c.shop.done.size).toBe(nature === 'pure' ? 0 : 1);
      for (const times of c.shop.done.values()) expect(times).toBe(1);
      expect(c.paper.of('asked')).toEqual([]);
    },
  );

  it('asks a person about what a stop of the process cut off (interpreter.4)', async () => {
    const c = new Case(one('unkeyed'));
    const work = slow(c.shop);
    const stopping = new AbortController();
    const stopped = c.run({ signal: stopping.signal });
    await work.begun;
    stopping.abort(new PraxisError('unavailable', 'shutting down'));
    await expect(stopped).rejects.toMatchObject({ message: 'shutting down' });
    expect(c.paper.of('observed')).toEqual([]);
    expect(await c.run()).toBeNull();
    expect(c.open).toMatchObject([{ kind: 'uncertain' }]);
  });

  it('begins nothing that was still at the gate', async () => {
    for (const how of ['hold', 'signal'] as const) {
      const c = new Case(one('unkeyed'), { rules: rules('ask skill=unkeyed') });
      expect(await c.run()).toBeNull();
      c.answer(() => say('approve'));
      const before = c.paper.steps.length;
      const [asked, gate, stop] = [withResolvers<void>(), withResolvers<void>(), new AbortController()];
      const handlers = handlersOf(c.shop, c.life);
      const look = async () => (asked.resolve(), await gate.promise, null);
      const running = c
        .run({ [how]: stop.signal, handlers: { ...handlers, execute: { ...handlers.execute!, look } } })
        .catch((error: unknown) => error);
      await asked.promise;
      stop.abort(how === 'hold' ? pause : cancel);
      if (how === 'hold') gate.resolve();
      await running;
      gate.resolve();
      for (let i = 0; i < 20; i++) await nextTurn();
      expect(c.shop.arrivals).toEqual([]);
      expect(c.paper.steps.slice(before).map((e) => e.type)).toEqual(
        how === 'hold' ? ['replied'] : ['replied', 'ended'],
      );
    }
  });

  it('begins nothing after an error has ended the work', async () => {
    const c = new Case(errands([buy('unkeyed', 'tea'), buy('pure', 'boom')], true), {
      rules: rules('ask skill=unkeyed'),
    });
    const gate = withResolvers<void>();
    c.shop.during = () => Promise.reject(new Error('broken'));
    const handlers = handlersOf(c.shop, c.life);
    const look = async () => (await gate.promise, null);
    await expect(c.run({ handlers: { ...handlers, execute: { ...handlers.execute!, look } } })).rejects.toThrow(
      'broken',
    );
    gate.resolve();
    for (let i = 0; i < 20; i++) await nextTurn();
    expect(c.paper.of('tried')).toEqual([]);
    expect(c.shop.arrivals.map((a) => a.action.skill)).toEqual(['pure']);
  });

  it('ends within the grace though a skill does not listen, and says that nobody knows (interpreter.8)', async () => {
    const c = new Case(errands([buy('unkeyed', 'tea', { price: 3 })], true));
    const begun = withResolvers<void>();
    c.shop.during = () => (begun.resolve(), new Promise(() => undefined));
    const user = new AbortController();
    const running = c.run({ signal: user.signal });
    await begun.promise;
    user.abort(cancel);
    expect(await running).toMatchObject({ outcome: 'cancelled', reason: 'the user said so' });
    expect(c.paper.of('observed')).toMatchObject([
      { result: { ok: false, code: 'unknown-outcome' }, spent: { money: 3 } },
    ]);
  });

  it('records what still comes back within the grace (interpreter.8)', async () => {
    const c = new Case(one('unkeyed'));
    const begun = withResolvers<void>();
    c.shop.during = async (_action, signal) => {
      begun.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return { result: { ok: true, message: 'just in time' }, state: null };
    };
    const user = new AbortController();
    const running = c.run({ signal: user.signal, graceMs: 60_000 });
    await begun.promise;
    user.abort(cancel);
    expect(await running).toMatchObject({ outcome: 'cancelled' });
    expect(c.paper.of('observed')).toMatchObject([{ result: { ok: true, message: 'just in time' } }]);
  });

  it('ends a parked subgoal, and says of what was in doubt that nobody knows (interpreter.8)', async () => {
    const c = new Case(one('unkeyed'));
    c.shop.during = () => Promise.resolve({ result: { ok: false, code: 'unknown-outcome', message: '' }, state: null });
    expect(await c.run()).toBeNull();
    expect(await c.run({ signal: AbortSignal.abort(cancel) })).toMatchObject({ outcome: 'cancelled' });
    expect(c.paper.of('observed')).toMatchObject([{ result: { code: 'unknown-outcome' } }]);
  });

  it('leaves no question behind that a cancel came before', async () => {
    const c = new Case(one('unkeyed'), { rules: rules('ask') });
    const user = new AbortController();
    const handlers = handlersOf(c.shop, c.life);
    const look = () => (user.abort(cancel), Promise.resolve(null));
    expect(
      await c.run({ signal: user.signal, handlers: { ...handlers, execute: { ...handlers.execute!, look } } }),
    ).toMatchObject({ outcome: 'cancelled' });
    expect(c.paper.of('asked')).toEqual([]);
  });
});
