import { Evaluator } from './evaluator.js';
import type { ProblemTexts } from './operations.js';

const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** A chain of rooms; `?a` may go on to the next one. */
function rooms(count: number): ProblemTexts {
  return {
    domain:
      '(define (domain rooms) (:predicates (at ?x) (next ?x ?y)) (:action go :parameters (?x ?y) :precondition (and (at ?x) (next ?x ?y)) :effect (and (at ?y) (not (at ?x)))))',
    problem: `(define (problem p) (:domain rooms) (:objects ${each(count, (i) => `r${i}`)}) (:init (at r0) ${each(count - 1, (i) => `(next r${i} r${i + 1})`)}) (:goal (at r${count - 1})))`,
  };
}

/** `?v0 … ?v7` over sixty objects: 10^14 ways to choose. */
const HEAVY = `(forall (${each(8, (i) => `?v${i}`)}) (or (at ?v7) (not (at ?v7)) (next ?v0 ?v1)))`;
const ENDLESS = `(exists (${each(8, (i) => `?v${i}`)}) (not (or (at ?v0) (not (at ?v0)) ${each(7, (i) => `(at ?v${i + 1})`)})))`;

describe('Evaluator', () => {
  let evaluator: Evaluator;
  beforeEach(() => {
    evaluator = new Evaluator({ threads: 1, steps: 3_000_000 });
  });
  afterEach(() => evaluator.close());

  it('answers small questions at once, without a thread (evaluator.1)', async () => {
    const problem = rooms(5);
    const state = await evaluator.ask('initial', problem, []);
    expect(await evaluator.ask('legal', problem, [state, {}])).toEqual([{ action: 'go', args: ['r0', 'r1'] }]);
    expect(await evaluator.ask('holds', problem, ['(at r0)', state])).toBe(true);
    expect(await evaluator.ask('call', problem, ['go', { x: 'r0', y: 'r1' }])).toEqual({
      ok: true,
      args: ['r0', 'r1'],
    });
    expect(await evaluator.ask('call', problem, ['go', { x: 'r9', y: 'r2' }])).toMatchObject({
      ok: false,
      message: expect.stringContaining('must be the name of an object'),
    });
    expect((await evaluator.ask('attempt', problem, ['go', ['r0', 'r1'], state]))?.facts).toContain('(at r1)');
    expect(await evaluator.ask('attempt', problem, ['go', ['r1', 'r2'], state])).toBeNull();
    expect(evaluator.counts).toEqual({ here: 7, inThreads: 0 });
  });

  it('answers the same in a thread, where a problem is large or a question turns out to be (evaluator.1)', async () => {
    const large = rooms(3_000);
    const state = await evaluator.ask('initial', large, []);
    expect(evaluator.counts).toEqual({ here: 0, inThreads: 1 });
    expect(await evaluator.ask('legal', large, [state, {}])).toEqual([{ action: 'go', args: ['r0', 'r1'] }]);
    const narrow = new Evaluator({ threads: 1, stepsHere: 200 });
    const middling = rooms(300);
    const start = await narrow.ask('initial', middling, []);
    const pairs = '(forall (?x ?y) (or (not (next ?x ?y)) (not (next ?y ?x))))';
    expect(await narrow.ask('holds', middling, [pairs, start], { turn: 'a' })).toBe(true);
    expect(narrow.counts).toEqual({ here: 1, inThreads: 1 });
    // Who asked too much is asked elsewhere from then on; who shares the problem is not.
    expect(await narrow.ask('holds', middling, ['(at r0)', start], { turn: 'a' })).toBe(true);
    expect(narrow.counts).toEqual({ here: 1, inThreads: 2 });
    expect(await narrow.ask('holds', middling, ['(at r0)', start], { turn: 'b' })).toBe(true);
    expect(narrow.counts).toEqual({ here: 2, inThreads: 2 });
    const words = await narrow.ask('words', middling, [], { turn: 'a' });
    expect(words.parameters.get('go')).toEqual(['x', 'y']);
    expect(await evaluator.ask('words', rooms(300), [])).toEqual(words);
    await narrow.close();
  });

  it('refuses as invalid what takes too many steps, and goes on (evaluator.2)', async () => {
    const problem = rooms(60);
    const state = await evaluator.ask('initial', problem, []);
    await expect(evaluator.ask('holds', problem, [ENDLESS, state])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('too large to be evaluated'),
    });
    expect(evaluator.counts).toEqual({ here: 1, inThreads: 1 });
    expect(await evaluator.ask('holds', rooms(60), ['(at r0)', state])).toBe(true);
  });

  it('ends with its signal, and lets others have their turn meanwhile (evaluator.3)', async () => {
    const patient = new Evaluator({ threads: 1, steps: 1e15 });
    const stop = new AbortController();
    const problem = rooms(60);
    const state = await patient.ask('initial', problem, []);
    const endless = ['a', 'a', 'b'].map((turn) =>
      patient.ask('holds', problem, [ENDLESS, state], { signal: stop.signal, turn }),
    );
    const other = rooms(3_000);
    expect(await patient.ask('goal', other, [], { turn: 'c' })).toBe('(at r2999)');
    stop.abort();
    for (const one of await Promise.allSettled(endless))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    await patient.close();
  });

  it('says what is wrong with a text as the reader does, wherever it is read', async () => {
    const broken = {
      domain: '(define (domain d) (:predicates (p ?x)) (:action a :parameters () :effect (q)))',
      problem: '(define (problem p) (:domain d) (:init) (:goal (and)))',
    };
    await expect(evaluator.ask('initial', broken, [])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/domain:1:\d+/),
    });
    await expect(
      evaluator.ask('initial', { ...broken, problem: broken.problem + ' '.repeat(40_000) }, []),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/domain:1:\d+/) });
  });

  it('refuses what is beyond the limits, and names the limit', async () => {
    const limits = { text: 1e6, objects: 100, arity: 3, parameters: 4, rules: 10, actions: 5, choices: 1_000 };
    const admit = (problem: ProblemTexts, more = {}): Promise<null> =>
      evaluator.ask('admit', problem, [{ ...limits, ...more }, '']);
    expect(await admit(rooms(50))).toBeNull();
    await expect(admit(rooms(101))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('limit "objects"'),
    });
    await expect(admit(rooms(5), { arity: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('limit "arity"'),
    });
    await expect(admit(rooms(5), { parameters: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('limit "parameters"'),
    });
    const rule = (condition: string): ProblemTexts => ({
      ...rooms(20),
      domain: rooms(20)
        .domain.replace('(:action', `(:predicates) (:derived (far ?x ?y ?z) ${condition}) (:action`)
        .replace('(:predicates (at ?x)', '(:predicates (far ?x ?y ?z) (at ?x)')
        .replace(' (:predicates)', ''),
    });
    await expect(admit(rule('(not (at ?x))'))).rejects.toMatchObject({
      message: expect.stringContaining('limit "choices"'),
    });
    expect(await admit(rule('(and (at ?x) (next ?y ?z))'))).toBeNull();
    await expect(admit(rule('(or (next ?y ?z) (at ?x))'))).rejects.toMatchObject({
      message: expect.stringContaining('limit "choices"'),
    });
  });

  it('keeps quiet about nothing that a quantifier asks', async () => {
    const problem = rooms(4);
    const state = await evaluator.ask('initial', problem, []);
    expect(await evaluator.ask('holds', problem, [HEAVY, state])).toBe(true);
  });
});
