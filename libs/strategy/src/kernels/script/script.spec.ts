import * as fc from 'fast-check';
import {
  makeState,
  scriptStepSchema,
  stepEventSchema,
  type Effect,
  type Json,
  type OpenedEvent,
  type Output,
  type Outputs,
  type ScriptStepInput,
  type StrategyEvent,
} from '@praxis/core';
import { drive, type Answerable, type Drive } from '../../fixtures/drive.js';
import { callKey } from './script-state.js';
import { script } from './script.js';

const output = (value: Json, taint: string[] = []): Output => ({ value, artifacts: [], taint });
const opened = (steps: readonly ScriptStepInput[], inputs: Outputs = {}, condition = ''): OpenedEvent =>
  stepEventSchema.parse({
    type: 'opened',
    by: 'e',
    strategy: 'playbook',
    state: makeState([]),
    condition,
    owner: null,
    limits: { steps: 100_000, replans: 0 },
    suggested: [],
    avoid: [],
    domain: '',
    inputs,
    script: steps.map((s) => scriptStepSchema.parse(s)),
  }) as OpenedEvent;

type Execute = Extract<Effect, { kind: 'execute' }>;
type Result = Extract<StrategyEvent, { type: 'observed' }>['result'];
const change = { added: [], removed: [], numbers: {} };
const ok = (value: Json, taint: string[] = []): Result => ({ ok: true, message: 'done', output: output(value, taint) });
const bad = (message: string, more: object = {}): Result => ({ ok: false, code: 'world-error', message, ...more });

/** Runs a script in a world that gives `results`, and a person who gives `answers`. */
function run(
  begin: OpenedEvent,
  results: (call: Execute, nth: number) => Result,
  more: { answers?: Json[]; violations?: string[][]; pick?: (waiting: readonly Answerable[]) => number } = {},
): Drive & { readonly calls: readonly Execute[] } {
  const calls: Execute[] = [];
  const answers = [...(more.answers ?? [])];
  const violations = [...(more.violations ?? [])];
  const driven = drive(script('s'), begin, {
    most: 50_000,
    ...(more.pick && { pick: more.pick }),
    answer(effect) {
      const { id } = effect;
      if (effect.kind === 'ask') return { type: 'answered', id, answer: answers.shift() ?? null };
      if (effect.kind === 'verify') return { type: 'verified', id, violations: violations.shift() ?? [] };
      if (effect.kind !== 'execute') throw new Error(`nothing answers ${effect.kind}`);
      calls.push(effect);
      return { type: 'observed', id, step: calls.length, result: results(effect, calls.length), change };
    },
  });
  return { ...driven, calls };
}
const echo = ({ action }: Execute): Result => ok({ ...action.args });
const left = ({ finish }: Drive): Outputs => (finish!.result as { outputs?: Outputs }).outputs ?? {};

describe('a script', () => {
  it('begins what waits for nothing side by side, and the rest when it has what it needs (script.1)', () => {
    const begin = opened([
      { id: 'a', do: 'x' },
      { id: 'b', do: 'x' },
      { id: 'c', do: 'x', with: { of: '$a', text: 'of {{ b }}' } },
      { id: 'd', do: 'x', after: ['c'] },
    ]);
    const { effects, finish } = run(begin, (_, nth) => ok(nth));
    expect(effects.map((e) => (e.kind === 'execute' ? e.id : e.kind))).toEqual([
      'e:a:0:0',
      'e:b:0:0',
      'e:c:0:0',
      'e:d:0:0',
      'finish',
    ]);
    expect((effects[2] as Execute).action.args).toEqual({ of: 1, text: 'of 2' });
    expect(finish).toMatchObject({ outcome: 'done' });
  });

  it('decides with what references lead to, and with its taint (script.2)', () => {
    const begin = opened([{ id: 'a', do: 'x', with: { to: '$who.name' } }], {
      who: output({ name: 'Ada' }, ['http:a']),
    });
    const { calls } = run(begin, echo);
    expect(calls[0]).toMatchObject({ action: { args: { to: 'Ada' } }, taint: ['http:a'], as: 'a' });
  });

  it('fails with the reason where a reference leads nowhere, and asks for nothing (script.2)', () => {
    const begin = opened([{ id: 'a', do: 'x', with: { to: '$who.nam' } }], { who: output({ name: 'Ada' }) });
    const { calls, finish } = run(begin, echo);
    expect(calls).toEqual([]);
    expect(finish).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('did you mean "name"') as string,
    });
  });

  it('skips a step whose `when` is false (script.3)', () => {
    const steps = [
      { id: 'a', do: 'x', when: 'most > 5' },
      { id: 'b', do: 'x', with: { a: '$a' } },
    ];
    expect(run(opened(steps, { most: output(3) }), echo).calls.map((c) => c.action.args)).toEqual([{ a: null }]);
    expect(run(opened(steps, { most: output(6) }), echo).calls).toHaveLength(2);
    expect(run(opened(steps, { most: output('many') }), echo).finish).toMatchObject({ outcome: 'failed' });
  });

  it('ends with the reason where a call fails, once the others are back (script.6)', () => {
    const begin = opened([
      { id: 'a', do: 'x', title: 'Load it' },
      { id: 'b', do: 'x' },
      { id: 'c', do: 'x', after: ['b'] },
    ]);
    const { calls, finish } = run(begin, (call) => (call.as === 'a' ? bad('no such file') : ok(1)));
    expect(calls.map((c) => c.as)).toEqual(['a', 'b']);
    expect(finish).toMatchObject({ outcome: 'failed', reason: 'the step "Load it" failed: no such file' });
  });

  it('tells what it failed by: a call, or the step as it is written where no call failed (script.6)', () => {
    const begin = opened([{ id: 'a', do: 'x', with: { to: '$who' } }], { who: output('ann') });
    const failures = (result: Result): unknown =>
      (run(begin, () => result).finish!.result as { failures: unknown }).failures;
    expect(failures(bad('no', { permanent: true }))).toMatchObject([
      { action: '(x ann)', code: 'world-error', permanent: true, reason: 'no' },
    ]);
    expect(failures(bad('later'))).toMatchObject([{ action: '(x ann)', code: 'world-error' }]);
    expect(failures({ ok: false, code: 'budget', message: 'spent' })).toEqual([]);
    const missing = run(opened([{ id: 'a', do: 'x', with: { to: '$nobody' } }]), echo);
    expect(missing.finish).toMatchObject({
      outcome: 'failed',
      result: { failures: [{ action: '(x $nobody)', code: 'invalid-args' }] },
    });
    const asked = run(opened([{ id: 'a', do: 'ask.person', with: { question: 'May I?' }, onFail: 'ask' }]), echo, {
      answers: ['no'],
    });
    expect(asked.finish).toMatchObject({ result: { failures: [{ code: 'denied', reason: 'a person said no' }] } });
  });

  it('repeats a failed call as often as it says, a stale one without counting it (script.5)', () => {
    const begin = opened([{ id: 'a', do: 'x', retry: 2 }]);
    const stale: Result = { ok: false, code: 'stale', message: 'meanwhile' };
    const results = [bad('1'), stale, bad('2'), ok(7)];
    const third = run(begin, (_, nth) => results[nth - 1]!);
    expect(third.calls.map((c) => c.id)).toEqual(['e:a:0:0', 'e:a:0:1', 'e:a:0:2', 'e:a:0:3']);
    expect(left(third)['a']!.value).toBe(7);
    expect(run(begin, (_, nth) => bad(`${nth}`)).calls).toHaveLength(3);
    expect(run(begin, () => bad('never', { permanent: true })).calls).toHaveLength(1);
    expect(run(begin, () => ({ ok: false, code: 'denied', message: 'no' })).calls).toHaveLength(1);
  });

  it('counts a failed step as skipped where it may (script.6)', () => {
    const begin = opened([
      { id: 'a', do: 'x', onFail: 'skip' },
      { id: 'b', do: 'x', with: { a: '$a' } },
    ]);
    const { calls, finish } = run(begin, (call) => (call.as === 'a' ? bad('no') : echo(call)));
    expect(calls[1]!.action.args).toEqual({ a: null });
    expect(finish).toMatchObject({ outcome: 'done' });
  });

  it.each([
    ['retry', 2, 'done'],
    ['skip', 1, 'done'],
    ['fail', 1, 'failed'],
    [null, 1, 'failed'],
  ])('asks a person about a failure and does what is said: %j (script.6)', (answer, calls, outcome) => {
    const begin = opened([{ id: 'a', do: 'x', onFail: 'ask' }]);
    const driven = run(begin, (_, nth) => (nth === 1 ? bad('disk full') : ok(1)), { answers: [answer] });
    expect(driven.effects[1]).toMatchObject({ kind: 'ask', question: expect.stringContaining('disk full') as string });
    expect(driven.calls).toHaveLength(calls);
    expect(driven.finish).toMatchObject({ outcome });
  });

  it('is done only when the checks of its steps pass (script.7)', () => {
    const begin = opened([{ id: 'a', do: 'x', check: [{ json: '$a', schema: { type: 'object' } }] }]);
    const good = run(begin, () => ok({ rows: 1 }));
    expect(good.effects[1]).toMatchObject({
      kind: 'verify',
      candidate: '(check a-1)',
      context: { checks: { 'a-1': { json: '$a' } }, outputs: { a: { value: { rows: 1 } } } },
    });
    expect(good.finish).toMatchObject({ outcome: 'done' });
    const wrong = run(begin, () => ok(1), { violations: [['it is no object']] });
    expect(wrong.finish).toMatchObject({
      outcome: 'failed',
      reason: 'the step "a" failed: its output is not as it should be: it is no object',
    });
  });

  it('is done only when its condition holds (script.7)', () => {
    const begin = opened([{ id: 'a', do: 'x' }], {}, '(written a)');
    expect(run(begin, echo).finish).toMatchObject({ outcome: 'done' });
    expect(run(begin, echo, { violations: [['not written']] }).finish).toMatchObject({ outcome: 'failed' });
  });

  it('asks a person, and takes a no for a failure (script.8)', () => {
    const begin = (moves: Json) =>
      opened(
        [
          { id: 'ok', do: 'ask.person', with: { question: 'Move {{ moves.size }} files?', show: ['dry-run.md'] } },
          { id: 'go', do: 'x', after: ['ok'], with: { said: '$ok.answer' } },
        ],
        { moves: output(moves) },
      );
    const yes = run(begin([1, 2]), echo, { answers: ['yes'] });
    expect(yes.effects[0]).toMatchObject({ kind: 'ask', question: 'Move 2 files? See: dry-run.md.' });
    expect(yes.calls[0]!.action.args).toEqual({ said: 'yes' });
    for (const no of ['no', 'No, not now', null, 'reject']) {
      const refused = run(begin([1, 2]), echo, { answers: [no] });
      expect(refused.calls).toEqual([]);
      expect(refused.finish).toMatchObject({ outcome: 'failed', reason: 'the step "ok" failed: a person said no' });
    }
    // The same question about something else is another question.
    const ids = [
      [1, 2],
      [1, 3],
    ].map((moves) => (run(begin(moves), echo).effects[0] as Answerable).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('does nothing beside a question that is written before it (script.1, script.8)', () => {
    const begin = opened([
      { id: 'plan', do: 'x' },
      { id: 'approve', do: 'ask.person', with: { question: 'Move {{ plan }} files?' } },
      { id: 'move', do: 'x', with: { files: '$plan' } },
    ]);
    const refused = run(begin, () => ok(2), { answers: ['no'] });
    expect(refused.calls.map((c) => c.as)).toEqual(['plan']);
    expect(run(begin, () => ok(2), { answers: ['yes'] }).calls.map((c) => c.as)).toEqual(['plan', 'move']);
  });

  it('asks again where the answer is none of the choices (script.8)', () => {
    const begin = opened([
      { id: 'ok', do: 'ask.person', with: { question: 'Which?', choices: ['Red', 'blue'], expires: '24h' } },
      { id: 'go', do: 'x', with: { colour: '$ok.answer' } },
    ]);
    const driven = run(begin, echo, { answers: ['perhaps', ' red '] });
    const asked = driven.effects.filter((e) => e.kind === 'ask');
    expect(asked).toMatchObject([
      { question: 'Which?', choices: ['Red', 'blue'], expiresMs: 86_400_000 },
      { question: '"perhaps" is none of the choices. Which?' },
    ]);
    expect(new Set(asked.map((e) => e.id)).size).toBe(2);
    expect(driven.calls.map((c) => c.action.args)).toEqual([{ colour: 'Red' }]);
    const never = run(begin, echo, { answers: Array.from({ length: 100 }, () => 'perhaps') });
    expect(never.finish).toMatchObject({ outcome: 'failed' });
    const soon = opened([{ id: 'ok', do: 'ask.person', with: { question: 'May I?', expires: 'soon' } }]);
    expect(run(soon, echo).finish).toMatchObject({ reason: expect.stringContaining('30m, 24h or 7d') as string });
  });

  it('gives on the taint of what a call was made with (script.2)', () => {
    const begin = opened([{ id: 'a', do: 'x', with: { of: '$rows' } }], { rows: output([1], ['http:shop']) });
    expect(left(run(begin, () => ok(1, ['skill:x'])))['a']!.taint.toSorted()).toEqual(['http:shop', 'skill:x']);
  });

  it('taints what untrusted words of a step ask for, and what comes of it (script.2)', () => {
    const begin = opened(
      [
        { id: 'a', do: 'x', with: { of: '$rows' }, taint: ['model'] },
        { id: 'b', do: 'ask.person', with: { question: 'May I?' }, taint: ['model'] },
      ],
      { rows: output([1], ['http:shop']) },
    );
    const driven = run(begin, () => ok(1), { answers: ['yes'] });
    expect(driven.calls[0]!.taint).toEqual(['http:shop', 'model']);
    expect(left(driven)['a']!.taint).toEqual(['http:shop', 'model']);
    expect(driven.effects.find((e) => e.kind === 'ask')).toMatchObject({ taint: ['model'] });
  });

  it('ends where steps wait for each other (script.10)', () => {
    const begin = opened([
      { id: 'a', do: 'x', with: { of: '$b' } },
      { id: 'b', do: 'x', with: { of: '$a' } },
    ]);
    expect(run(begin, echo).finish).toMatchObject({ outcome: 'failed', reason: 'the steps a, b wait for each other' });
  });

  it('says what a step ensures with its last call, when all others are back (script.9)', () => {
    const begin = opened(
      [{ id: 'a', do: 'x', each: { of: '$l', parallel: 3 }, with: { n: '$item' }, ensures: ['(sent)'] }],
      { l: output([1, 2, 3, 4]) },
    );
    const failed = run(begin, (_, nth) => (nth === 2 ? bad('no') : ok(1)));
    expect(failed.calls.every((c) => c.ensures === undefined)).toBe(true);
    const good = run(begin, () => ok(1), { pick: (waiting) => waiting.length - 1 });
    expect(good.calls.map((c) => c.ensures)).toEqual([undefined, undefined, undefined, ['(sent)']]);
    expect(good.calls[3]!.id).toBe('e:a:3:0');
  });
});

describe('each', () => {
  const steps = (more: object = {}): ScriptStepInput[] => [
    { id: 'probe', do: 'x', each: { of: '$urls', as: 'url', parallel: 2, ...more }, with: { url: '$url' } },
  ];
  const urls = (n: number): Outputs => ({
    urls: output(
      Array.from({ length: n }, (_, i) => `u${i}`),
      ['http:page'],
    ),
  });

  it('calls once for every item, and gives the results in their order (script.4)', () => {
    const begin = opened(steps(), urls(5));
    const driven = run(begin, (call) => ok(call.action.args['url']!), { pick: (waiting) => waiting.length - 1 });
    expect(driven.calls.map((c) => c.action.args['url']).toSorted()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
    expect(left(driven)['probe']).toEqual(output(['u0', 'u1', 'u2', 'u3', 'u4'], ['http:page']));
    expect(driven.calls.every((c) => c.taint!.includes('http:page'))).toBe(true);
  });

  it('has at most `parallel` calls under way (script.4)', () => {
    let most = 0;
    const pick = (waiting: readonly Answerable[]): number => ((most = Math.max(most, waiting.length)), 0);
    run(opened(steps({ parallel: 3 }), urls(20)), echo, { pick });
    expect(most).toBe(3);
  });

  it('fails before the first call where the list is too long, or none (script.4)', () => {
    expect(run(opened(steps({ most: 4 }), urls(5)), echo)).toMatchObject({
      calls: [],
      finish: { outcome: 'failed', reason: expect.stringContaining('5 items, and `each.most` allows 4') as string },
    });
    expect(run(opened(steps(), { urls: output('u') }), echo)).toMatchObject({
      calls: [],
      finish: { outcome: 'failed' },
    });
    expect(run(opened(steps(), { urls: output({ found: 2, urls: ['u'] }) }), echo).finish).toMatchObject({
      reason: expect.stringContaining('$urls is an object; there is a list in it: urls') as string,
    });
    expect(left(run(opened(steps(), urls(0)), echo))['probe']!.value).toEqual([]);
  });

  it('leaves out the items that fail where it may, and keeps the places of the others (script.6)', () => {
    const begin = opened([{ ...steps()[0]!, onFail: 'skip' }], urls(3));
    const driven = run(begin, (call) => (call.action.args['url'] === 'u1' ? bad('dead') : echo(call)));
    expect(left(driven)['probe']!.value).toEqual([{ url: 'u0' }, null, { url: 'u2' }]);
  });

  it('asks about each item that fails, and goes on with the others meanwhile (script.6)', () => {
    const begin = opened([{ ...steps()[0]!, onFail: 'ask' }], urls(4));
    const driven = run(begin, (call) => (call.action.args['url'] === 'u1' ? bad('dead') : echo(call)), {
      answers: ['skip'],
      // The person answers last.
      pick: (waiting) =>
        waiting.findIndex((e) => e.kind !== 'ask') < 0 ? 0 : waiting.findIndex((e) => e.kind !== 'ask'),
    });
    expect(driven.calls).toHaveLength(4);
    expect(left(driven)['probe']!.value).toEqual([{ url: 'u0' }, null, { url: 'u2' }, { url: 'u3' }]);
  });

  it('takes an item whose reference leads nowhere for a failure of that item alone (script.6)', () => {
    const items = { urls: output([{ url: 'u0' }, {}, { url: 'u2' }, {}, { url: 'u4' }]) };
    const step = { ...steps()[0]!, with: { url: '$url.url' } };
    const skipped = run(opened([{ ...step, onFail: 'skip' }], items), echo);
    expect(left(skipped)['probe']!.value).toEqual([{ url: 'u0' }, null, { url: 'u2' }, null, { url: 'u4' }]);
    const asked = run(opened([{ ...step, onFail: 'ask' }], items), echo, { answers: ['retry', 'skip', 'skip'] });
    expect(asked.effects.filter((e) => e.kind === 'ask')).toHaveLength(3);
    expect(left(asked)['probe']!.value).toEqual([{ url: 'u0' }, null, { url: 'u2' }, null, { url: 'u4' }]);
    const failed = run(opened([step], items), echo);
    expect(failed.finish).toMatchObject({ reason: expect.stringContaining('(item 2) failed') as string });
  });

  it('asks about two items at once, each for its own reason (script.6)', () => {
    const begin = opened([{ ...steps()[0]!, onFail: 'ask' }], urls(3));
    const last = (waiting: readonly Answerable[]): number =>
      Math.max(
        0,
        waiting.findIndex((e) => e.kind !== 'ask'),
      );
    const driven = run(
      begin,
      (call) => (call.id.endsWith(':0') ? bad(`dead ${call.action.args['url'] as string}`) : ok(1)),
      {
        answers: ['retry', 'skip', 'fail'],
        pick: last,
      },
    );
    const questions = driven.effects.flatMap((e) => (e.kind === 'ask' ? [e] : []));
    expect(questions.slice(0, 2).map((e) => e.question)).toEqual([
      'The step "probe", item 1 of 3, failed: dead u0',
      'The step "probe", item 2 of 3, failed: dead u1',
    ]);
    expect(questions[0]!.choices).toEqual(['retry', 'skip', 'fail']);
    expect(driven.finish).toMatchObject({ reason: 'the step "probe" (item 3) failed: dead u2' });
  });

  it('makes all its calls again where a person has it begun anew after its checks (script.7)', () => {
    const step = { ...steps()[0]!, onFail: 'ask' as const, check: [{ expr: 'size(probe) == 3' }] };
    const driven = run(opened([step], urls(3)), echo, { answers: ['retry'], violations: [['one is missing'], []] });
    expect(driven.calls).toHaveLength(6);
    expect(new Set(driven.calls.map((c) => c.id)).size).toBe(6);
    expect(driven.finish).toMatchObject({ outcome: 'done' });
  });

  it('reads how long the list may be from an input, and begins nothing that the steps left do not cover (script.4)', () => {
    const most = { most: output(4) };
    expect(run(opened(steps({ most: '$most' }), { ...urls(4), ...most }), echo).calls).toHaveLength(4);
    expect(run(opened(steps({ most: '$most' }), { ...urls(5), ...most }), echo)).toMatchObject({
      calls: [],
      finish: { reason: expect.stringContaining('`each.most` allows 4') as string },
    });
    const begin = opened(steps(), urls(5));
    const short = { ...begin, limits: { ...begin.limits, steps: 4 } };
    expect(run(short, echo)).toMatchObject({
      calls: [],
      finish: { reason: expect.stringContaining('5 items left to do, and the run has 4 steps left') as string },
    });
  });

  it('stops beginning items once one has failed for good (script.6)', () => {
    const driven = run(opened(steps(), urls(50)), (call) =>
      call.action.args['url'] === 'u1' ? bad('dead') : echo(call),
    );
    expect(driven.calls.length).toBeLessThan(5);
    expect(driven.finish).toMatchObject({ reason: 'the step "probe" (item 2) failed: dead' });
  });

  it('goes through ten thousand items', () => {
    const driven = run(opened(steps({ most: 10_000, parallel: 8 }), urls(10_000)), () => ok(1));
    expect(driven.calls).toHaveLength(10_000);
    expect(driven.finish).toMatchObject({ outcome: 'done' });
  });
});

describe('any script', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  /** Steps that refer only to earlier ones, so that there is no circle. */
  const scripts = fc
    .tuple(
      ...ids.map((_, i) =>
        fc.record({
          of: fc.option(fc.constantFrom(...ids.slice(0, Math.max(1, i))), { nil: null }),
          after: fc.subarray(ids.slice(0, i)),
          isEach: fc.boolean(),
          retry: fc.integer({ min: 0, max: 2 }),
          onFail: fc.constantFrom('fail' as const, 'skip' as const, 'ask' as const),
        }),
      ),
    )
    .map((made) =>
      made.map(({ of, after, isEach, retry, onFail }, i): ScriptStepInput => ({
        id: ids[i]!,
        do: 'x',
        after,
        retry,
        onFail,
        with: { value: isEach ? '$item' : of !== null && i > 0 ? `$${of}` : 'plain' },
        ...(isEach && { each: { of: '$list', as: 'item', parallel: 2 } }),
      })),
    );
  const inputs = { list: output([1, 2, 3], ['http:list']) };
  const results = fc.array(fc.constantFrom('ok', 'ok', 'ok', 'fail', 'stale', 'permanent'), {
    minLength: 1,
    maxLength: 40,
  });
  const resultOf = (what: string): Result =>
    what === 'ok'
      ? ok(what)
      : what === 'stale'
        ? { ok: false, code: 'stale', message: '' }
        : bad(what, what === 'permanent' ? { permanent: true } : {});

  it('keeps the order, never loses taint, and goes the same way when its events are told again', () => {
    fc.assert(
      fc.property(scripts, results, fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (steps, whims, picks) => {
        let turn = 0;
        const begin = opened(steps, inputs);
        const driven = run(begin, (_, nth) => (nth > 300 ? ok('late') : resultOf(whims[nth % whims.length]!)), {
          answers: Array.from({ length: 40 }, (_, i) => ['skip', 'retry', 'fail'][i % 3]!),
          pick: () => picks[turn++ % picks.length]!,
        });
        expect(driven.finish).not.toBeNull();
        for (const call of driven.calls) {
          const step = steps.find((s) => s.id === call.as)!;
          if (step.each) expect(call.taint).toEqual(['http:list']);
        }
        // Each call is asked for once, and none before what it waits for is over.
        expect(new Set(driven.effects.flatMap((e) => ('id' in e ? [e.id] : []))).size).toBe(driven.effects.length - 1);
        let again = script('s').begin(begin);
        const told: Effect[] = [...again.effects];
        for (const event of driven.events) {
          again = script('s').on(again.state, event);
          told.push(...again.effects);
        }
        expect(told).toEqual(driven.effects);
      }),
    );
  });

  it('does not call again for items that an earlier subgoal, which failed, had results of (script.4)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.nat(100)),
        (list, parallel, coins, picks) => {
          const steps: ScriptStepInput[] = [
            { id: 'each', do: 'x', with: { n: '$item' }, each: { of: '$list', parallel } },
            { id: 'after', do: 'y', with: { all: '$each' } },
          ];
          const known = list.map((n, item) => ({ n, item, isKnown: coins.next().value }));
          const earlier = Object.fromEntries(
            known.flatMap(({ n, item, isKnown }) =>
              isKnown
                ? [[callKey('each', item, { skill: 'x', args: { n } }), output({ n }, ['earlier'])] as const]
                : [],
            ),
          );
          const pick = (waiting: readonly Answerable[]): number => picks.next().value % waiting.length;
          const driven = run({ ...opened(steps, { list: output(list) }), earlier }, echo, { pick });
          const again = known.filter(({ isKnown }) => !isKnown);
          const called = driven.calls
            .filter(({ action }) => action.skill === 'x')
            .map(({ action }) => action.args['n']);
          expect([...called].sort()).toEqual(again.map(({ n }) => n).sort());
          expect(left(driven)['each']!.value).toEqual(list.map((n) => ({ n })));
          expect(left(driven)['each']!.taint).toEqual(again.length === known.length ? [] : ['earlier']);
        },
      ),
    );
  });

  it('calls again for an item whose call would be another one now, and checks what it has (script.4, script.7)', () => {
    const steps: ScriptStepInput[] = [
      { id: 'each', do: 'x', with: { n: '$item' }, each: { of: '$list' }, check: [{ expr: 'size(each) == 2' }] },
    ];
    const earlier = {
      [callKey('each', 0, { skill: 'x', args: { n: 1 } })]: output('kept'),
      [callKey('each', 1, { skill: 'x', args: { n: 7 } })]: output('of another call'),
    };
    const begin = { ...opened(steps, { list: output([1, 2]) }), earlier };
    const driven = run(begin, echo);
    expect(driven.calls.map(({ action }) => action.args)).toEqual([{ n: 2 }]);
    expect(left(driven)['each']!.value).toEqual(['kept', { n: 2 }]);
    const whole = { ...earlier, [callKey('each', 1, { skill: 'x', args: { n: 2 } })]: output('kept too') };
    const failed = run({ ...begin, earlier: whole }, echo, { violations: [['no good']] });
    expect(failed.calls).toEqual([]);
    expect(failed.finish).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no good') as string });
  });
});
