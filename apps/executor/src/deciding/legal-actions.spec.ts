import { actionText, type Action } from '@praxis/core';
import { narrowActions, type Turn } from './legal-actions.js';

const act = (skill: string, ...args: readonly string[]): Action => ({ skill, args: Object.fromEntries(args.map((a, i) => [`a${i}`, a])) });
const turn = (more: Partial<Turn> = {}): Turn => ({ owner: 'ann', agents: ['ann', 'bob'], condition: '(on cup table)', suggested: [], ...more });
const narrowed = (legal: readonly Action[], more: Partial<Turn> = {}): readonly string[] => narrowActions(legal, turn(more)).map(actionText);

describe('the actions that a model is shown', () => {
  it("are never another agent's, though that one only stands in them", () => {
    const legal = [act('move', 'ann', 'hall'), act('move', 'bob', 'hall'), act('hand-over', 'ann', 'bob', 'cup')];
    expect(narrowed(legal)).toEqual(['(move ann hall)']);
    expect(narrowed(legal, { owner: null })).toHaveLength(3);
    expect(narrowed(legal, { owner: 'bob' })).toEqual(['(move bob hall)']);
  });

  it('begin with those of the plan, then those about what the subgoal is about', () => {
    const legal = [act('wait', 'ann'), act('take', 'ann', 'book'), act('take', 'ann', 'cup'), act('move', 'ann', 'kitchen')];
    expect(narrowed(legal, { suggested: [act('move', 'ann', 'kitchen')] })).toEqual(['(move ann kitchen)', '(take ann cup)', '(wait ann)', '(take ann book)']);
  });

  it('are all of them legal, and not more than a model can read, the planned one among them', () => {
    const legal = Array.from({ length: 1_000 }, (_, i) => act('look', 'ann', `thing${i}`));
    const shown = narrowed(legal, { suggested: [act('look', 'ann', 'thing999'), act('fly', 'ann')] });
    expect(shown).toHaveLength(150);
    expect(shown[0]).toBe('(look ann thing999)');
    expect(shown).not.toContain('(fly ann)');
  });
});
