import {
  PraxisError,
  UNBOUNDED,
  makeState,
  stepEvents,
  type Action,
  type Journal,
  type NewEvent,
  type Observation,
  type OpenedEvent,
  type SkillManifest,
  type StoredEvent,
  type WorldState,
} from '@praxis/core';
import { errands, buy } from '../fixtures/errands.js';
import { Case } from '../fixtures/shop-case.js';
import type { Handlers } from '../contract/handlers.js';
import { interpret } from './interpreter.js';
import { PRESETS } from '../presets/presets.js';

/** A journal in memory that can be told to die after a number of events. */
class Paper implements Journal {
  readonly events: StoredEvent[] = [];
  constructor(public diesAt = Infinity) {}
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<number> {
    if (expected !== this.events.length) return Promise.reject(new PraxisError('conflict', 'stale writer'));
    if (expected + events.length > this.diesAt)
      return Promise.reject(new PraxisError('unavailable', 'the power went out'));
    for (const e of events) this.events.push({ ...e, stream, position: this.events.length, at: 0 });
    return Promise.resolve(this.events.length);
  }
  read(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([...this.events]);
  }
  fork(): Promise<void> {
    return Promise.reject(new Error('not here'));
  }
}

/** A switch board: `(on N)` works for n = 1 … 3 in order; number 2 is refused until `(unlock)` was done. */
class Board {
  facts = new Set<string>();
  done = new Map<string, Observation>();
  effects = 0;
  run(action: Action, key: string): Promise<Observation> {
    const known = this.done.get(key);
    if (known) return Promise.resolve(known);
    const fact = action.skill === 'on' ? `(lit ${String(action.args['n'])})` : '(unlocked)';
    const refused = fact === '(lit 2)' && !this.facts.has('(unlocked)');
    if (!refused) {
      this.facts.add(fact);
      this.effects++;
    }
    const result = refused
      ? ({ ok: false, code: 'not-applicable', message: 'refused' } as const)
      : ({ ok: true, message: '' } as const);
    const seen: Observation = { result, state: this.state() };
    this.done.set(key, seen);
    return Promise.resolve(seen);
  }
  state(): WorldState {
    return makeState(this.facts);
  }
}

const manifest = (name: string): SkillManifest => ({
  name,
  summary: '',
  parameters: [],
  effect: 'reversible',
  keyed: true,
  source: 'test',
});
const on = (n: string): Action => ({ skill: 'on', args: { n } });
const step = (action: Action, fact: string) => ({
  action,
  needs: [],
  expects: { added: [fact], removed: [], numbers: {} },
  origin: 'search',
  taint: [],
});

function handlers(board: Board): Handlers {
  return {
    propose(effect) {
      const { failures } = effect.context as unknown as { failures: readonly { action: string }[] };
      const lit = board.state().facts;
      const all = [
        step(on('1'), '(lit 1)'),
        ...(failures.length > 0 ? [step({ skill: 'unlock', args: {} }, '(unlocked)')] : []),
        step(on('2'), '(lit 2)'),
        step(on('3'), '(lit 3)'),
      ];
      return Promise.resolve({
        candidates: [{ steps: all.filter((s) => !lit.includes(s.expects.added[0]!)), tools: [] }],
        note: '',
      });
    },
    verify: () => Promise.resolve({ violations: board.facts.has('(lit 3)') ? [] : ['(lit 3) is false'] }),
    execute: { manifest: (a) => manifest(a.skill), run: (a, key) => board.run(a, key) },
    checkpoint: () => Promise.resolve('snapshot'),
  };
}

const opening = (): Promise<OpenedEvent> =>
  Promise.resolve({
    type: 'opened',
    by: 'spec',
    strategy: 'search',
    state: { facts: [], numbers: {} },
    condition: '(and (lit 1) (lit 2) (lit 3))',
    owner: null,
    limits: { steps: 50, replans: 12 },
    allowance: UNBOUNDED,
    suggested: [],
    avoid: [],
    domain: 'board',
  });

const run = (journal: Journal, board: Board, options: { signal?: AbortSignal } = {}) =>
  interpret({
    stream: 'subgoal/r-1.1.1.1',
    subgoal: 'r-1.1.1.1',
    journal,
    strategy: PRESETS['search']!.acting,
    opening,
    handlers: handlers(board),
    signal: options.signal ?? new AbortController().signal,
  });

const types = (journal: Paper): string[] => journal.events.map((e) => e.type);

describe('interpret', () => {
  it('runs a plan, remembers a refusal, plans again and ends done', async () => {
    const journal = new Paper();
    const end = await run(journal, new Board());
    expect(end).toMatchObject({ outcome: 'done', result: { steps: 5, failedSteps: 1, replans: 1 } });
    expect(types(journal).slice(0, 5)).toEqual(['opened', 'proposed', 'decided', 'tried', 'observed']);
    expect(types(journal)).toContain('checkpointed');
  });

  it('journals every decision and every trial before the effect (interpreter.3, S3, S4)', async () => {
    const journal = new Paper();
    await run(journal, new Board());
    const steps = journal.events.map((e) => stepEvents.decode(e));
    for (const [i, event] of steps.entries()) {
      if (event.type === 'observed')
        expect(steps.slice(0, i).some((e) => e.type === 'tried' && e.step === event.step)).toBe(true);
    }
  });

  // S7
  it('comes to the same end, with every effect done once, wherever the process dies (interpreter.1–2)', async () => {
    const whole = new Paper();
    await run(whole, new Board());
    for (let cut = 1; cut < whole.events.length; cut++) {
      const journal = new Paper(cut);
      const board = new Board();
      await expect(run(journal, board)).rejects.toMatchObject({ code: 'unavailable' });
      journal.diesAt = Infinity;
      const end = await run(journal, board);
      expect(end?.outcome).toBe('done');
      expect(board.effects).toBe(4);
      expect(types(journal)).toEqual(types(whole));
    }
  });

  it('gives the recorded end when it is run again (interpreter.5)', async () => {
    const journal = new Paper();
    const board = new Board();
    const first = await run(journal, board);
    const length = journal.events.length;
    expect(await run(journal, board)).toEqual(first);
    expect(journal.events).toHaveLength(length);
  });

  it('stops when somebody else has written to the stream (interpreter.6)', async () => {
    const journal = new Paper();
    const board = new Board();
    const act = board.run.bind(board);
    board.run = (action, key) => {
      journal.events.push({
        stream: '',
        type: 'elapsed',
        version: 1,
        data: { id: 'x' },
        position: journal.events.length,
        at: 0,
      });
      return act(action, key);
    };
    await expect(run(journal, board)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends as cancelled when the user cancels, and stays open when the process stops', async () => {
    const cancelled = new AbortController();
    cancelled.abort(new PraxisError('cancelled', 'the user said so'));
    expect(await run(new Paper(), new Board(), { signal: cancelled.signal })).toMatchObject({
      outcome: 'cancelled',
      reason: 'the user said so',
    });
    const stopping = new AbortController();
    stopping.abort(new PraxisError('unavailable', 'shutting down'));
    const journal = new Paper();
    await expect(run(journal, new Board(), { signal: stopping.signal })).rejects.toMatchObject({ code: 'unavailable' });
    expect(types(journal)).toEqual(['opened']);
  });

  // interpreter.12
  it('journals what calls of models have cost that led to nothing, and tells the strategy nothing of it', async () => {
    const journal = new Paper();
    const board = new Board();
    const able = handlers(board);
    const failing: Handlers = {
      ...able,
      propose: () =>
        Promise.reject(
          new PraxisError('unavailable', 'no node answers', { details: { calls: 2, tokens: 70, money: 0.5 } }),
        ),
    };
    const task = {
      stream: 'subgoal/r-1.1.1.1',
      subgoal: 'r-1.1.1.1',
      journal,
      strategy: PRESETS['search']!.acting,
      opening,
      signal: new AbortController().signal,
    };
    await expect(interpret({ ...task, handlers: failing })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'no node answers',
    });
    expect(types(journal)).toEqual(['opened', 'wasted']);
    expect(stepEvents.decode(journal.events[1]!)).toMatchObject({
      spent: { steps: 0, calls: 2, tokens: 70, money: 0.5 },
    });
    expect(await interpret({ ...task, handlers: able })).toMatchObject({ outcome: 'done' });
    expect(types(journal).filter((type) => type === 'wasted')).toHaveLength(1);
  });

  it('journals what a call had cost that a cancel or a stop of the process cut off (interpreter.12)', async () => {
    for (const [reason, last] of [
      [new PraxisError('cancelled', 'enough'), 'ended'],
      [new PraxisError('unavailable', 'shutting down'), 'wasted'],
    ] as const) {
      const journal = new Paper();
      const stop = new AbortController();
      const slow: Handlers = {
        ...handlers(new Board()),
        propose: (_effect, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener(
              'abort',
              () =>
                reject(
                  new PraxisError('cancelled', 'The call was cancelled.', {
                    details: { calls: 1, tokens: 30, money: 0 },
                  }),
                ),
              { once: true },
            );
            stop.abort(reason);
          }),
      };
      await interpret({
        stream: 'subgoal/r-1.1.1.1',
        subgoal: 'r-1.1.1.1',
        journal,
        strategy: PRESETS['search']!.acting,
        opening,
        handlers: slow,
        signal: stop.signal,
      }).catch(() => null);
      expect(types(journal)).toEqual(last === 'ended' ? ['opened', 'wasted', 'ended'] : ['opened', 'wasted']);
    }
  });
});

describe('what is observed', () => {
  it('says that a skill only polls, so that nobody takes it for a circle', async () => {
    const c = new Case(errands([buy('pure', 'post', { poll: true }), buy('pure', 'tea')], false));
    await c.run();
    expect(c.paper.of('observed').map((e) => e.polling)).toEqual([true, undefined]);
  });
});
