import * as fc from 'fast-check';
import {
  PraxisError,
  UNBOUNDED,
  armFaultPoints,
  stepEvents,
  type Action,
  type Answer,
  type Journal,
  type NewEvent,
  type Observation,
  type OpenedEvent,
  type Question,
  type SkillManifest,
  type StepEvent,
  type StoredEvent,
  type Strategy,
} from '@praxis/core';
import { AttemptLog } from './attempt-log.js';
import type { Handlers } from '../contract/handlers.js';
import { interpret } from '../engine/interpreter.js';
import { pauseAfter } from './pacing.js';

const power = (): PraxisError => new PraxisError('unavailable', 'the power went out');
const never = new AbortController().signal;
const PAY: Action = { skill: 'pay', args: { invoice: 'i-1' } };

/** A clock that goes when it is told. */
class Time {
  now = 1_800_000_000_000;
}

/** A journal in memory that loses power at some of its appends, before or after they are committed. */
class Paper implements Journal {
  readonly events: StoredEvent[] = [];
  appends = 0;
  constructor(
    private readonly time: Time,
    private readonly crashes: ReadonlyMap<number, boolean>,
  ) {}
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    const committed = this.crashes.get(++this.appends);
    if (committed === false) return Promise.reject(power());
    if (expected !== this.events.length) return Promise.reject(new PraxisError('conflict', 'stale writer'));
    for (const e of events)
      this.events.push({
        ...(JSON.parse(JSON.stringify(e)) as NewEvent),
        stream,
        position: this.events.length,
        at: this.time.now,
      });
    return committed === true ? Promise.reject(power()) : Promise.resolve(this.events.length);
  }
  read(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([...this.events]);
  }
  fork(): Promise<void> {
    return Promise.reject(new Error('not here'));
  }
  get steps(): readonly StepEvent[] {
    return this.events.map((e) => stepEvents.decode(e));
  }
}

/** What a server may say, and whether it did it. */
type Answered = 'ok' | '500-after' | '500-before' | 'cut-after' | '503-after' | '429' | 'refused';

/** A bank that honours keys: one effect per key. What it says after it is another matter. */
class Bank {
  readonly effects = new Map<string, number>();
  readonly requests: { readonly key: string; readonly at: number }[] = [];
  constructor(
    private readonly time: Time,
    private readonly answers: Answered[],
  ) {}

  pay(key: string, inDoubt: boolean): Observation {
    this.requests.push({ key, at: this.time.now });
    const said = this.answers.shift() ?? 'ok';
    const isDone = said === 'ok' || said.endsWith('-after');
    if (isDone) this.effects.set(key, 1);
    return answerTo(said, inDoubt);
  }
}

type Code = 'unknown-outcome' | 'unavailable' | 'not-applicable';

/** What a client makes of an answer, by whether an earlier request with the key may have arrived. */
function answerTo(said: Answered, inDoubt: boolean): Observation {
  const failed = (code: Code, retry?: Observation['retry']): Observation => ({
    result: { ok: false, code, message: said },
    state: null,
    ...(retry && { retry }),
  });
  switch (said) {
    case 'ok':
      return { result: { ok: true, message: '' }, state: { facts: ['(paid i-1)'], numbers: {} } };
    case '500-after':
    case '500-before':
    case 'cut-after':
      return failed('unknown-outcome', { afterMs: null, inDoubt: true, isOutage: false });
    case '503-after':
      return failed('unknown-outcome', { afterMs: null, inDoubt: true, isOutage: true });
    case '429':
      return inDoubt
        ? failed('unknown-outcome', { afterMs: 5_000, inDoubt: false, isOutage: true })
        : failed('unavailable', { afterMs: 5_000, inDoubt: false, isOutage: true });
    case 'refused':
      return inDoubt
        ? failed('unknown-outcome', { afterMs: null, inDoubt: true, isOutage: false })
        : failed('not-applicable');
  }
}

const manifest: SkillManifest = {
  name: 'pay',
  summary: '',
  parameters: [],
  source: 'http:bank',
  keyed: true,
  effect: 'irreversible',
};

/** Pays again after every failure, as a policy does that finds no other way. */
const stubborn = (most: number): Strategy<number> => {
  const pay = (n: number) => ({ kind: 'execute', id: `e${n}`, action: PAY, why: '', origin: 'policy' }) as const;
  return {
    id: 'stubborn',
    version: 1,
    begin: () => ({ state: 0, effects: [pay(0)] }),
    on: (n, event) => {
      if (event.type !== 'observed') return { state: n, effects: [] };
      const isOver = event.result.ok || n + 1 >= most;
      return isOver
        ? {
            state: n,
            effects: [{ kind: 'finish', outcome: event.result.ok ? 'done' : 'failed', reason: '', result: null }],
          }
        : { state: n + 1, effects: [pay(n + 1)] };
    },
  };
};

/** Until when it waits. */
function awaited({ questions, until }: Extract<StepEvent, { type: 'parked' }>): number | undefined {
  if (questions.length === 0 && until === undefined) throw new Error('It waits for nobody and nothing.');
  return until;
}

const opening: OpenedEvent = {
  type: 'opened',
  by: 'spec',
  strategy: 'stubborn',
  state: { facts: [], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 50, replans: 0 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: '',
};

/** One payment over all its processes, with a person who looks at the bank's books. */
class Case {
  readonly time = new Time();
  readonly paper: Paper;
  readonly bank: Bank;
  readonly words = new Map<string, Answer>();

  constructor(
    answers: readonly Answered[],
    crashes: ReadonlyMap<number, boolean> = new Map(),
    private readonly more: {
      readonly steps?: number;
      readonly attempts?: () => AttemptLog;
      readonly subgoal?: string;
    } = {},
  ) {
    this.paper = new Paper(this.time, crashes);
    this.bank = new Bank(this.time, [...answers]);
  }

  run(bank = this.bank) {
    const execute: Handlers['execute'] = {
      manifest: () => manifest,
      run: (_action, key, _signal, how) => Promise.resolve(bank.pay(key, how?.inDoubt === true)),
      look: () => Promise.resolve(null),
    };
    return interpret({
      stream: 's',
      subgoal: this.more.subgoal ?? 'r-1.1.1.1',
      journal: this.paper,
      strategy: stubborn(this.more.steps ?? 5) as Strategy<unknown>,
      handlers: { execute },
      signal: never,
      opening: () => Promise.resolve(opening),
      answers: (ids) => Promise.resolve(new Map([...this.words].filter(([id]) => ids.includes(id)))),
      now: () => this.time.now,
      takeOverMs: 0,
      attempts: this.more.attempts?.() ?? new AttemptLog(),
    });
  }

  /** Lets time go by until it ends, or no longer than this. */
  async play(untilMs = Number.MAX_SAFE_INTEGER, bank = this.bank): Promise<'ended' | 'going on'> {
    const end = this.time.now + untilMs;
    for (let turn = 0; turn < 500; turn++) {
      const ended = await this.run(bank).catch((thrown: unknown) => {
        if (PraxisError.from(thrown).code !== 'unavailable') throw thrown;
        return null;
      });
      if (ended) return 'ended';
      const last = this.paper.steps.at(-1);
      const until = last?.type === 'parked' ? awaited(last) : undefined;
      for (const { question } of this.paper.steps.flatMap((e) => (e.type === 'asked' ? [e] : [])))
        this.words.set(question.id, this.look(question, bank));
      if (until === undefined) continue;
      if (until > end) return 'going on';
      this.time.now = Math.max(this.time.now, until);
    }
    throw new Error('It never ended.');
  }

  private look({ key }: Question, bank: Bank): Answer {
    return {
      verdict: bank.effects.has(key!) ? 'happened' : 'not-happened',
      by: 'ann',
      reason: '',
      args: null,
      grant: null,
      value: null,
    };
  }
}

const answer = fc.constantFrom<Answered>('ok', '500-after', '500-before', 'cut-after', '503-after', '429', 'refused');
const crashes = fc
  .array(fc.tuple(fc.integer({ min: 2, max: 40 }), fc.boolean()), { maxLength: 4 })
  .map((list) => new Map(list));

describe('at a server that honours keys', () => {
  it('whatever it answers and whoever dies, the money moves at most once, and no key is sent while another is in doubt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 14 }), crashes, async (answers, crash) => {
        const c = new Case(answers, crash);
        expect(await c.play()).toBe('ended');
        expect([...c.bank.effects.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(1);
        const decided = c.paper.steps.filter((e) => e.type === 'decided');
        expect(new Set(c.bank.requests.map((r) => r.key)).size).toBeLessThanOrEqual(decided.length);
      }),
      { numRuns: 200 },
    );
  });

  it('a crash after the effect stays in doubt through an outage, and a refusal after it does not end that', async () => {
    const c = new Case(['ok', '429', 'refused'], new Map([[2, false]]));
    expect(await c.play()).toBe('ended');
    expect(c.paper.steps.find((e) => e.type === 'postponed')).toMatchObject({ doubts: 1 });
    expect(new Set(c.bank.requests.map((r) => r.key)).size).toBe(1);
    expect([...c.bank.effects.keys()]).toHaveLength(1);
  });

  it('whatever a subgoal left behind, the next one settles it under the same key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 3, max: 20 }),
        fc.boolean(),
        async (answers, nth, committed) => {
          // The first attempt ends where it stands: its run failed, or was given up.
          const first = new Case(answers, new Map([[nth, committed]]));
          await first.run().catch(() => undefined);
          // What is known to be done may be done again; nothing is in doubt then.
          fc.pre(!first.paper.steps.some((e) => e.type === 'observed' && e.result.ok));
          const log = (): AttemptLog => {
            const made = new AttemptLog();
            for (const stored of first.paper.events) made.see(stepEvents.decode(stored), stored.at);
            made.endStream();
            return made;
          };
          const next = new Case([], new Map(), { attempts: log, subgoal: 'r-1.2.1.1' });
          next.time.now = first.time.now;
          expect(await next.play(undefined, first.bank)).toBe('ended');
          expect([...first.bank.effects.values()].reduce((sum, n) => sum + n, 0)).toBe(1);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('asks a person after three answers that say nothing, and after twenty gateways that got none', async () => {
    for (const [said, most] of [
      ['500-after', 3],
      ['503-after', 20],
    ] as const) {
      const c = new Case(Array.from({ length: 60 }, () => said));
      await c.play();
      expect(c.bank.requests).toHaveLength(most);
      expect(c.paper.steps.filter((e) => e.type === 'asked')).toHaveLength(1);
    }
  });
});

describe('the pauses', () => {
  afterEach(() => armFaultPoints(null));

  it('a pause that is over before the subgoal is let go of is no reason to let go: nobody would come back to it', async () => {
    const c = new Case(['429', 'ok']);
    armFaultPoints((point) => void (point === 'interpreter.before-parked' && (c.time.now += 600_000)));
    expect(await c.run()).toMatchObject({ outcome: 'done' });
    expect(c.paper.steps.filter((e) => e.type === 'parked')).toEqual([]);
  });

  it('let the number of requests grow with the logarithm of the time, then with one in five minutes at most', async () => {
    for (const minutes of [1, 4, 16, 60]) {
      const c = new Case(Array.from({ length: 400 }, () => '429' as const));
      expect(await c.play(minutes * 60_000)).toBe('going on');
      const doublings = Math.ceil(Math.log2(Math.min(minutes, 5) * 60)) + 2;
      expect(c.bank.requests.length).toBeLessThanOrEqual(2 * doublings + Math.ceil((minutes * 2) / 5));
      expect(new Set(c.bank.requests.map((r) => r.key)).size).toBe(1);
    }
  });

  it('grow over steps, too, where an action is refused again and again', async () => {
    const c = new Case(
      Array.from({ length: 400 }, () => 'refused' as const),
      new Map(),
      { steps: 100 },
    );
    expect(await c.play(240_000)).toBe('going on');
    expect(c.bank.requests.length).toBeLessThanOrEqual(3 + 2 * 9);
  });

  it('are exponential, bounded, jittered by the key alone, and never shorter than the server asks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), (nth, key) => {
        const pause = pauseAfter(nth, key);
        const whole = Math.min(300_000, 1_000 * 2 ** (nth - 1));
        expect(pause).toBeGreaterThanOrEqual(whole / 2);
        expect(pause).toBeLessThanOrEqual(whole);
        expect(pauseAfter(nth, key)).toBe(pause);
        expect(pauseAfter(nth, key, 3_600_000)).toBe(3_600_000);
      }),
    );
  });

  it('cost no step and are told with what is waited for (interpreter.10)', async () => {
    const c = new Case(['429', '429']);
    await c.run();
    expect(c.paper.steps.at(-2)).toMatchObject({ type: 'postponed', attempt: 1, code: 'unavailable', message: '429' });
    expect(c.paper.steps.at(-1)).toEqual({ type: 'parked', questions: [], until: c.time.now + 5_000 });
    const { length } = c.paper.events;
    expect(await c.run()).toBeNull();
    expect([c.paper.events.length, c.bank.requests.length]).toEqual([length, 1]);
    await c.play();
    expect(c.paper.steps.filter((e) => e.type === 'observed')).toHaveLength(1);
  });
});
