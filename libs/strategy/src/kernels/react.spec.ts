import * as fc from 'fast-check';
import { actionText, type Effect, type FailureCode, type Json, type OpenedEvent, type Strategy } from '@praxis/core';
import { anyAnswer, drive, type Whims } from '../fixtures/drive.js';
import {
  House,
  act,
  action,
  opening,
  sensible,
  withEveryCrash,
  type Household,
  type PromptRunner,
} from '../fixtures/house.js';
import { withProgressGuard } from '../wrappers/progress-guard.js';
import { REACT_DEFAULTS, react } from './react.js';

const strategy = (more = {}): Strategy<unknown> =>
  withProgressGuard(react('x', { ...REACT_DEFAULTS, ...more }), { interventions: 1 }) as Strategy<unknown>;
const house = (household: Household, more: Partial<OpenedEvent> = {}, params = {}): House =>
  new House(strategy(params), household, opening(more));

/** Says one thing after the other, and remembers what it was told. */
function saying(...said: readonly (readonly Json[])[]) {
  const told: { readonly [key: string]: Json }[] = [];
  const actor: PromptRunner = (context) => {
    told.push(context);
    return said[Math.min(told.length, said.length) - 1]!;
  };
  return { told, actor };
}

const memory = (context: { readonly [key: string]: Json } | undefined) =>
  context!['memory'] as unknown as { done: string[]; problems: string[] };

describe('react', () => {
  it('finds its way by what it sees, and remembers what was refused (react.3)', async () => {
    const h = house({ minds: { actor: sensible } });
    expect(await h.live()).toMatchObject({
      outcome: 'done',
      reason: 'the condition holds',
      result: {
        steps: 6,
        failedSteps: 1,
        replans: 0,
        toolsUsed: [],
        failures: [{ action: '(light)', code: 'not-applicable' }],
      },
    });
    expect(h.done).toEqual(['go study', 'go cellar', 'switch', 'go study', 'light']);
    expect(h.paper.of('checkpointed')).toHaveLength(1);
  });

  it('asks nobody where the condition plainly holds already (react.2)', async () => {
    const h = house({ minds: {} }, { state: { facts: ['(at hall)', '(lit lamp)'], numbers: {} } });
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { steps: 0 } });
    expect(h.paper.of('proposed')).toHaveLength(0);
  });

  it('does not take an actor at its word that it is done (react.2)', async () => {
    const { told, actor } = saying([{ kind: 'done', why: 'I think so', times: 1 }]);
    const h = house({ minds: { actor } });
    expect(await h.live()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(
        '3 proposals in a row led to nothing; the last: it is said to be done, and the condition does not hold',
      ),
    });
    expect(h.paper.of('verified')).toHaveLength(1);
    expect(memory(told[1]).problems).toEqual(['the condition does not hold yet: (lit lamp) is false']);
  });

  it('has what it needs to know answered, tells it from then on, and never asks it again (react.6)', async () => {
    const { told, actor } = saying(
      [{ kind: 'ask', question: 'where is the fuse?', times: 1 }],
      [{ kind: 'ask', question: 'where is the fuse?', times: 1 }],
      [act('go cellar')],
      [act('switch')],
      [act('go study')],
      [act('light')],
    );
    const h = house({ minds: { actor }, person: () => 'in the cellar' });
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { steps: 4 } });
    expect(h.paper.of('asked').map((e) => e.question.text)).toEqual(['where is the fuse?']);
    expect(
      told.slice(1).every((c) => JSON.stringify(c['answers']) === '[["where is the fuse?","in the cellar"]]'),
    ).toBe(true);
  });

  it('bothers people no more often than it may (react.1)', async () => {
    let n = 0;
    const h = house({ minds: { actor: () => [{ kind: 'ask', question: `what about ${n++}?`, times: 1 }] } });
    expect(await h.live()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no more questions are answered'),
    });
    expect(h.paper.of('asked')).toHaveLength(3);
  });

  it.each([
    ['says nothing', [], 'nothing was proposed'],
    ['says nonsense', ['light it', { kind: 'fly' }, 7], 'what was proposed is no action'],
    ['is stuck', [{ kind: 'stuck', why: 'too dark', times: 1 }], 'it is stuck: too dark'],
  ])('gives up on an actor that %s (react.4)', async (_what, said, reason) => {
    const h = house({ minds: { actor: () => said } });
    expect(await h.live()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(
        `gave up after 0 steps, of which 0 failed: 3 proposals in a row led to nothing; the last: ${reason}`,
      ),
    });
    expect(h.paper.of('proposed')).toHaveLength(3);
  });

  it('does not count what led to nothing before an action that was done (react.4)', async () => {
    const { actor } = saying([], [], [act('go cellar')], [], [], [act('switch')], [act('go study')], [act('light')]);
    expect(await house({ minds: { actor } }).live()).toMatchObject({ outcome: 'done' });
  });

  it('remembers what failed with the facts from before it was done (react.3)', () => {
    const change = { added: ['(broken study)'], removed: ['(dark study)'], numbers: {} };
    const { effects } = drive(
      strategy(),
      opening({ state: { facts: ['(dark study)'], numbers: {} }, limits: { steps: 2, replans: 0 } }),
      {
        answer: (effect) =>
          anyAnswer(effect, {
            candidates: () => [act('go study')],
            scores: () => [],
            violations: () => [],
            observed: () => ({ result: { ok: false, code: 'timeout', message: '' }, change }),
            answer: () => null,
          }),
      },
    );
    expect(effects.filter((e) => e.kind === 'propose')[1]).toMatchObject({
      context: { failures: [{ action: '(go study)', code: 'timeout', facts: ['(dark study)'] }] },
    });
  });

  it('says that there is no model where there is none', async () => {
    expect(await house({ minds: {} }).live()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('there is no actor here'),
    });
  });

  it('does nothing again that the world refused in this very world (react.3)', async () => {
    const { told, actor } = saying(
      [act('switch')],
      [act('switch')],
      [act('wave'), act('switch', { times: 3 })],
      [act('stop')],
      [act('stop')],
      [act('stop')],
    );
    const h = house({ minds: { actor } });
    await h.live();
    expect(h.paper.of('decided').map((e) => actionText(e.action))).toEqual(['(switch)', '(wave)', '(stop)']);
    expect(memory(told[2]).problems).toEqual(['(switch) was refused here before']);
  });

  it('asks for several after a failure and has them judged, less for what was done here before (react.5)', async () => {
    const several = [act('wave'), act('go cellar'), act('switch')];
    const { told, actor } = saying([act('wave')], several);
    const h = house(
      { minds: { actor }, judge: (candidates) => candidates.map((_, i) => [0.9, 0.5, 0.1][i]!) },
      { limits: { steps: 2, replans: 0 } },
    );
    await h.live();
    expect(told.map((c) => c['count'])).toEqual([1, 4]);
    // The judge likes waving best, and still it was done here once.
    expect(h.paper.of('decided').map((e) => actionText(e.action))).toEqual(['(wave)', '(go cellar)']);
  });

  it('asks for several before it does what failed in the like of this world (react.5)', async () => {
    const avoid = [{ action: '(go study)', code: 'timeout' as const, facts: [] }];
    const { told, actor } = saying([act('go study')], [act('go study', { times: 3 }), act('wave')]);
    await house({ minds: { actor } }, { avoid, limits: { steps: 1, replans: 0 } }).live();
    expect(told.map((c) => c['count'])).toEqual([1, 4]);
    expect(memory(told[1]).problems).toEqual(['(go study) failed here before']);
  });

  it('tries what slipped again without asking anybody', async () => {
    const { told, actor } = saying([act('go study')], [act('stop')]);
    const h = house({ minds: { actor }, slips: ['go study'] });
    expect(await h.live()).toMatchObject({
      result: { failures: [expect.objectContaining({ action: '(stop)', code: 'invalid-args' })] },
    });
    expect(
      h.paper
        .of('decided')
        .slice(0, 2)
        .map((e) => actionText(e.action)),
    ).toEqual(['(go study)', '(go study)']);
    expect(memory(told[1]).done[0]).toBe('(go study) -> effect-mismatch: slipped');
  });

  it.each([
    [20, 3],
    [2, 2],
  ])(
    'tries what slips again and again no more than three times in a row, nor beyond its limits: of %d steps, %d',
    (steps, tries) => {
      const nothing = { added: [], removed: [], numbers: {} };
      const { effects } = drive(strategy(), opening({ limits: { steps, replans: 0 } }), {
        answer: (effect) =>
          anyAnswer(effect, {
            candidates: () => [act('wave')],
            scores: () => [],
            violations: () => [],
            observed: () => ({ result: { ok: false, code: 'effect-mismatch', message: 'slipped' }, change: nothing }),
            answer: () => null,
          }),
      });
      const second = effects.findIndex((e, i) => i > 0 && e.kind === 'propose');
      expect(effects.slice(0, second === -1 ? undefined : second).filter((e) => e.kind === 'execute')).toHaveLength(
        tries,
      );
    },
  );

  it('does no more steps than it may, and sees what the last one did (react.1)', async () => {
    const limits = { steps: 4, replans: 0 };
    expect(await house({ minds: { actor: sensible } }, { limits }).live()).toMatchObject({
      outcome: 'failed',
      reason: 'the 4 steps that were left are spent',
      result: { steps: 4 },
    });
    expect(await house({ minds: { actor: sensible } }, { limits: { steps: 6, replans: 0 } }).live()).toMatchObject({
      outcome: 'done',
    });
    expect(
      await house({ minds: { actor: () => [act('wave')] } }, { limits, condition: '(exists (?x) (at ?x))' }).live(),
    ).toMatchObject({ outcome: 'failed', result: { steps: 4 } });
  });

  it('has the world asked after its last step where the facts alone do not tell (react.1, react.2)', () => {
    const { finish, events } = drive(
      strategy(),
      opening({ condition: '(exists (?x) (lit ?x))', limits: { steps: 1, replans: 0 } }),
      {
        answer: (effect) =>
          anyAnswer(effect, {
            candidates: () => [act('light')],
            scores: () => [],
            violations: () => [],
            observed: () => ({
              result: { ok: true, message: '' },
              change: { added: ['(lit lamp)'], removed: [], numbers: {} },
            }),
            answer: () => null,
          }),
      },
    );
    expect(finish).toMatchObject({ outcome: 'done' });
    expect(events.map((e) => e.type)).toEqual(['proposed', 'observed', 'verified']);
  });

  it('does not look for a way round what is denied (react.12)', async () => {
    expect(await house({ minds: { actor: sensible }, denied: ['go study'] }).live()).toMatchObject({
      outcome: 'failed',
      reason: 'nobody may go study',
      result: { steps: 1 },
    });
  });

  it('is told when it goes in circles, and gives up if it goes on', async () => {
    const { told, actor } = saying([act('wave')]);
    const h = house({ minds: { actor } }, { limits: { steps: 200, replans: 3, patience: 4 } });
    expect(await h.live()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('led only to where it had been before'),
      result: { replans: 1 },
    });
    expect(told.some((c) => memory(c).problems.some((p) => p.includes('(wave) 4 times')))).toBe(true);
    expect(h.done.length).toBeLessThan(12);
  });

  it('sums up a stretch once a part of the condition holds', async () => {
    const { told, actor } = saying(
      [act('go cellar')],
      [act('switch')],
      [act('wave')],
      [act('go study')],
      [act('light')],
    );
    await house(
      { minds: { actor } },
      { condition: '(and (power) (lit lamp))', limits: { steps: 4, replans: 0 } },
    ).live();
    expect(memory(told[2]).done).toEqual(['steps 1 to 2 -> ok: (at cellar), (power), no longer (at hall)']);
    expect(memory(told[3]).done).toHaveLength(2);
  });

  it('writes the same wherever the power goes out, and does nothing twice', async () => {
    const { whole, others } = await withEveryCrash(() => {
      const actor: PromptRunner = (context, effect, signal) =>
        (context['answers'] as Json[]).length === 0
          ? [{ kind: 'ask', question: 'may I?', times: 1 }]
          : effect.count > 1
            ? [...(sensible(context, effect, signal) as Json[]), act('wave')]
            : sensible(context, effect, signal);
      return house({ minds: { actor }, judge: (c) => c.map((_, i) => 1 - i), slips: ['switch'], person: () => 'yes' });
    });
    expect(whole.paper.of('ended')).toMatchObject([{ outcome: 'done' }]);
    expect(whole.paper.of('scored').length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(20);
    for (const other of others) {
      expect(other.paper.events).toEqual(whole.paper.events);
      expect(other.done).toEqual(whole.done);
    }
  });
});

describe('react, whatever it is told', () => {
  const proposal = fc.oneof(
    fc.record({
      kind: fc.constant('act'),
      action: fc.constantFrom('go a', 'go b', 'light', 'wave').map((t) => ({ ...action(t) })),
      times: fc.nat(5),
      why: fc.string(),
      taint: fc.array(fc.string(), { maxLength: 1 }),
    }),
    fc.constantFrom<Json>(
      { kind: 'done', times: 2 },
      { kind: 'stuck', why: 'no' },
      { kind: 'ask', question: 'a?' },
      { kind: 'ask', question: 'b?' },
      { kind: 'ask', question: '' },
      { kind: 'act', action: { skill: '' } },
    ),
    fc.jsonValue(),
  ) as fc.Arbitrary<Json>;
  const outcome = fc.record({
    result: fc.oneof(
      fc.constant({ ok: true as const, message: '' }),
      fc
        .constantFrom<FailureCode>(
          'not-applicable',
          'effect-mismatch',
          'timeout',
          'invalid-args',
          'unknown-outcome',
          'world-error',
        )
        .map((code) => ({ ok: false as const, code, message: 'no' })),
    ),
    change: fc.constantFrom(
      { added: [], removed: [], numbers: {} },
      { added: ['(at a)'], removed: ['(at hall)'], numbers: {} },
      { added: ['(at hall)'], removed: ['(at a)'], numbers: {} },
      { added: ['(lit lamp)'], removed: [], numbers: {} },
    ),
  });
  const whimsOf = fc.record({
    candidates: fc.infiniteStream(fc.array(proposal, { maxLength: 5 })),
    scores: fc.infiniteStream(fc.array(fc.double({ noNaN: true, min: -2, max: 2 }), { maxLength: 6 })),
    violations: fc.infiniteStream(fc.constantFrom<readonly string[]>([], ['no'])),
    observed: fc.infiniteStream(outcome),
    answer: fc.infiniteStream(fc.constantFrom(null, 'yes')),
  });

  // react.1–2, react.4
  it('ends within its limits, does only what was proposed, and is done only when the world says so', () => {
    fc.assert(
      fc.property(
        whimsOf,
        fc.nat(12),
        fc.constantFrom('(lit lamp)', '(and (lit lamp) (at a))', '(exists (?x) (at ?x))', ''),
        fc.boolean(),
        (streams, steps, condition, isGuarded) => {
          const whims: Whims = {
            candidates: () => streams.candidates.next().value!,
            scores: () => streams.scores.next().value!,
            violations: () => streams.violations.next().value!,
            observed: () => streams.observed.next().value!,
            answer: () => streams.answer.next().value!,
          };
          const limits = isGuarded ? { steps, replans: 2, patience: 3 } : { steps, replans: 2 };
          const { finish, effects, events } = drive(strategy() as Strategy<unknown>, opening({ condition, limits }), {
            answer: (effect) => anyAnswer(effect, whims),
          });
          const count = (kind: Effect['kind']): number => effects.filter((e) => e.kind === kind).length;
          expect(finish).not.toBeNull();
          expect(count('execute')).toBeLessThanOrEqual(steps);
          expect(count('ask')).toBeLessThanOrEqual(3);
          const proposed = new Set(
            events.flatMap((e) =>
              e.type === 'proposed'
                ? e.candidates.map((c) => JSON.stringify((c as { action?: Json } | null)?.action ?? null))
                : [],
            ),
          );
          for (const e of effects) if (e.kind === 'execute') expect(proposed).toContain(JSON.stringify(e.action));
          const last = events.at(-1);
          if (finish!.outcome === 'done') expect(last).toMatchObject({ type: 'verified', violations: [] });
          const ids = effects.flatMap((e) => ('id' in e ? [e.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});

describe('what a skill outside the world answers', () => {
  const way = ['go cellar', 'switch', 'go study', 'light'].map((text) => [act(text)]);

  it('is shown at every later proposal, and taints what is decided after it, not before it (react.8)', async () => {
    const { told, actor } = saying([act('go cellar')], [act('ask-outside')], ...way.slice(1));
    const h = house({ minds: { actor }, outside: ['the lamp needs power'] });
    expect(await h.live()).toMatchObject({ outcome: 'done' });
    expect(told.map((c) => c['results'])).toEqual([
      undefined,
      undefined,
      ...way.slice(1).map(() => ['(ask-outside) -> the lamp needs power']),
    ]);
    expect(h.paper.of('decided').map((e) => e.taint)).toEqual([[], [], ...way.slice(1).map(() => ['http:outside'])]);
    expect(h.paper.of('observed').map((e) => e.answeredBy)).toEqual([
      undefined,
      'http:outside',
      undefined,
      undefined,
      undefined,
    ]);
    expect(memory(told[2]).done.at(-1)).toBe('(ask-outside) -> ok: nothing changed; answered: the lamp needs power');
  });

  it('is no circle the first time, and one when it is asked again and again', async () => {
    const { told, actor } = saying([act('ask-outside')], [act('ask-outside')], [act('ask-outside')]);
    const h = house(
      { minds: { actor }, outside: ['one', 'two', 'three'] },
      { limits: { steps: 40, replans: 3, patience: 3 } },
    );
    expect(await h.live()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('(ask-outside)') });
    expect(told.slice(0, 3).map((c) => c['count'])).toEqual([1, 1, 4]);
    expect(told[2]!['results']).toEqual(['(ask-outside) -> two']);
  });

  it('is carried from subgoal to subgoal, with its taint', async () => {
    const { told, actor } = saying(...way);
    const h = house({ minds: { actor } }, { heard: [{ action: '(list)', text: '[1]', source: 'http:shop' }] });
    await h.live();
    expect(told[0]!['results']).toEqual(['(list) -> [1]']);
    expect(h.paper.of('decided')[0]!.taint).toEqual(['http:shop']);
  });

  it('survives a crash at any place', async () => {
    const { whole, others } = await withEveryCrash(() =>
      house({
        minds: {
          actor: (c) => [act(['ask-outside', 'go cellar', 'switch', 'go study', 'light'][memory(c).done.length]!)],
        },
        outside: ['x'],
      }),
    );
    for (const other of others)
      expect(other.paper.of('decided').map((e) => actionText(e.action))).toEqual(
        whole.paper.of('decided').map((e) => actionText(e.action)),
      );
  });
});

describe('a world that takes no snapshots', () => {
  it('is never asked for one after a refusal (react.9)', async () => {
    const h = house({ minds: { actor: sensible } }, { snapshots: false });
    expect(await h.live()).toMatchObject({ outcome: 'done', result: { failedSteps: 1 } });
    expect(h.paper.of('checkpointed')).toHaveLength(0);
  });
});
