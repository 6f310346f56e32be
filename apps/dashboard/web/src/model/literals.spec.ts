import { conditionLine, factsLine, readLiterals, subgoalLine, wantedWords } from './literals.js';

describe('a condition for people', () => {
  it('leaves named checks out, which are told in words of their own', () => {
    expect(factsLine('(and (check done-1) (on plate table) (check done-2))')).toBe('on plate table');
    expect(factsLine('(check done-1)')).toBe('');
  });

  it('loses its brackets where it is a conjunction of literals', () => {
    expect(conditionLine('(and (on plate table) (not (open door1)))')).toBe('on plate table · not open door1');
    expect(conditionLine('(clean cup)')).toBe('clean cup');
  });

  it('counts what the planner left out of a title', () => {
    expect(conditionLine('(at mona galley) (free mona) and 3 more')).toBe('at mona galley · free mona · +3');
  });

  it('names a subgoal by what the goal asks for, and by its own title where it has one', () => {
    const wanted = wantedWords('(and (cooked bun) (clean cup))');
    const post = '(and (at robby hall) (free robby) (open stove) (cooked bun))';
    expect(subgoalLine({ title: '(at robby hall) (free robby) and 2 more', post }, wanted)).toBe(
      'cooked bun · at robby hall · free robby · +1',
    );
    expect(subgoalLine({ title: 'Bake the bun', post }, wanted)).toBe('Bake the bun');
  });

  it('is left as it is where it is anything else', () => {
    for (const text of ['(or (a) (b))', '(forall (?x) (clean ?x))', 'Bake the bun', '(and (a', ''])
      expect(conditionLine(text)).toBe(text);
    expect(readLiterals('Lay the table (soon)')).toBeNull();
  });
});
