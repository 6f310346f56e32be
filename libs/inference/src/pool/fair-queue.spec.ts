import * as fc from 'fast-check';
import { AGEING_MS, FairQueue } from './fair-queue.js';

const place = (run: string, urgency = 0, deadline: number | null = null) => ({ run, urgency, deadline });

/** Serves all that wait, in order. */
function drain(queue: FairQueue<string>, now = 0): string[] {
  const served: string[] = [];
  while (queue.length > 0) {
    const next = queue.inOrder(now)[0]!;
    queue.serve(next);
    served.push(next.item);
  }
  return served;
}

describe('FairQueue', () => {
  it('serves the urgent first (fair-queue.1)', () => {
    const queue = new FairQueue<string>();
    queue.add('low', place('a', 0), 0);
    queue.add('high', place('b', 1), 0);
    queue.add('middle', place('c', 0.5), 0);
    expect(drain(queue)).toEqual(['high', 'middle', 'low']);
  });

  it('lets runs take turns, however many jobs one of them has (fair-queue.2)', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 4; i++) queue.add(`a${i}`, place('a'), 0);
    queue.add('b0', place('b'), 0);
    queue.add('c0', place('c'), 0);
    queue.add('b1', place('b'), 0);
    expect(drain(queue)).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2', 'a3']);
  });

  it('gives a run that comes late its turn now, and no turns for the time that it was away (fair-queue.2)', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 6; i++) queue.add(`a${i}`, place('a'), 0);
    for (let i = 0; i < 3; i++) queue.serve(queue.inOrder(0)[0]!);
    for (let i = 0; i < 3; i++) queue.add(`b${i}`, place('b'), 0);
    expect(drain(queue)).toEqual(['b0', 'a3', 'b1', 'a4', 'b2', 'a5']);
  });

  it('serves the earliest deadline first among equals (fair-queue.3)', () => {
    const queue = new FairQueue<string>();
    queue.add('none', place('a'), 0);
    queue.add('late', place('b', 0, 900), 0);
    queue.add('soon', place('c', 0, 100), 0);
    expect(drain(queue)).toEqual(['soon', 'late', 'none']);
  });

  it('lets nothing wait for ever behind a flood of urgent jobs (fair-queue.4)', () => {
    const queue = new FairQueue<string>();
    queue.add('patient', place('a', 0), 0);
    let served = '';
    let now = 0;
    for (; served !== 'patient' && now < 10 * AGEING_MS; now += 100) {
      queue.add('urgent', place(`b${now % 500}`, 1), now);
      const next = queue.inOrder(now)[0]!;
      queue.serve(next);
      served = next.item;
      queue.add('urgent', place('b', 1), now);
    }
    expect(served).toBe('patient');
    expect(now).toBeLessThanOrEqual(2 * AGEING_MS + 100);
  });

  it('keeps the round of a job that comes back (fair-queue.4)', () => {
    const queue = new FairQueue<string>();
    const first = queue.add('a0', place('a'), 0);
    queue.serve(first);
    for (let i = 1; i < 3; i++) queue.add(`a${i}`, place('a'), 0);
    queue.add('a0 again', place('a'), 0, first.round);
    expect(drain(queue)).toEqual(['a0 again', 'a1', 'a2']);
  });

  it('serves each job once, and none of a run twice while another waits its turn in the same band', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }), (runs) => {
        const queue = new FairQueue<string>();
        runs.forEach((run, i) => queue.add(`${run}${i}`, place(run), 0));
        const served = drain(queue);
        expect([...served].sort()).toEqual(runs.map((run, i) => `${run}${i}`).sort());
        const turns = new Map<string, number>();
        const left = new Map<string, number>();
        for (const run of runs) left.set(run, (left.get(run) ?? 0) + 1);
        for (const item of served) {
          const run = item[0]!;
          turns.set(run, (turns.get(run) ?? 0) + 1);
          left.set(run, left.get(run)! - 1);
          for (const [other, n] of left)
            if (n > 0) expect(turns.get(run)! - (turns.get(other) ?? 0)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
