import { actionText, type Action } from '@praxis/core';
import * as fc from 'fast-check';
import { narrowActions, type Turn } from './legal-actions.js';

const act = (skill: string, ...args: readonly string[]): Action => ({
  skill,
  args: Object.fromEntries(args.map((a, i) => [`a${i}`, a])),
});
const turn = (more: Partial<Turn> = {}): Turn => ({
  owner: 'ann',
  agents: ['ann', 'bob'],
  condition: '(on cup table)',
  suggested: [],
  ...more,
});
const narrowed = (legal: readonly Action[], more: Partial<Turn> = {}): readonly string[] =>
  narrowActions(legal, turn(more)).shown.map(actionText);

describe('the actions that a model is shown', () => {
  it("are the actor's own, a hand-over to another agent among them, and never another agent's (legal-actions.1)", () => {
    const legal = [
      act('move', 'ann', 'hall'),
      act('move', 'bob', 'hall'),
      act('hand-over', 'ann', 'bob', 'cup'),
      act('ring'),
    ];
    expect(narrowed(legal)).toEqual(['(hand-over ann bob cup)', '(move ann hall)', '(ring)']);
    expect(narrowed(legal, { owner: null })).toHaveLength(4);
    expect(narrowed(legal, { owner: 'bob' })).toEqual(['(move bob hall)', '(ring)']);
  });

  it('never hide a skill behind another one, say what is cut, and let it be chosen (legal-actions.2, legal-actions.3)', () => {
    const takes = Array.from({ length: 299 }, (_, i) => act('take', 'ann', `cup`, `shelf${i}`));
    const legal = [...takes, act('drive', 'ann', 'a', 'b'), act('drive', 'ann', 'a', 'c')];
    const { shown, own, notes } = narrowActions(legal, turn());
    expect(shown).toHaveLength(150);
    expect(shown.map(actionText)).toEqual(expect.arrayContaining(['(drive ann a b)', '(drive ann a c)']));
    expect(own).toHaveLength(301);
    expect(notes).toEqual([expect.stringMatching(/150 of 301 .*not shown are 151 of take/)]);
  });

  it('keep a share for every skill, however many there are of each', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(counts, (sizes) => {
        const legal = sizes.flatMap((size, s) =>
          Array.from({ length: size }, (_, i) => act(`skill${s}`, 'ann', `thing${i}`)),
        );
        const { shown, own, notes } = narrowActions(legal, turn());
        expect(own).toHaveLength(legal.length);
        expect(shown).toHaveLength(Math.min(150, legal.length));
        expect(notes).toHaveLength(shown.length < own.length ? 1 : 0);
        expect(new Set(shown.map((a) => a.skill)).size).toBe(sizes.length);
      }),
      { numRuns: 40 },
    );
  });

  it('begin with those of the plan, then those about what the subgoal is about', () => {
    const legal = [
      act('wait', 'ann'),
      act('take', 'ann', 'book'),
      act('take', 'ann', 'cup'),
      act('move', 'ann', 'kitchen'),
    ];
    expect(narrowed(legal, { suggested: [act('move', 'ann', 'kitchen')] })).toEqual([
      '(move ann kitchen)',
      '(take ann cup)',
      '(wait ann)',
      '(take ann book)',
    ]);
  });

  it('are all of them legal, and not more than a model can read, the planned one among them', () => {
    const legal = Array.from({ length: 1_000 }, (_, i) => act('look', 'ann', `thing${i}`));
    const shown = narrowed(legal, { suggested: [act('look', 'ann', 'thing999'), act('fly', 'ann')] });
    expect(shown).toHaveLength(150);
    expect(shown[0]).toBe('(look ann thing999)');
    expect(shown).not.toContain('(fly ann)');
  });
});
