import { compare, type Scale, shortfalls, SITUATIONS } from './compare.js';
import { POLICIES } from './policies.js';
import { rowLine, verdict } from './report.js';
import { simulate } from './simulate.js';

const SMALL: Scale = {
  loads: [0.6],
  seeds: ['1'],
  seconds: 60,
  warmUpSeconds: 15,
  situations: SITUATIONS.filter(({ name }) => name === 'a node dies'),
};

describe('the routing benchmark', () => {
  it('gives the same figures for the same setting', async () => {
    const setting = { policy: POLICIES.at(-1)!, seed: 'same', runsPerSecond: 0.5, seconds: 30, warmUpSeconds: 5 };
    const first = await simulate(setting);
    expect(first.calls).toBeGreaterThan(50);
    expect(await simulate(setting)).toEqual(first);
    expect(await simulate({ ...setting, seed: 'other' })).not.toEqual(first);
  });

  it('holds a call that is lost, and every figure that is behind, against ours', async () => {
    const policies = POLICIES.map((policy) => policy.name);
    const figures = { calls: 1, firstP50: 100, firstP99: 500, hitRate: 0.5, goodput: 10, late: 0, lost: 0 };
    const all = (ours: Partial<typeof figures>) => ({
      capacity: { callsPerSecond: 1, runsPerSecond: 1 },
      scale: SMALL,
      rows: policies.map((policy) => ({
        situation: 'calm',
        load: 0.6,
        policy,
        figures: policy === 'praxis' ? { ...figures, ...ours } : figures,
      })),
    });
    expect(shortfalls(all({ firstP50: 101.9, firstP99: 1, goodput: 9.81 }))).toEqual([]);
    expect(shortfalls(all({ firstP50: 103 }))).toHaveLength(1);
    expect(shortfalls(all({ firstP99: 511, goodput: 9.7, lost: 1 }))).toHaveLength(3);
    expect(verdict(all({ lost: 1 }))).toContain('falls short in 1');
  });

  it('finds our pool no worse than any other way to choose, and loses no call to a node that dies', async () => {
    const lines: string[] = [];
    const comparison = await compare(SMALL, (row) => lines.push(rowLine(row)));
    expect(shortfalls(comparison)).toEqual([]);
    expect(lines).toHaveLength(2 * POLICIES.length);
  });
});
