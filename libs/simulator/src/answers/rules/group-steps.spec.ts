import * as fc from 'fast-check';
import type { Literal } from '@praxis/core';
import type { ExplainedPlan, ExplainedStep } from '@praxis/search';
import { groupSteps, type StepGroup } from './group-steps.js';

/** A step of an agent that needs and makes facts named by numbers. */
const step = (agent: string, needs: readonly number[], makes: number): ExplainedStep => ({
  action: 'do',
  args: [agent],
  needs: needs.map((n) => `(f ${n})` as Literal),
  makes: [`(f ${makes})` as Literal],
  expects: { added: [`(f ${makes})`], removed: [], numbers: {} },
  numbers: [],
  isConditional: false,
  cost: 1,
});
const planOf = (steps: readonly ExplainedStep[]): ExplainedPlan => ({
  steps,
  goal: [],
  final: { facts: [], numbers: {} },
});

/** All groups that must be over before one is begun. */
function before(groups: readonly StepGroup[], g: number): ReadonlySet<number> {
  return new Set(groups[g]!.after.flatMap((d) => [d, ...before(groups, d)]));
}

describe('groupSteps', () => {
  it('puts a group behind one that began later, where it comes to wait for that one (group-steps.4)', () => {
    const groups = groupSteps(planOf([step('ann', [], 1), step('bob', [], 2), step('ann', [2], 3)]), ['ann', 'bob']);
    expect(groups.map(({ owner, steps, after }) => ({ owner, steps, after }))).toEqual([
      { owner: 'bob', steps: [1], after: [] },
      { owner: 'ann', steps: [0, 2], after: [0] },
    ]);
  });

  // group-steps.1–2, group-steps.4
  it('has every step in one group, groups only wait for earlier ones, and what relies on something comes after it', () => {
    const steps = fc.array(
      fc.record({ agent: fc.constantFrom('ann', 'bob', 'cid'), needs: fc.array(fc.nat(30), { maxLength: 3 }) }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, (rows) => {
        const plan = planOf(
          rows.map(({ agent, needs }, i) =>
            step(
              agent,
              needs.filter((n) => n < i),
              i,
            ),
          ),
        );
        const groups = groupSteps(plan, ['ann', 'bob', 'cid']);
        expect(groups.flatMap((g) => g.steps).sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
        for (const [g, { after, steps: own }] of groups.entries()) {
          expect(after.every((d) => d < g)).toBe(true);
          const done = new Set([...before(groups, g)].flatMap((d) => groups[d]!.steps));
          for (const i of own)
            for (const need of rows[i]!.needs.filter((n) => n < i))
              expect(done.has(need) || (own.includes(need) && need < i)).toBe(true);
        }
      }),
    );
  });
});
