import * as fc from 'fast-check';
import {
  UNBOUNDED,
  type Effect,
  type Failure,
  type FailureCode,
  type Json,
  type OpenedEvent,
  type Stall,
  type StrategyEvent,
} from '@praxis/core';
import type { PlannedStep } from './planned-step.js';
import { recedingHorizon, type HorizonResult, type HorizonState } from './receding-horizon.js';

const strategy = recedingHorizon('x', { slips: 3, checkpoints: true });
type Finish = Extract<Effect, { kind: 'finish' }>;

const opening = (more: Partial<OpenedEvent> = {}): OpenedEvent => ({
  type: 'opened',
  by: 'e1',
  strategy: 'search',
  state: { facts: ['(at hall)'], numbers: {} },
  condition: '(lit lamp)',
  owner: 'robby',
  limits: { steps: 20, replans: 3 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
  ...more,
});
const step = (skill: string, needs: string[], added: string[], removed: string[] = []): PlannedStep => ({
  action: { skill, args: {} },
  needs,
  expects: { added, removed, numbers: {} },
  origin: 'search',
  taint: [],
});
const GO = step('go', ['(at hall)'], ['(at study)'], ['(at hall)']);
const LIGHT = step('light', ['(at study)'], ['(lit lamp)']);

/** Feeds answers to the pure reducer and remembers what it asks for. */
class Feed {
  state: HorizonState;
  readonly effects: Effect[] = [];

  constructor(
    opened: OpenedEvent = opening(),
    private readonly of = strategy,
  ) {
    const move = this.of.begin(opened);
    this.state = move.state;
    this.effects.push(...move.effects);
  }

  get last(): Effect {
    return this.effects.at(-1)!;
  }

  get result(): HorizonResult {
    return (this.last as Finish).result as unknown as HorizonResult;
  }

  count(kind: Effect['kind']): number {
    return this.effects.filter((e) => e.kind === kind).length;
  }

  on(event: StrategyEvent): this {
    const move = this.of.on(this.state, event);
    this.state = move.state;
    this.effects.push(...move.effects);
    return this;
  }

  get register(): Json {
    return this.of.progressKey!(this.state);
  }

  stalled(stall: Stall): this {
    const move = this.of.stalled!(this.state, stall);
    this.state = move.state;
    this.effects.push(...move.effects);
    return this;
  }

  propose(...steps: readonly PlannedStep[]): this {
    return this.on({ type: 'proposed', id: this.id, candidates: [{ steps, tools: [] } as unknown as Json], note: '' });
  }

  done(added: string[], removed: string[] = []): this {
    return this.on({
      type: 'observed',
      id: this.id,
      step: 0,
      result: { ok: true, message: '' },
      change: { added, removed, numbers: {} },
    });
  }

  refused(code: FailureCode = 'not-applicable', added: string[] = []): this {
    return this.on({
      type: 'observed',
      id: this.id,
      step: 0,
      result: { ok: false, code, message: `because ${code}` },
      change: { added, removed: [], numbers: {} },
    });
  }

  stale(added: string[], removed: string[] = []): this {
    return this.on({
      type: 'observed',
      id: this.id,
      step: 0,
      result: { ok: false, code: 'stale', message: 'too late' },
      change: { added, removed, numbers: {} },
    });
  }

  verified(...violations: string[]): this {
    return this.on({ type: 'verified', id: this.id, violations });
  }

  snapshot(): this {
    return this.on({ type: 'checkpointed', id: this.id, snapshot: 'S' });
  }

  private get id(): string {
    return 'id' in this.last ? this.last.id : '';
  }
}

const contextOf = (effect: Effect) =>
  (effect as Extract<Effect, { kind: 'propose' }>).context as unknown as {
    state: { facts: string[] };
    failures: Failure[];
    inherited?: Failure[];
    suggested: { skill: string }[];
  };

describe('recedingHorizon', () => {
  it('asks first, and hands the suggested steps and the failures of before on', () => {
    const failure: Failure = { action: '(go)', code: 'not-applicable', facts: [] };
    const feed = new Feed(opening({ suggested: [GO.action], avoid: [failure] }));
    expect(feed.last).toMatchObject({
      kind: 'propose',
      context: {
        condition: '(lit lamp)',
        owner: 'robby',
        suggested: [{ skill: 'go' }],
        failures: [failure],
        state: { facts: ['(at hall)'] },
      },
    });
  });

  it('runs a plan step by step and is done when the world says so (receding-horizon.4)', () => {
    const feed = new Feed().propose(GO, LIGHT).done(['(at study)'], ['(at hall)']).done(['(lit lamp)']);
    expect(feed.last).toMatchObject({ kind: 'verify', candidate: '(lit lamp)' });
    expect(feed.verified().last).toMatchObject({
      kind: 'finish',
      outcome: 'done',
      result: { steps: 2, failedSteps: 0, replans: 0 },
    });
  });

  it('does not take a finished plan for a condition that holds (receding-horizon.4)', () => {
    const feed = new Feed()
      .propose(GO, LIGHT)
      .done(['(at study)'], ['(at hall)'])
      .done(['(lit lamp)'])
      .verified('the bulb is broken');
    expect(feed.last.kind).toBe('propose');
    expect(feed.count('finish')).toBe(0);
  });

  it('stops early where the condition plainly holds before the plan is through', () => {
    expect(new Feed().propose(GO, LIGHT).done(['(at study)', '(lit lamp)'], ['(at hall)']).last.kind).toBe('verify');
  });

  it('has a plan without steps verified', () => {
    expect(new Feed().propose().last.kind).toBe('verify');
  });

  const judged = opening({ limits: { steps: 20, replans: 1, stale: 3 } });

  it('does at once what was stale where the plan still runs from here, and counts nothing (receding-horizon.8)', () => {
    const feed = new Feed(judged).propose(GO, LIGHT).stale(['(at bob loft)']);
    expect(feed.last).toMatchObject({ kind: 'execute', action: GO.action });
    const end = feed.done(['(at study)'], ['(at hall)']).done(['(lit lamp)']).verified();
    expect(end.last).toMatchObject({ outcome: 'done', result: { steps: 2, failedSteps: 0, replans: 0, failures: [] } });
  });

  // receding-horizon.8
  it('plans anew where the plan no longer runs, as often as it takes, and that is no new plan', () => {
    const CLIMB = step('climb', ['(at loft)'], ['(at study)'], ['(at loft)']);
    const feed = new Feed(judged).propose(GO, LIGHT);
    for (let i = 0; i < 10; i++)
      feed
        .stale(['(at loft)'], ['(at hall)'])
        .propose(CLIMB, LIGHT)
        .stale(['(at hall)'], ['(at loft)'])
        .propose(GO, LIGHT);
    expect(contextOf(feed.effects.at(-2)!)).toMatchObject({
      suggested: [{ skill: 'climb' }, { skill: 'light' }],
      failures: [],
    });
    const end = feed.done(['(at study)'], ['(at hall)']).done(['(lit lamp)']).verified();
    expect(end.last).toMatchObject({ outcome: 'done', result: { steps: 2, failedSteps: 0, replans: 0, failures: [] } });
  });

  it('is done where others have done it meanwhile (receding-horizon.8)', () => {
    expect(new Feed(judged).propose(GO, LIGHT).stale(['(lit lamp)']).last).toMatchObject({
      kind: 'verify',
      candidate: '(lit lamp)',
    });
  });

  it('tells a search which failures it has not seen itself', () => {
    const before: Failure = { action: '(go)', code: 'not-applicable', facts: [] };
    const told = (limits: OpenedEvent['limits']) => new Feed(opening({ avoid: [before], limits }));
    expect(contextOf(told({ steps: 20, replans: 3, stale: 3 }).last)).toMatchObject({
      failures: [before],
      inherited: [before],
    });
    expect(
      contextOf(told({ steps: 20, replans: 3, stale: 3 }).propose(GO).refused().snapshot().last).inherited,
    ).toEqual([]);
    // As it was recorded before there were stale decisions.
    expect(contextOf(told({ steps: 20, replans: 3 }).last)).not.toHaveProperty('inherited');
  });

  it('lets what went well refute what failed while the facts were the same (receding-horizon.9)', () => {
    const wrong: Failure = { action: '(go)', code: 'not-applicable', facts: [] };
    const feed = (limits: OpenedEvent['limits']) =>
      new Feed(opening({ avoid: [wrong], limits, state: { facts: ['(at hall x)'], numbers: {} } }))
        .propose(step('go', [], ['(at study x)']))
        .done(['(at study x)']);
    expect(feed({ steps: 20, replans: 3, stale: 3 }).state.failures).toEqual([]);
    expect(feed({ steps: 20, replans: 3 }).state.failures).toEqual([wrong]);
  });

  it('makes no more new plans than allowed (receding-horizon.1)', () => {
    const feed = new Feed(opening({ limits: { steps: 20, replans: 2 } }));
    for (let i = 0; i < 3; i++) feed.propose(GO).refused().snapshot();
    expect(feed.count('propose')).toBe(3);
    expect(feed.last).toMatchObject({ kind: 'finish', outcome: 'failed', result: { replans: 2, failedSteps: 3 } });
  });

  it('does no more actions than allowed (receding-horizon.1)', () => {
    const feed = new Feed(opening({ limits: { steps: 1, replans: 5 } }))
      .propose(GO, LIGHT)
      .done(['(at study)'], ['(at hall)']);
    expect(feed.last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: 'the 1 steps that were left are spent',
    });
    expect(new Feed(opening({ limits: { steps: 0, replans: 5 } })).propose(GO).last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
    });
  });

  it('may still find that the condition holds with its last action (receding-horizon.1)', () => {
    const feed = new Feed(opening({ limits: { steps: 2, replans: 5 } }))
      .propose(GO, LIGHT)
      .done(['(at study)'], ['(at hall)'])
      .done(['(lit lamp)']);
    expect(feed.verified().last).toMatchObject({ kind: 'finish', outcome: 'done' });
  });

  it('remembers a refusal with the facts about its arguments, in every later proposal (receding-horizon.2)', () => {
    const take: PlannedStep = {
      ...step('take', [], ['(holding cup)']),
      action: { skill: 'take', args: { what: 'cup' } },
    };
    const feed = new Feed(opening({ state: { facts: ['(at hall)', '(dirty cup)'], numbers: {} } }))
      .propose(take)
      .refused();
    expect(feed.last.kind).toBe('checkpoint');
    feed.snapshot();
    const remembered = { action: '(take cup)', code: 'not-applicable', facts: ['(dirty cup)'] };
    expect(contextOf(feed.last)).toMatchObject({ failures: [remembered], suggested: [] });
    expect(contextOf(feed.propose(GO).refused('timeout').last).failures).toEqual([
      remembered,
      expect.objectContaining({ action: '(go)', code: 'timeout' }),
    ]);
  });

  it('remembers one refusal once, and reports only those of its own (receding-horizon.2)', () => {
    const earlier: Failure = { action: '(go)', code: 'not-applicable', facts: [] };
    const feed = new Feed(opening({ avoid: [earlier], limits: { steps: 20, replans: 1 } }));
    feed.propose(GO).refused().snapshot().propose(GO).refused('denied');
    expect(feed.result.failures).toEqual([]);
  });

  it('counts a success that changes nothing it should have changed as a failure (receding-horizon.3)', () => {
    const feed = new Feed().propose(GO, LIGHT).done(['(asleep cat)']);
    expect(feed.last.kind).toBe('propose');
    expect(contextOf(feed.last).failures).toMatchObject([{ action: '(go)', code: 'effect-mismatch' }]);
  });

  it('lets a step pass that was not expected to change anything (receding-horizon.3)', () => {
    expect(new Feed().propose(step('look', [], []), GO).done([]).last).toMatchObject({
      kind: 'execute',
      action: { skill: 'go' },
    });
  });

  it('goes on where the change does not touch the rest of the plan (receding-horizon.5)', () => {
    expect(new Feed().propose(GO, LIGHT).done(['(at study)', '(asleep cat)'], ['(at hall)']).last).toMatchObject({
      kind: 'execute',
      action: { skill: 'light' },
    });
  });

  it('plans again, with the rest as a suggestion, where the change does touch it (receding-horizon.5)', () => {
    const feed = new Feed().propose(GO, LIGHT).done(['(at attic)'], ['(at hall)']);
    expect(feed.count('execute')).toBe(1);
    const stillGone = new Feed().propose(step('push', [], ['(moved box)']), LIGHT);
    expect(stillGone.last.kind).toBe('propose');
    expect(contextOf(stillGone.last).suggested.map((a) => a.skill)).toEqual(['push', 'light']);
  });

  it('tries a step that slipped again, three times in a row, and then plans again', () => {
    const feed = new Feed().propose(GO, LIGHT).refused('effect-mismatch').refused('effect-mismatch');
    expect(feed.count('execute')).toBe(3);
    feed.refused('effect-mismatch');
    expect(feed.last.kind).toBe('propose');
    expect(feed.count('checkpoint')).toBe(0);
    expect(feed.state).toMatchObject({ steps: 3, failedSteps: 3 });
  });

  it('counts slips in a row only', () => {
    const feed = new Feed()
      .propose(GO, LIGHT)
      .refused('effect-mismatch')
      .refused('effect-mismatch')
      .done(['(at study)'], ['(at hall)'])
      .refused('effect-mismatch')
      .refused('effect-mismatch');
    expect(feed.last).toMatchObject({ kind: 'execute', action: { skill: 'light' } });
  });

  // receding-horizon.10
  it.each(['cancelled', 'denied', 'budget'] as const)('does not look for a way round %s', (code) => {
    expect(new Feed().propose(GO).refused(code).last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: `because ${code}`,
    });
  });

  it('asks no world for a snapshot that takes none', () => {
    expect(new Feed(opening({ snapshots: false })).propose(GO).refused().last.kind).toBe('propose');
  });

  it('takes no snapshots where nobody wants them', () => {
    expect(
      new Feed(opening(), recedingHorizon('y', { slips: 1, checkpoints: false })).propose(GO).refused().last.kind,
    ).toBe('propose');
  });

  it('fails with the reason of whoever has no proposal', () => {
    expect(new Feed().on({ type: 'proposed', id: 'e0', candidates: [], note: 'no way' }).last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: 'no way',
    });
  });

  // receding-horizon.6
  it('drops a plan that leads nowhere, and has the next one go round it; what it learned so it keeps to itself', () => {
    const feed = new Feed().propose(GO, LIGHT);
    const before = feed.register;
    feed.stalled({
      reason: 'in circles',
      steps: [{ action: GO.action, before: { facts: ['(at hall)'], numbers: {} } }],
      demand: 'plan-again',
    });
    expect(feed.last.kind).toBe('propose');
    expect(contextOf(feed.last)).toMatchObject({
      failures: [{ action: '(go)', code: 'effect-mismatch' }],
      suggested: [],
    });
    expect(feed.register).not.toEqual(before);
    feed.propose().verified();
    expect(feed.result).toMatchObject({ failures: [], replans: 1 });
  });

  it('gives up with the reason it is told, and as a replan too many (receding-horizon.1, receding-horizon.6)', () => {
    const stall = { reason: 'in circles', steps: [] };
    expect(new Feed().propose(GO).stalled({ ...stall, demand: 'give-up' }).last).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: 'in circles',
      result: { toolsUsed: [] },
    });
    expect(
      new Feed(opening({ limits: { steps: 20, replans: 0 } })).propose(GO).stalled({ ...stall, demand: 'plan-again' })
        .last,
    ).toMatchObject({ kind: 'finish', outcome: 'failed' });
  });

  it('reports the tools that shaped its plans, each once', () => {
    const feed = new Feed();
    for (let i = 0; i < 2; i++)
      feed
        .on({ type: 'proposed', id: 'p', candidates: [{ steps: [], tools: ['t1'] }], note: '' })
        .verified(...(i === 0 ? ['no'] : []));
    expect(feed.result.toolsUsed).toEqual(['t1']);
  });

  // receding-horizon.1
  it('ends within its limits whatever the world does, one effect at a time, each with an id of its own', () => {
    const answer = fc.record({
      ok: fc.boolean(),
      code: fc.constantFrom<FailureCode>('not-applicable', 'effect-mismatch', 'timeout', 'unknown-outcome'),
      expected: fc.boolean(),
      holds: fc.boolean(),
      empty: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.infiniteStream(answer),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 4 }),
        (answers, steps, replans) => {
          const feed = new Feed(opening({ limits: { steps, replans } }));
          for (let turn = 0; turn < 500 && feed.last.kind !== 'finish'; turn++)
            react(feed, answers.next().value as never);
          expect(feed.last.kind).toBe('finish');
          expect(feed.count('execute')).toBeLessThanOrEqual(steps);
          expect(feed.count('propose')).toBeLessThanOrEqual(1 + replans);
          const ids = feed.effects.flatMap((e) => ('id' in e ? [e.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});

function react(
  feed: Feed,
  answer: { ok: boolean; code: FailureCode; expected: boolean; holds: boolean; empty: boolean },
): void {
  switch (feed.last.kind) {
    case 'propose':
      return void (answer.empty ? feed.propose() : feed.propose(step('look', [], []), GO, LIGHT));
    case 'verify':
      return void feed.verified(...(answer.holds ? [] : ['no']));
    case 'checkpoint':
      return void feed.snapshot();
    default: {
      const { added, removed } = feed.state.rest[0]!.expects;
      if (answer.ok) feed.done(answer.expected ? [...added] : [], answer.expected ? [...removed] : []);
      else feed.refused(answer.code);
    }
  }
}
