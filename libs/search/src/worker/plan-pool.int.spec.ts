import type { PlanRequest, SearchResult } from '../request.js';
import { PlanPool } from './plan-pool.js';
import { ThreadPool } from './thread-pool.js';

const LAMP =
  '(define (domain lamp) (:predicates (lit ?x) (broken ?x)) (:action light :parameters (?x) :precondition (not (broken ?x)) :effect (lit ?x)))';
const EASY: PlanRequest = {
  domain: LAMP,
  problem: '(define (problem one) (:domain lamp) (:objects a) (:init) (:goal (lit a)))',
};

/** A puzzle without solution and with more states than any test waits for: counters that never meet the goal. */
function endless(bits: number): PlanRequest {
  const names = Array.from({ length: bits }, (_, i) => `b${i}`).join(' ');
  const domain = `(define (domain switches) (:predicates (up ?x) (never) (odd))
    (:action raise :parameters (?x) :precondition (not (up ?x)) :effect (and (up ?x) (when (odd) (not (odd))) (when (not (odd)) (odd))))
    (:action lower :parameters (?x) :precondition (up ?x) :effect (and (not (up ?x)) (when (odd) (not (odd))) (when (not (odd)) (odd))))
    (:action win :parameters () :precondition (and (odd) (forall (?x) (up ?x))) :effect (never)))`;
  return {
    domain,
    problem: `(define (problem p) (:domain switches) (:objects ${names}) (:init) (:goal (never)))`,
    config: { engine: 'astar', heuristics: ['blind'] },
    budget: { evaluated: 1e9, expanded: 1e9 },
  };
}

describe('PlanPool', () => {
  let pool: PlanPool;
  beforeEach(() => {
    pool = new PlanPool({ workers: 2 });
  });
  afterEach(() => pool.close());

  it('plans in a thread, more requests than threads (plan-pool.1)', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => pool.plan(EASY)));
    for (const result of results)
      expect(result).toMatchObject({ kind: 'solved', cost: 1, steps: [{ action: 'light', args: ['a'] }] });
  });

  it('rejects bad PDDL with line and column, and goes on', async () => {
    await expect(pool.plan({ ...EASY, domain: LAMP.replace('(lit ?x)))', '(lti ?x)))') })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/domain:1:\d+/),
    });
    expect((await pool.plan(EASY)).kind).toBe('solved');
  });

  // plan-pool.2, threads.4
  it('answers cancelled when the caller gives up, whether the search runs or waits', async () => {
    const stop = new AbortController();
    const running = [
      pool.plan(endless(26), { signal: stop.signal }),
      pool.plan(endless(26), { signal: stop.signal }),
      pool.plan(EASY, { signal: stop.signal }),
    ];
    setTimeout(() => stop.abort(), 300);
    for (const result of await Promise.all(running)) expect(result.kind).toBe('cancelled');
    expect((await pool.plan(EASY)).kind).toBe('solved');
  });

  it('tells how far a search has come', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const result = await pool.plan(endless(26), {
      signal: stop.signal,
      progress: (stats) => (seen.push(stats.evaluated), seen.length === 3 && stop.abort()),
    });
    expect(result.kind).toBe('cancelled');
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });

  it('answers spent when the memory is used up (plan-pool.3)', async () => {
    const result = await pool.plan({ ...endless(26), budget: { memory: 5_000_000, evaluated: 1e9 } });
    expect(result).toMatchObject({ kind: 'spent', budget: 'memory' });
  });

  // plan-pool.4, threads.6
  it('answers cancelled to what is left when it is closed, and takes nothing on after', async () => {
    const running = pool.plan(endless(26));
    await pool.close();
    expect((await running).kind).toBe('cancelled');
    expect((await pool.plan(EASY)).kind).toBe('cancelled');
  });

  it('lets nobody starve: endless searches of some runs, asleep or awake, do not keep those of others from ending (threads.1, threads.2)', async () => {
    const stop = new AbortController();
    const endlessOnes = ['one', 'one', 'one', 'two', 'three'].map((turn) =>
      pool.plan({ ...endless(26), turn }, { signal: stop.signal }),
    );
    // Everything that is endless is under way, or would be if it were let, before the others come.
    await pool.plan({ ...EASY, turn: 'four' });
    const others = await Promise.all(Array.from({ length: 4 }, (_, i) => pool.plan({ ...EASY, turn: `other ${i}` })));
    for (const result of others) expect(result.kind).toBe('solved');
    stop.abort();
    for (const result of await Promise.all(endlessOnes)) expect(result.kind).toBe('cancelled');
  });

  it('gives every run its turn, so that all of them get on (turns.2)', async () => {
    const stop = new AbortController();
    const seen = new Map<string, number>();
    const turns = ['a', 'a', 'b', 'c', 'd'];
    const enough = (turn: string, evaluated: number): void => {
      seen.set(turn, evaluated);
      if (seen.size === 4 && [...seen.values()].every((count) => count > 20_000)) stop.abort();
    };
    const results = await Promise.all(
      turns.map((turn) =>
        pool.plan(
          { ...endless(26), turn },
          { signal: stop.signal, progress: (stats) => enough(turn, stats.evaluated) },
        ),
      ),
    );
    expect(results.map((r) => r.kind)).toEqual(turns.map(() => 'cancelled'));
    expect([...seen.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('begins a search anew where together they would hold too much, and answers both in the end (threads.3)', async () => {
    const threads = new ThreadPool({ seats: 2, memoryMb: 20 });
    try {
      // One alone stays within what all may hold together; the second one's first tables are too much beside it.
      const request = { ...endless(40), budget: { memory: 39_000_000, evaluated: 1e9, expanded: 1e9 } };
      const ends = await Promise.all(['a', 'b'].map((turn) => threads.run({ kind: 'search', request }, { turn })));
      const alone = await pool.plan(request);
      const untimed = (result: SearchResult) => ({ ...result, stats: { ...result.stats, milliseconds: 0 } });
      for (const end of ends)
        expect(untimed(end.kind === 'result' ? (end.result as SearchResult) : alone)).toEqual(untimed(alone));
      for (const end of ends) expect(end.kind).toBe('result');
      expect(threads.putBacks).toBeGreaterThan(0);
    } finally {
      await threads.close();
    }
  });
});
