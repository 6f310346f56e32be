import { UNBOUNDED, type Effect, type OpenedEvent, type StrategyEvent } from '@praxis/core';
import { proposeAndVerify } from './propose-and-verify.js';

const opened: OpenedEvent = {
  type: 'opened',
  by: 'planner',
  strategy: 'search',
  state: { facts: [], numbers: {} },
  condition: '(done)',
  owner: null,
  limits: { steps: 0, replans: 0 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
};

/** Feeds events to the reducer and gives all the effects it asked for. */
function play(rounds: number, ...events: readonly StrategyEvent[]): readonly Effect[] {
  const strategy = proposeAndVerify('x', rounds);
  let move = strategy.begin(opened);
  const effects = [...move.effects];
  for (const event of events) {
    move = strategy.on(move.state, event);
    effects.push(...move.effects);
  }
  return effects;
}

const proposed = (round: number, ...candidates: string[]): StrategyEvent => ({
  type: 'proposed',
  id: `p${round}`,
  candidates,
  note: 'nothing there',
});
const verified = (round: number, ...violations: string[]): StrategyEvent => ({
  type: 'verified',
  id: `v${round}`,
  violations,
});

describe('proposeAndVerify', () => {
  it('takes the first plan that passes', () => {
    expect(play(3, proposed(0, 'plan'), verified(0))).toMatchObject([
      { kind: 'propose', id: 'p0' },
      { kind: 'verify', id: 'v0', candidate: 'plan' },
      { kind: 'finish', outcome: 'done', result: 'plan' },
    ]);
  });

  it('tells the proposer what was wrong', () => {
    expect(play(3, proposed(0, 'bad'), verified(0, 'too long')).at(-1)).toMatchObject({
      kind: 'propose',
      id: 'p1',
      context: { violations: ['too long'] },
    });
  });

  it('gives up after its rounds, with the last objections', () => {
    const effects = play(
      2,
      proposed(0, 'bad'),
      verified(0, 'too long'),
      proposed(1, 'worse'),
      verified(1, 'too short', 'a circle'),
    );
    expect(effects.filter((e) => e.kind === 'propose')).toHaveLength(2);
    expect(effects.at(-1)).toEqual({
      kind: 'finish',
      outcome: 'failed',
      reason: 'no plan passed the check: too short; a circle',
      result: null,
    });
  });

  it('fails at once where nobody has a plan', () => {
    expect(play(3, proposed(0)).at(-1)).toEqual({
      kind: 'finish',
      outcome: 'failed',
      reason: 'nothing there',
      result: null,
    });
  });

  it('never uses one id for two effects, nor minds events that are not for it', () => {
    const ids = play(
      3,
      proposed(0, 'a'),
      verified(0, 'x'),
      { type: 'elapsed', id: 't' },
      proposed(1, 'b'),
      verified(1, 'x'),
      proposed(2, 'c'),
      verified(2),
    ).flatMap((e) => ('id' in e ? [e.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
