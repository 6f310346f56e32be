import { makeAction, makeState, type Plan } from '@praxis/core';
import { candidateLines, doneLine, factLines, failureLine, skillLine, subgoalLines } from './block-lines.js';

describe('lines of blocks', () => {
  it('name things in PDDL first and say the rest after it, so that models and programs read the same', () => {
    expect(
      skillLine({
        name: 'move',
        summary: 'goes',
        parameters: [
          { name: 'who', type: 'agent' },
          { name: 'to', type: 'room' },
        ],
        effect: 'pure',
        keyed: true,
        source: 'builtin',
      }),
    ).toBe('(move ?who - agent ?to - room)  goes');
    expect(
      skillLine({ name: 'wait', summary: '', parameters: [], effect: 'pure', keyed: true, source: 'builtin' }),
    ).toBe('(wait)');
    expect(factLines(makeState(['(at ann hall)'], { '(fuel car)': 3.5 }))).toEqual([
      '(at ann hall)',
      '(= (fuel car) 3.5)',
    ]);
    expect(failureLine({ action: '(take cup)', code: 'not-applicable', facts: ['(wet cup)', '(at ann hall)'] })).toBe(
      '(take cup): not-applicable, while (wet cup) (at ann hall)',
    );
    expect(failureLine({ action: '(wait)', code: 'timeout', facts: [] })).toBe('(wait): timeout');
    expect(
      failureLine({
        action: '(wait)',
        code: 'not-applicable',
        facts: [],
        permanent: true,
        reason: 'denied by ann:\ntoo long',
      }),
    ).toBe('(wait): never again (denied by ann: too long)');
    expect(doneLine(makeAction('take', ['what'], ['cup']), 'it is wet')).toBe('(take cup) -> it is wet');
    expect(candidateLines(['(wait)', 'done'])).toEqual(['1. (wait)', '2. done']);
  });

  it('say of a failure what may have been missing, and that it may be tried again once the facts about it have changed', () => {
    const refused = {
      action: '(put-into plate dishwasher)',
      code: 'not-applicable' as const,
      facts: ['(holding plate)'],
    };
    expect(failureLine({ ...refused, missing: ['(open dishwasher)', '(not (wet plate))'] })).toBe(
      '(put-into plate dishwasher): not-applicable, while (holding plate); may have been missing: (open dishwasher) (not (wet plate))',
    );
    expect(
      failureLine({
        ...refused,
        missing: ['(open dishwasher)'],
        changed: { added: ['(open dishwasher)'], removed: [] },
      }),
    ).toBe(
      '(put-into plate dishwasher): not-applicable, while (holding plate); may have been missing: (open dishwasher); since then: (open dishwasher) became true, so it may be tried again',
    );
    expect(
      failureLine({ ...refused, missing: [], changed: { added: ['(dry plate)'], removed: ['(holding plate)'] } }),
    ).toBe(
      '(put-into plate dishwasher): not-applicable, while (holding plate); since then: (dry plate) became true, (holding plate) became false, so it may be tried again',
    );
  });

  it('say that nothing was true of the objects of a failed action, since a line without facts would forbid it for good', () => {
    const refused = { action: '(switch-on right)', code: 'not-applicable' as const, facts: [] };
    expect(failureLine(refused)).toBe('(switch-on right): not-applicable, while nothing was true of its objects');
    expect(failureLine({ ...refused, changed: { added: ['(plugged right)'], removed: [] } })).toBe(
      '(switch-on right): not-applicable, while nothing was true of its objects; since then: (plugged right) became true, so it may be tried again',
    );
  });

  it("number subgoals as the designer numbers them, also where the plan's ids are of several versions", () => {
    const node = { pre: [], lane: 'default', cost: 1 };
    const plan: Plan = {
      version: 2,
      nodes: [
        {
          ...node,
          id: '1.2',
          title: 'hall',
          post: '(at ann hall)',
          after: ['1.1'],
          owner: 'ann',
          steps: [makeAction('move', ['who', 'to'], ['ann', 'hall'])],
        },
        { ...node, id: '2.1', title: 'attic', post: '(at bob attic)', after: ['1.2'], owner: null, steps: [] },
      ],
    };
    expect(subgoalLines(plan, (id) => (id === '1.2' ? 'done' : ''))).toEqual([
      'kept 1.2. hall; achieves (at ann hall); by ann; after kept 1.1; steps (move ann hall); done',
      '1. attic; achieves (at bob attic); after kept 1.2',
    ]);
  });
});
