import { makeState, readTrajectory, UNBOUNDED, type StepEvent, type Trajectory } from '@praxis/core';
import { parseDomain } from '@praxis/search';
import { applicationsOf, groundLiteral, heldAt, liftedLiterals, type Application } from './application.js';

const domain = parseDomain(`(define (domain house)
  (:types room robot thing - object shelf cup - thing)
  (:predicates (at ?r - robot ?p - room) (in ?t - thing ?s - shelf) (open ?s - shelf) (next ?a ?b - room) (raining))
  (:action take :parameters (?r - robot ?c - cup ?s - shelf) :effect (and))
  (:action move :parameters (?r - robot ?from ?to - room) :effect (and))
  (:action use :parameters (?x) :effect (and)))`);
const literalsOf = (action: string) =>
  liftedLiterals(domain, domain.actions.find((a) => a.name === action)!.parameters);
const both = (...atoms: readonly string[]): string[] => atoms.flatMap((a) => [a, `(not ${a})`]);

describe('liftedLiterals', () => {
  it('says all that the domain can say about the parameters, and nothing that the types forbid', () => {
    expect([...literalsOf('take')].sort()).toEqual(both('(in ?c ?s)', '(open ?s)', '(raining)').sort());
    expect([...literalsOf('move')].sort()).toEqual(
      both('(at ?r ?from)', '(at ?r ?to)', '(next ?from ?to)', '(next ?to ?from)', '(raining)').sort(),
    );
  });

  it('asks of a parameter of a wide type what only some of its objects can be', () => {
    expect(literalsOf('use')).toEqual(expect.arrayContaining(['(open ?x)', '(not (open ?x))']));
  });
});

describe('groundLiteral', () => {
  it('puts objects in the place of parameters by position, and does not take one name for a part of another', () => {
    expect(groundLiteral('(not (next ?f ?from))', ['?from', '?f'], ['hall', 'loft'])).toBe('(not (next loft hall))');
  });
});

describe('applicationsOf', () => {
  const opened: StepEvent = {
    type: 'opened',
    by: 'e',
    strategy: 'search',
    state: { facts: ['(in mug top)'], numbers: {} },
    condition: '',
    owner: null,
    limits: { steps: 9, replans: 9 },
    allowance: UNBOUNDED,
    suggested: [],
    avoid: [],
    domain: 'house',
  };
  const take = { skill: 'take', args: { r: 'robby', c: 'mug', s: 'top' } };
  const no = { ok: false, message: '' } as const;
  const step = (n: number, skill: string, result: Extract<StepEvent, { type: 'observed' }>['result']): StepEvent[] => [
    { type: 'decided', id: `e${n}`, step: n, action: { ...take, skill }, why: '', origin: 'search', taint: [] },
    { type: 'observed', id: `e${n}`, step: n, result, change: { added: [`(step ${n})`], removed: [], numbers: {} } },
  ];

  it('counts what the world did and what it refused; slips and the like say nothing', () => {
    const events: StepEvent[] = [
      opened,
      ...step(0, 'take', { ...no, code: 'not-applicable' }),
      { type: 'checkpointed', id: 'c', snapshot: 'S' },
      ...step(1, 'move', { ok: true, message: '' }),
      ...step(2, 'take', { ...no, code: 'effect-mismatch' }),
      ...step(3, 'take', { ...no, code: 'timeout' }),
      ...step(4, 'take', { ok: true, message: '' }),
    ];
    const found = applicationsOf('take', 'r-1', 'r-1.1.1.1', readTrajectory(events) as Trajectory);
    expect(found.map((a) => [a.step, a.ok, a.snapshot, a.args.join(' '), a.before.facts.length])).toEqual([
      [0, false, 'S', 'robby mug top', 2],
      [4, true, null, 'robby mug top', 5],
    ]);
    expect(found[0]).toMatchObject({ run: 'r-1', subgoal: 'r-1.1.1.1' });
  });
});

describe('heldAt', () => {
  it('looks at the state before the action', () => {
    const application: Application = {
      run: 'r-1',
      subgoal: 's',
      step: 0,
      args: ['mug', 'top'],
      before: makeState(['(in mug top)']),
      ok: true,
      snapshot: null,
    };
    expect(heldAt('(in ?c ?s)', ['?c', '?s'], application)).toBe(true);
    expect(heldAt('(not (open ?s))', ['?c', '?s'], application)).toBe(true);
    expect(heldAt('(in ?s ?c)', ['?c', '?s'], application)).toBe(false);
  });
});
