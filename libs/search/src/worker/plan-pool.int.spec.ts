import { PlanPool } from './plan-pool.js';

const domain = `(define (domain bits) (:requirements :strips :typing) (:types bit)
  (:predicates (on ?b - bit) (off ?b - bit) (never))
  (:action set :parameters (?b - bit) :precondition (off ?b) :effect (and (on ?b) (not (off ?b))))
  (:action clear :parameters (?b - bit) :precondition (on ?b) :effect (and (off ?b) (not (on ?b))))
  (:action end :parameters (?a ?b - bit) :precondition (and (on ?a) (off ?a)) :effect (never)))`;
const problem = (bits: number, goal: string): string => {
  const names = Array.from({ length: bits }, (_, i) => `b${i}`);
  return `(define (problem p) (:domain bits) (:objects ${names.join(' ')} - bit) (:init ${names.map((b) => `(off ${b})`).join(' ')}) (:goal ${goal}))`;
};
const easy = { domain, problem: problem(3, '(and (on b0) (on b2))') };
/** Far more states than can be looked at. */
const endless = { domain, problem: problem(60, '(never)'), config: { heuristics: ['blind'] as const }, budget: { evaluated: 1_000_000_000 } };

describe('PlanPool', () => {
  const pool = new PlanPool({ workers: 2, memoryMb: 256 });
  afterAll(() => pool.close());

  it('plans many problems over few threads', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => pool.plan(easy)));
    for (const result of results) expect(result).toMatchObject({ kind: 'solved', cost: 2 });
  });

  it('answers cancelled soon after the signal, also for what still waits, and goes on (P2)', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const running = [1, 2, 3].map(() => pool.plan(endless, { signal: stop.signal, progress: (stats) => seen.push(stats.evaluated) || (seen.length === 3 && stop.abort()) }));
    for (const result of await Promise.all(running)) expect(result.kind).toBe('cancelled');
    expect((await pool.plan(easy)).kind).toBe('solved');
  });

  it('ends a search whose tables have grown too large, and goes on (P3)', async () => {
    expect(await pool.plan(endless)).toMatchObject({ kind: 'spent', budget: 'memory' });
    expect((await pool.plan(easy)).kind).toBe('solved');
  });

  it('rejects bad PDDL with where it is', async () => {
    await expect(pool.plan({ domain: '(define', problem: '' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('takes nothing on after it was closed (P4)', async () => {
    const closed = new PlanPool();
    await closed.close();
    expect((await closed.plan(easy)).kind).toBe('cancelled');
  });
});
