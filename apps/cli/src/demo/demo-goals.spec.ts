import type { WorldInfo } from '@praxis/core';
import { demoHalves, requestIdOf, toGoal, type DemoGoal } from './demo-goals.js';

const world = (name: string, scenarios: readonly string[]): WorldInfo => ({
  name,
  version: '1',
  summary: '',
  domain: name,
  skills: [],
  offers: { snapshots: true, clones: true, legal: true },
  scenarios: scenarios.map((s) => ({ name: s, title: s, condition: '(p)' })),
});
const WORLDS = [world('household', ['dishes-a', 'dishes-b', 'other']), world('warehouse', ['rush-b', 'rush-a'])];
const names = (goals: readonly { readonly scenario: string }[]): readonly string[] => goals.map((g) => g.scenario);

describe('demoHalves', () => {
  it('takes the scenarios in -a first and those in -b second, and no others', () => {
    expect(demoHalves(WORLDS, false).map(names)).toEqual([
      ['dishes-a', 'rush-a'],
      ['dishes-b', 'rush-b'],
    ]);
    expect(demoHalves(WORLDS, true).map(names)).toEqual([
      ['dishes-b', 'rush-b'],
      ['dishes-a', 'rush-a'],
    ]);
  });

  it('says so where the worlds have no such scenarios', () => {
    expect(() => demoHalves([world('mine', ['x'])], false)).toThrow(/no worlds with demo scenarios/);
  });
});

describe('toGoal', () => {
  const demo = {
    space: 's',
    seed: '7',
    strategy: 'react',
    isSwapped: false,
    archive: false,
    folder: '/out',
    phase: 'first' as const,
    runs: [],
  };

  it('passes the seed, the space and whether to learn', () => {
    expect(toGoal(demoHalves(WORLDS, false)[0][0]!, demo, 1)).toMatchObject({
      world: 'household',
      scenario: 'dishes-a',
      seed: '7',
      strategy: 'react',
      archive: { space: 's', use: false, learn: false },
    });
  });
});

describe('requestIdOf', () => {
  const [goal, other] = demoHalves(WORLDS, false)[0] as [never, never];

  it('is the same after a restart, and differs by goal, seed and space (run-demo.1)', () => {
    const id = (of: DemoGoal, space: string, seed: string, strategy = 'search'): string =>
      requestIdOf(of, { space, seed, strategy });
    const ids = [
      id(goal, 's', '1'),
      id(goal, 's', '1'),
      id(other, 's', '1'),
      id(goal, 's', '2'),
      id(goal, 't', '1'),
      id(goal, 's', '1', 'react'),
    ];
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(5);
  });
});
