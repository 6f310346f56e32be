import { armFaultPoints, type Strategy } from '@praxis/core';
import { errands, buy, one, type Errands } from '../fixtures/errands.js';
import { handlersOf, manifestOf, type Nature } from '../fixtures/shop.js';
import { Case, power, say } from '../fixtures/shop-case.js';
import { slow } from '../fixtures/slow-skill.js';

afterEach(() => armFaultPoints(null));

describe('after a crash', () => {
  const natures: readonly Nature[] = ['pure', 'keyed', 'probed', 'unkeyed'];

  /** Every place where a process can die, found by a life without a crash. */
  async function places(strategy: Strategy<Errands>): Promise<readonly ((c: Case) => void)[]> {
    const whole = new Case(strategy);
    const passed: string[] = [];
    armFaultPoints((point) => void passed.push(point));
    await whole.run();
    armFaultPoints(null);
    const appends = Array.from({ length: whole.paper.appends }, (_, i) =>
      [false, true].map(
        (committed) =>
          (c: Case): void =>
            void (c.paper.crash = { nth: i + 1, committed }),
      ),
    ).flat();
    const points = [...new Set(passed)].flatMap((point) =>
      passed
        .filter((p) => p === point)
        .map((_, nth) => (c: Case): void => {
          let count = 0;
          armFaultPoints((p) => {
            if (p !== point || count++ !== nth) return undefined;
            c.life.isDead = true;
            return Promise.reject(power());
          });
        }),
    );
    expect(points.length).toBeGreaterThanOrEqual(4);
    return [...appends, ...points];
  }

  it.each(
    natures.flatMap(
      (nature) =>
        [
          [nature, 'one by one', false],
          [nature, 'side by side', true],
        ] as const,
    ),
  )('does what is %s once, %s, wherever the process died (interpreter.1–5)', async (nature, _how, atOnce) => {
    const strategy = errands(
      ['tea', 'milk', 'tea'].map((item) => buy(nature, item)),
      atOnce,
    );
    for (const die of await places(strategy)) {
      const c = new Case(strategy);
      die(c);
      await expect(c.run()).rejects.toMatchObject({ code: 'unavailable' });
      c.life.isDead = true;
      armFaultPoints(null);
      const end = await c.finish(c.truthful);
      expect(end).toMatchObject({ outcome: 'done' });
      expect(Object.values(end.result as object)).toHaveLength(3);
      for (const times of c.shop.done.values()) expect(times).toBe(1);
      expect(c.shop.done.size).toBe(nature === 'pure' ? 0 : 3);
      if (nature !== 'unkeyed') expect(c.paper.of('asked')).toEqual([]);
      if (nature === 'unkeyed' || nature === 'probed')
        expect(new Set(c.shop.arrivals.map((a) => a.key)).size).toBe(c.shop.arrivals.length);
      expect(c.paper.of('decided').map((e) => e.step)).toEqual([0, 1, 2]);
      expect(c.paper.steps.findIndex((e) => e.type === 'ended')).toBe(c.paper.events.length - 1);
    }
  });

  async function inDoubt(happened: boolean): Promise<Case> {
    const c = new Case(one('unkeyed'));
    armFaultPoints((point) =>
      point === (happened ? 'interpreter.after-effect' : 'interpreter.before-effect')
        ? Promise.reject(power())
        : undefined,
    );
    await expect(c.run()).rejects.toThrow('power');
    armFaultPoints(null);
    return c;
  }

  // interpreter.4, interpreter.7
  it('asks a person about what nothing can tell, and holds nothing meanwhile', async () => {
    const c = await inDoubt(true);
    expect(await c.run()).toBeNull();
    expect(c.paper.of('asked')).toMatchObject([
      {
        question: {
          kind: 'uncertain',
          action: buy('unkeyed', 'tea'),
          key: c.shop.arrivals[0]!.key,
          effect: 'irreversible',
        },
      },
    ]);
    expect(c.paper.of('parked')).toEqual([{ type: 'parked', questions: [c.open[0]!.id] }]);
    const { length } = c.paper.events;
    expect(await c.run()).toBeNull();
    expect([c.paper.events.length, c.shop.arrivals.length]).toEqual([length, 1]);
  });

  it.each([
    [true, 'happened', 1],
    [true, 'not-happened', 2],
    [false, 'happened', 0],
    [false, 'not-happened', 1],
  ] as const)(
    'does what the person says: happened %j, told %s, so it arrives %i times (interpreter.4)',
    async (happened, verdict, arrivals) => {
      const c = await inDoubt(happened);
      const { result } = await c.finish(() => say(verdict, { reason: 'I looked' }));
      expect([c.shop.arrivals.length, c.paper.of('tried').length]).toEqual([arrivals, verdict === 'happened' ? 2 : 3]);
      expect(result).toEqual({ e0: verdict === 'happened' ? 'ok ann says that it was done: I looked' : 'ok tea' });
    },
  );

  it.each(['probed', 'unkeyed'] as const)(
    'a process that was taken for dead, and sends what is %s while another takes it over, does not make it happen twice (S5)',
    async (nature) => {
      const c = new Case(one(nature));
      let goOn = (): void => undefined;
      const stopped = new Promise<void>((resolve) => (goOn = resolve));
      armFaultPoints((point) => (point === 'interpreter.before-effect' ? stopped : undefined));
      const first = c.run();
      while (c.paper.of('tried').length === 0) await new Promise((resume) => setImmediate(resume));
      armFaultPoints(null);
      const second = c.run({ takeOverMs: 100 });
      while (c.paper.of('tried').length === 1) await new Promise((resume) => setImmediate(resume));
      goOn();
      await expect(first).rejects.toMatchObject({ code: 'conflict' });
      await second;
      expect(await c.finish(c.truthful)).toMatchObject({ outcome: 'done' });
      expect([...c.shop.done.values()]).toEqual([1]);
      expect(c.shop.arrivals).toHaveLength(1);
    },
  );

  it('asks anew where it crashes again after the answer', async () => {
    const c = await inDoubt(true);
    expect(await c.run()).toBeNull();
    const [first] = c.open;
    c.answer(() => say('not-happened'));
    armFaultPoints((point) => (point === 'interpreter.after-effect' ? Promise.reject(power()) : undefined));
    await expect(c.run()).rejects.toThrow('power');
    armFaultPoints(null);
    expect(await c.run()).toBeNull();
    expect(c.open[0]!.id).not.toBe(first!.id);
    expect(await c.finish(() => say('happened'))).toMatchObject({ outcome: 'done' });
    expect(c.shop.arrivals).toHaveLength(2);
  });

  // interpreter.4
  it('takes a person at their word, though the skill has become one that could be asked again', async () => {
    const c = await inDoubt(true);
    expect(await c.run()).toBeNull();
    c.answer(() => say('happened'));
    const handlers = handlersOf(c.shop, c.life);
    expect(
      await c.run({
        handlers: {
          ...handlers,
          execute: { ...handlers.execute!, manifest: (a) => ({ ...manifestOf(a)!, keyed: true }) },
        },
      }),
    ).toMatchObject({ outcome: 'done' });
    expect(c.shop.arrivals).toHaveLength(1);
  });

  it('asks the probe also where the call itself came back without an answer (S5)', async () => {
    const c = new Case(one('probed'));
    c.shop.during = () =>
      Promise.resolve({ result: { ok: false, code: 'unknown-outcome', message: 'no reply' }, state: null });
    expect(await c.run()).toMatchObject({ result: { e0: 'ok probed' } });
    expect(c.shop.arrivals).toHaveLength(1);
  });

  it('asks a person where an unkeyed call came back without an answer (interpreter.4)', async () => {
    const c = new Case(one('unkeyed'));
    c.shop.during = () =>
      Promise.resolve({ result: { ok: false, code: 'unknown-outcome', message: 'no reply' }, state: null });
    expect(await c.run()).toBeNull();
    expect(await c.finish(() => say('happened'))).toMatchObject({ outcome: 'done' });
    expect(c.shop.arrivals).toHaveLength(1);
  });
});

describe('with two writers', () => {
  it('stops the stale one with a conflict, whose effect was begun under the same key (interpreter.6)', async () => {
    const c = new Case(one('keyed'));
    const work = slow(c.shop);
    const stale = c.run();
    await work.begun;
    c.shop.during = () => Promise.resolve();
    expect(await c.run()).toMatchObject({ outcome: 'done' });
    const length = c.paper.events.length;
    work.end();
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
    expect(c.paper.events).toHaveLength(length);
    expect([...c.shop.done.values()]).toEqual([1]);
  });
});
