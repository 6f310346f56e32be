import { UNBOUNDED, type Effect, type OpenedEvent, type StrategyEvent } from '@praxis/core';
import { scripted } from './scripted.js';

const strategy = scripted('x');
const act = (skill: string) => ({ skill, args: { n: '1' } });
const opening = (more: Partial<OpenedEvent> = {}): OpenedEvent => ({
  type: 'opened',
  by: 'e',
  strategy: 'x',
  state: { facts: [], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 10, replans: 0 },
  allowance: UNBOUNDED,
  suggested: [act('a'), act('b')],
  avoid: [],
  domain: 'd',
  ...more,
});
const observed = (id: string, result: Extract<StrategyEvent, { type: 'observed' }>['result']): StrategyEvent => ({
  type: 'observed',
  id,
  step: 0,
  result,
  change: { added: [], removed: [], numbers: {} },
});
const ok = { ok: true, message: '' } as const;

/** Answers every effect as the script says, and gives all effects in order. */
function play(opened: OpenedEvent, answers: readonly ((id: string) => StrategyEvent)[]): readonly Effect[] {
  let { state, effects } = strategy.begin(opened);
  const all = [...effects];
  for (const answer of answers) {
    const last = all.at(-1)!;
    ({ state, effects } = strategy.on(state, answer('id' in last ? last.id : '')));
    all.push(...effects);
  }
  return all;
}
const done = (id: string) => observed(id, ok);

describe('scripted', () => {
  it('does what was suggested, in order, and nothing else', () => {
    const effects = play(opening(), [done, done]);
    expect(effects).toMatchObject([
      { kind: 'execute', action: act('a'), why: 'step 1 of 2' },
      { kind: 'execute', action: act('b') },
      { kind: 'finish', outcome: 'done', result: { toolsUsed: [], failures: [] } },
    ]);
    expect(new Set(effects.flatMap((e) => ('id' in e ? [e.id] : []))).size).toBe(2);
  });

  it('is done at once where nothing was suggested', () =>
    expect(play(opening({ suggested: [] }), [])).toMatchObject([{ kind: 'finish', outcome: 'done' }]));

  it('stops at the first failure, and says what failed and why', () => {
    const effects = play(opening(), [
      (id) => observed(id, { ok: false, code: 'not-applicable', message: 'the door is shut' }),
    ]);
    expect(effects.slice(1)).toMatchObject([
      { kind: 'finish', outcome: 'failed', reason: '(a 1) failed: the door is shut' },
    ]);
  });

  it('tries again what was stale, as often as it is, since it is decided already', () => {
    const stale = (id: string): StrategyEvent => observed(id, { ok: false, code: 'stale', message: '' });
    const effects = play(opening({ limits: { steps: 2, replans: 0 } }), [stale, stale, done, done]);
    expect(effects).toMatchObject([
      ...[1, 2, 3].map(() => ({ kind: 'execute', action: act('a'), why: 'step 1 of 2' })),
      { kind: 'execute', action: act('b') },
      { kind: 'finish', outcome: 'done' },
    ]);
    expect(new Set(effects.flatMap((e) => ('id' in e ? [e.id] : []))).size).toBe(4);
  });

  it.each([
    [[], 'done'],
    [['(lit) is false'], 'failed'],
  ] as const)('has the condition verified at the end: %j', (violations, outcome) => {
    const effects = play(opening({ condition: '(lit)' }), [
      done,
      done,
      (id) => ({ type: 'verified', id, violations: [...violations] }),
    ]);
    expect(effects.slice(2)).toMatchObject([
      { kind: 'verify', candidate: '(lit)' },
      { kind: 'finish', outcome },
    ]);
  });

  it('does no more than its limit', () => {
    expect(play(opening({ limits: { steps: 1, replans: 0 } }), [done]).at(-1)).toMatchObject({
      kind: 'finish',
      outcome: 'failed',
      reason: 'the 1 steps that were left are spent',
    });
  });
});
