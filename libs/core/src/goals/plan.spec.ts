import * as fc from 'fast-check';
import { dependents, diffPlans, orderNodes, validatePlan, type Plan, type PlanFrame, type PlanNode } from './plan.js';

const node = (id: string, after: readonly string[] = [], more: Partial<PlanNode> = {}): PlanNode => ({
  id,
  title: id,
  pre: [],
  post: `(done ${id})`,
  after: [...after],
  owner: null,
  lane: 'default',
  steps: [],
  cost: 1,
  ...more,
});
const plan = (...nodes: readonly PlanNode[]): Plan => ({ version: 1, nodes: [...nodes] });
const frame = (more: Partial<PlanFrame> = {}): PlanFrame => ({
  agents: ['robby'],
  skills: ['move'],
  goal: [],
  holding: [],
  ...more,
});

/** Nodes that wait only for nodes with a smaller number, in any order. */
const graph: fc.Arbitrary<readonly PlanNode[]> = fc
  .integer({ min: 0, max: 9 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, i) => fc.subarray(Array.from({ length: i }, (_, k) => `1.${k + 1}`))),
    ),
  )
  .chain((afters) =>
    fc.shuffledSubarray(
      afters.map((after, i) => node(`1.${i + 1}`, after)),
      { minLength: afters.length },
    ),
  );

describe('validatePlan', () => {
  it('finds nothing wrong with a sound plan, and nothing with an empty one', () => {
    const sound = plan(
      node('1.1', [], { owner: 'robby', steps: [{ skill: 'move', args: {} }] }),
      node('1.2', ['1.1'], { post: '(and (lit lamp) (open door))' }),
    );
    expect(validatePlan(sound, frame({ goal: ['(open door)', '(dry cat)'], holding: ['(dry cat)'] }))).toEqual([]);
    expect(validatePlan(plan(), frame())).toEqual([]);
  });

  it.each([
    ['a node that stands twice', plan(node('1.1'), node('1.1')), {}, 'subgoal 1 "1.1" stands twice'],
    [
      'an owner who is no agent',
      plan(node('1.1', [], { owner: 'ruby' })),
      {},
      'subgoal 1 "1.1" is owned by ruby, who is not an agent here',
    ],
    [
      'a skill that nobody has',
      plan(node('1.1', [], { steps: [{ skill: 'fly', args: {} }] })),
      {},
      'subgoal 1 "1.1" uses fly, which no executor has',
    ],
    [
      'a node that waits for nothing there is',
      plan(node('1.1', ['1.7'])),
      {},
      'subgoal 1 "1.1" waits for 1.7, which is not in the plan',
    ],
    ['a circle', plan(node('1.1', ['1.2']), node('1.2', ['1.1'])), {}, 'the subgoals wait for each other in a circle'],
    ['a node that waits for itself', plan(node('1.1', ['1.1'])), {}, 'the subgoals wait for each other in a circle'],
    [
      'a goal that is left out',
      plan(node('1.1')),
      { goal: ['(open door)'] },
      'no subgoal brings about (open door) of the goal',
    ],
  ])('names %s', (_what, wrong, more, sentence) => {
    expect(validatePlan(wrong, frame(more))).toContain(sentence);
  });

  it('says everything that is wrong, not only the first', () => {
    const wrong = plan(node('1.1', [], { owner: 'ruby', steps: [{ skill: 'fly', args: {} }] }), node('1.2', ['1.3']));
    expect(validatePlan(wrong, frame({ goal: ['(open door)'] }))).toHaveLength(4);
  });
});

describe('orderNodes', () => {
  it('puts each node after all that it waits for, and forgets none', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const order = orderNodes(nodes)!;
        expect(order.map((n) => n.id).sort()).toEqual(nodes.map((n) => n.id).sort());
        for (const [i, n] of order.entries())
          for (const id of n.after) expect(order.findIndex((m) => m.id === id)).toBeLessThan(i);
      }),
    );
  });

  it('gives null for a circle', () => {
    expect(orderNodes([node('1.1', ['1.3']), node('1.2', ['1.1']), node('1.3', ['1.2'])])).toBeNull();
  });
});

describe('dependents', () => {
  it('are the roots and whatever waits for one of them, however far, whatever the order of the list', () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 9 }), (nodes, number) => {
        const found = dependents(nodes, [`1.${number}`]);
        const waits = (id: string): boolean =>
          id === `1.${number}` || (nodes.find((n) => n.id === id)?.after ?? []).some(waits);
        for (const { id } of nodes) expect(found.has(id)).toBe(waits(id));
      }),
    );
  });
});

describe('diffPlans', () => {
  it('tells by id what stays, comes and goes', () => {
    const before = plan(node('1.1'), node('1.2'));
    const after = plan(node('1.2'), node('2.1'));
    expect(diffPlans(before, after)).toEqual({ kept: ['1.2'], added: ['2.1'], dropped: ['1.1'] });
    expect(diffPlans(null, before)).toEqual({ kept: [], added: ['1.1', '1.2'], dropped: [] });
  });
});

describe('a plan of ten thousand subgoals', () => {
  const COUNT = 10_000;
  const shapes: readonly [string, (i: number) => readonly number[]][] = [
    ['one chain', (i) => (i === 0 ? [] : [i - 1])],
    ['no order at all', () => []],
    ['two chains that meet', (i) => (i < 2 ? [] : i === COUNT - 1 ? [i - 1, i - 2] : [i - 2])],
    [
      'a fan and its join',
      (i) => (i === 0 ? [] : i === COUNT - 1 ? Array.from({ length: COUNT - 2 }, (_, k) => k + 1) : [0]),
    ],
  ];

  it.each(shapes)(
    'is ordered, and what waits for a node is found, in time linear in nodes and edges: %s',
    (_name, after) => {
      let reads = 0;
      const counted = (id: string, waits: readonly string[]): PlanNode =>
        new Proxy(node(id, waits), { get: (target, key) => (reads++, Reflect.get(target, key) as unknown) });
      const edges = Array.from({ length: COUNT }, (_, i) => after(i));
      // Backwards, which is the worst order in which to look for what is ready.
      const nodes = edges
        .map((waits, i) =>
          counted(
            `1.${i + 1}`,
            waits.map((k) => `1.${k + 1}`),
          ),
        )
        .reverse();
      const size = COUNT + edges.flat().length;
      const order = orderNodes(nodes)!;
      expect(order).toHaveLength(COUNT);
      expect(dependents(nodes, ['1.1']).size).toBeGreaterThan(0);
      expect(dependents(nodes, []).size).toBe(0);
      expect(reads).toBeLessThan(20 * size);
    },
  );
});
