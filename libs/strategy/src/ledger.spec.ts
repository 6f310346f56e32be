import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import {
  NO_COST,
  PraxisError,
  UNBOUNDED,
  addCosts,
  addToAllowance,
  armFaultPoints,
  costOf,
  parseApprovalRule,
  shortOf,
  stepEvents,
  type Action,
  type Allowance,
  type Answer,
  type Journal,
  type NewEvent,
  type Observation,
  type OpenedEvent,
  type Probe,
  type Question,
  type SkillManifest,
  type StepEvent,
  type StoredEvent,
  type Strategy,
} from '@praxis/core';
import type { Rules } from './gate.js';
import type { Handlers } from './handlers.js';
import { interpret, type Interpretation } from './interpreter.js';

const SUBGOAL = 'r-1.1.1.1';
const never = new AbortController().signal;
const power = (): PraxisError => new PraxisError('unavailable', 'the power went out');

/** A journal in memory that can lose power at its nth append, before or after it is committed. */
class Paper implements Journal {
  readonly events: StoredEvent[] = [];
  readonly steps: StepEvent[] = [];
  appends = 0;
  crash: { readonly nth: number; readonly committed: boolean } | null = null;
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    const isLast = ++this.appends === this.crash?.nth;
    if (isLast && !this.crash!.committed) return Promise.reject(power());
    if (expected !== this.events.length) return Promise.reject(new PraxisError('conflict', 'stale writer'));
    for (const e of events) {
      this.events.push({ ...(JSON.parse(JSON.stringify(e)) as NewEvent), stream, position: this.events.length, at: 0 });
      this.steps.push(stepEvents.decode(this.events.at(-1)!));
    }
    return isLast ? Promise.reject(power()) : Promise.resolve(this.events.length);
  }
  read(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([...this.events]);
  }
  fork(): Promise<void> {
    return Promise.reject(new Error('not here'));
  }
  of<T extends StepEvent['type']>(type: T): readonly Extract<StepEvent, { type: T }>[] {
    return this.steps.filter((e): e is Extract<StepEvent, { type: T }> => e.type === type);
  }
}

type Nature = 'pure' | 'keyed' | 'probed' | 'unkeyed';

/** A shop that counts what plainly arrives, and what is done of it; a keyed skill does a key once. */
class Shop {
  readonly arrivals: { readonly key: string; readonly action: Action }[] = [];
  readonly done = new Map<string, number>();
  facts = ['(open shop)'];
  /** What happens while an action is done. */
  during: (action: Action, signal: AbortSignal) => Promise<Observation | void> = () => Promise.resolve();
  probes = 0;

  async run(nature: Nature, action: Action, key: string, signal: AbortSignal): Promise<Observation> {
    this.arrivals.push({ key, action });
    const isRepeated = nature === 'keyed' && this.done.has(key);
    if (nature !== 'pure' && !isRepeated) this.done.set(key, (this.done.get(key) ?? 0) + 1);
    return (
      (await this.during(action, signal)) ?? {
        result: { ok: true, message: String(action.args['item']) },
        state: { facts: this.facts, numbers: {} },
      }
    );
  }
  probe(key: string): Promise<Probe> {
    this.probes++;
    return Promise.resolve(
      this.done.has(key)
        ? { happened: true, observation: { result: { ok: true, message: 'probed' }, state: null } }
        : { happened: false },
    );
  }
}

const natureOf = (action: Action): Nature => action.skill as Nature;
const manifestOf = (action: Action): SkillManifest | null =>
  action.skill === 'nothing'
    ? null
    : {
        name: action.skill,
        summary: '',
        parameters: [],
        source: 'test',
        keyed: action.skill === 'keyed',
        probed: action.skill === 'probed',
        polling: action.args['poll'] === true,
        effect: action.skill === 'pure' ? 'pure' : 'irreversible',
        risk: 0,
        money: Number(action.args['price'] ?? 0),
      };

/** Handlers of one process; once it is dead nothing that it began comes to anything. */
function handlersOf(shop: Shop, life: { isDead: boolean }): Handlers {
  const live = <T>(work: () => Promise<T>): Promise<T> => (life.isDead ? new Promise(() => undefined) : work());
  return {
    execute: {
      manifest: manifestOf,
      run: (action, key, signal) => live(() => shop.run(natureOf(action), action, key, signal)),
      probe: (_action, key) => live(() => shop.probe(key)),
      look: () => live(() => Promise.resolve({ facts: shop.facts, numbers: {} })),
    },
    estimate: () => ({ ...NO_COST, calls: 1 }),
    propose: () => Promise.resolve({ candidates: ['x'], note: '', spent: { ...NO_COST, calls: 1 } }),
  };
}

interface Errands {
  readonly left: readonly Action[];
  readonly results: Readonly<Record<string, string>>;
  readonly waits: number;
}

/** Runs errands side by side or one after the other, whatever comes of each, and reports what did. */
function errands(actions: readonly Action[], atOnce: boolean): Strategy<Errands> {
  const id = (n: number): string => `e${n}`;
  const execute = (n: number) =>
    ({ kind: 'execute', id: id(n), action: actions[n]!, why: '', origin: 'policy' }) as const;
  return {
    id: 'errands',
    version: 1,
    begin: () => ({
      state: { left: atOnce ? [] : actions.slice(1), results: {}, waits: atOnce ? actions.length : 1 },
      effects: atOnce ? actions.map((_, n) => execute(n)) : [execute(0)],
    }),
    on(state, event) {
      if (event.type !== 'observed') return { state, effects: [] };
      const results = {
        ...state.results,
        [event.id]: event.result.ok ? `ok ${event.result.message}` : event.result.code,
      };
      const count = Object.keys(results).length;
      const next = { ...state, results };
      if (count === actions.length)
        return { state: next, effects: [{ kind: 'finish', outcome: 'done', reason: '', result: results }] };
      return { state: next, effects: atOnce ? [] : [execute(count)] };
    },
  };
}

const opening = (allowance: Allowance = UNBOUNDED): OpenedEvent => ({
  type: 'opened',
  by: 'spec',
  strategy: 'errands',
  state: { facts: ['(open shop)'], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 50, replans: 0 },
  allowance,
  suggested: [],
  avoid: [],
  domain: 'shop',
});
const buy = (nature: Nature | 'nothing', item: string, more: object = {}): Action => ({
  skill: nature,
  args: { item, ...more },
});
const say = (verdict: Answer['verdict'], more: Partial<Answer> = {}): Answer => ({
  verdict,
  by: 'ann',
  reason: '',
  args: null,
  grant: null,
  value: null,
  ...more,
});
const rules = (...texts: readonly string[]): Rules => ({
  deployment: texts.map(parseApprovalRule),
  goal: [],
  world: 'shop',
  tenant: '',
  now: () => 1000,
});

/** One subgoal over all its processes. */
class Case {
  readonly paper = new Paper();
  readonly shop = new Shop();
  readonly answers = new Map<string, Answer>();
  life = { isDead: false };

  constructor(
    readonly strategy: Strategy<Errands>,
    readonly options: { readonly rules?: Rules; readonly allowance?: Allowance } = {},
  ) {}

  run(more: Partial<Interpretation> = {}) {
    this.life = { isDead: false };
    const { rules, allowance } = this.options;
    return interpret({
      stream: 's',
      subgoal: SUBGOAL,
      journal: this.paper,
      strategy: this.strategy as Strategy<unknown>,
      handlers: handlersOf(this.shop, this.life),
      signal: never,
      graceMs: 5,
      opening: () => Promise.resolve(opening(allowance)),
      answers: (ids) => Promise.resolve(new Map([...this.answers].filter(([id]) => ids.includes(id)))),
      ...(rules && { rules }),
      ...more,
    });
  }

  get open(): readonly Question[] {
    const replied = new Set(this.paper.of('replied').map((e) => e.question));
    return this.paper
      .of('asked')
      .map((e) => e.question)
      .filter((q) => !replied.has(q.id));
  }

  answer(how: (question: Question) => Answer): void {
    for (const question of this.open) this.answers.set(question.id, how(question));
  }

  /** Runs until it ends, with people who answer whenever it is parked. */
  async finish(how: (question: Question) => Answer, more: Partial<Interpretation> = {}) {
    for (let turn = 0; turn < 50; turn++) {
      const end = await this.run(more);
      if (end) return end;
      this.answer(how);
    }
    throw new Error('it never ended');
  }

  /** A person who goes and looks. */
  truthful = ({ key }: Question): Answer => say(this.shop.done.has(key!) ? 'happened' : 'not-happened');
}

const one = (nature: Nature): Strategy<Errands> => errands([buy(nature, 'tea')], true);
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
      expect([c.shop.arrivals.length, c.paper.of('tried').length]).toEqual([arrivals, verdict === 'happened' ? 1 : 2]);
      expect(result).toEqual({ e0: verdict === 'happened' ? 'ok ann says that it was done: I looked' : 'ok tea' });
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

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((r) => (resolve = r));
  return { promise, resolve };
}

/** A skill that comes to an end when it is told, or when the spec says so. */
function slow(shop: Shop): { readonly begun: Promise<AbortSignal>; end(): void } {
  const [begun, ended] = [withResolvers<AbortSignal>(), withResolvers<void>()];
  shop.during = async (_action, signal) => {
    begun.resolve(signal);
    await Promise.race([
      ended.promise,
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
    ]);
    return signal.aborted ? { result: { ok: false, code: 'cancelled', message: 'cut off' }, state: null } : undefined;
  };
  return { begun: begun.promise, end: () => ended.resolve() };
}

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

describe('what is observed', () => {
  it('says that a skill only polls, so that nobody takes it for a circle', async () => {
    const c = new Case(errands([buy('pure', 'post', { poll: true }), buy('pure', 'tea')], false));
    await c.run();
    expect(c.paper.of('observed').map((e) => e.polling)).toEqual([true, undefined]);
  });
});
