import * as fc from 'fast-check';
import type { Plan, PlanNode } from '@praxis/core';
import { buildTrie, majorityPath, planKeys, type PlanTrie } from './plan-trie.js';

const node = (id: string, post: string, after: readonly string[] = [], owner: string | null = null): PlanNode => ({
  id,
  title: id,
  pre: [],
  post,
  after: [...after],
  owner,
  lane: 'default',
  steps: [],
  cost: 1,
});
const plan = (...nodes: readonly PlanNode[]): Plan => ({ version: 1, nodes: [...nodes] });
const plans = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 }), { minLength: 1, maxLength: 8 });

describe('majorityPath', () => {
  it('goes where most plans go, branch by branch (plan-trie.3)', () => {
    const found = majorityPath(
      buildTrie([
        ['a', 'x'],
        ['b', 'y'],
        ['b', 'z'],
        ['b', 'z', 'w'],
      ]),
    );
    expect(found).toEqual({ keys: ['b', 'z'], plans: [2], votes: [3, 2] });
  });

  it('goes where the earliest plan goes where they are split (plan-trie.3)', () => {
    expect(majorityPath(buildTrie([['a'], ['b']]))!.plans).toEqual([0]);
    expect(majorityPath(buildTrie([['a', 'b'], ['a']]))!.plans).toEqual([0]);
    expect(majorityPath(buildTrie([['a'], ['a', 'b']]))!.plans).toEqual([0]);
  });

  it('finds a plan without any step, and none where there is none', () => {
    expect(majorityPath(buildTrie([[]]))).toEqual({ keys: [], plans: [0], votes: [] });
    expect(majorityPath(buildTrie([]))).toBeNull();
  });

  it('is the path of one of the plans, and counts how many begin like it (plan-trie.1, plan-trie.2)', () => {
    fc.assert(
      fc.property(plans, (samples) => {
        const { keys, plans: found, votes } = majorityPath(buildTrie(samples))!;
        expect(found).toEqual(
          samples.flatMap((s, i) => (s.join() === keys.join() && s.length === keys.length ? [i] : [])),
        );
        expect(found.length).toBeGreaterThan(0);
        expect(votes).toEqual(
          keys.map(
            (_, i) =>
              samples.filter((s) => s.length > i && s.slice(0, i + 1).join() === keys.slice(0, i + 1).join()).length,
          ),
        );
      }),
    );
  });

  it('loses no plan in merging (plan-trie.1)', () => {
    const leaves = (trie: PlanTrie): readonly number[] => [
      ...trie.ends,
      ...[...trie.children.values()].flatMap(leaves),
    ];
    fc.assert(
      fc.property(plans, (samples) =>
        expect([...leaves(buildTrie(samples))].sort()).toEqual(samples.map((_, i) => i).sort()),
      ),
    );
  });
});

describe('planKeys', () => {
  it('does not depend on how a plan was written', () => {
    const one = plan(node('1.1', '(and (a) (b))'), node('1.2', '(c)'), node('1.3', '(d)', ['1.1', '1.2'], 'ann'));
    const other = plan(node('1.7', '(d)', ['1.9', '1.8'], 'ann'), node('1.8', '(c)'), node('1.9', '(and (b) (a))'));
    expect(planKeys(other)).toEqual(planKeys(one));
    expect(planKeys(one).at(-1)).toBe('ann (d)');
  });

  it('tells plans apart that differ in who does what, or in what comes first', () => {
    const base = plan(node('1.1', '(a)', [], 'ann'), node('1.2', '(b)', ['1.1'], 'bob'));
    expect(planKeys(plan(node('1.1', '(a)', [], 'bob'), node('1.2', '(b)', ['1.1'], 'ann')))).not.toEqual(
      planKeys(base),
    );
    expect(planKeys(plan(node('1.1', '(a)', ['1.2'], 'ann'), node('1.2', '(b)', [], 'bob')))).not.toEqual(
      planKeys(base),
    );
  });
});
