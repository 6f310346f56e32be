import { FAULT_POINTS } from '@praxis/core';
import { drawFault, faultText, planOf, PASSED_BY } from './draw-fault.js';
import { drawErrand } from './workload.js';

const faults = Array.from({ length: 3000 }, (_, i) => drawFault('1', i, 2_000));

describe('drawFault', () => {
  it('gives the same fault to the same seed and number, so that a failure comes again', () => {
    expect(drawFault('1', 17, 2_000)).toEqual(drawFault('1', 17, 2_000));
    expect(
      new Set(Array.from({ length: 40 }, (_, i) => faultText(drawFault(String(i), 17, 2_000)))).size,
    ).toBeGreaterThan(20);
  });

  it('comes to every point of every service, and to every kind of fault', () => {
    for (const [victim, points] of Object.entries(PASSED_BY))
      expect(new Set(faults.filter((f) => f.victim === victim).map((f) => f.point))).toEqual(new Set(points));
    expect(new Set(faults.map((f) => f.blow.kind)).size).toBe(7);
  });

  it('leaves out no point that there is', () => {
    expect(new Set(Object.values(PASSED_BY).flat())).toEqual(new Set(Object.keys(FAULT_POINTS)));
  });

  it('lets a process stand still where others do the rest', () => {
    const partition = faults.find((f) => f.blow.kind === 'partition')!;
    expect(planOf(partition, 'x').faults).toMatchObject([
      { point: partition.point, nth: partition.nth, action: 'stop' },
    ]);
  });
});

describe('drawErrand', () => {
  it('gives the same errand to the same seed and number, with things that occur in no other', () => {
    expect(drawErrand('1', 4)).toEqual(drawErrand('1', 4));
    expect([...drawErrand('1', 4).items].some((item) => drawErrand('1', 5).items.has(item))).toBe(false);
  });

  it('wants every kind of effect somewhere, from one clerk and from two', () => {
    const errands = Array.from({ length: 50 }, (_, i) => drawErrand('1', i));
    expect(new Set(errands.flatMap((e) => e.wanted.map((w) => w.deed)))).toEqual(
      new Set(['check', 'stamp', 'bill', 'mail']),
    );
    expect(new Set(errands.map((e) => e.goal.problem!.problem.includes('clerk2')))).toEqual(new Set([true, false]));
  });
});
