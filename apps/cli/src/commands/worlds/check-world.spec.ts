import { GOAL_LAW, type LawResult } from '@praxis/environments';
import { checkSummary } from './check-world.js';

describe('checkSummary', () => {
  const kept: LawResult = { law: 'a', outcome: 'holds', detail: '' };
  const broken: LawResult = { law: 'b', outcome: 'broken', detail: 'why' };
  const absent: LawResult = { law: 'c', outcome: 'absent', detail: 'why', lacks: 'legal' };
  const unseen: LawResult = { law: 'd', outcome: 'not-shown', detail: 'why' };
  const reached: LawResult = { ...kept, law: GOAL_LAW };

  it('counts neither what a world does not have nor what could not be shown among the laws that hold', () => {
    expect(checkSummary([kept, reached])).toBe('2 laws hold, and none is broken. The goal was reached.');
    expect(checkSummary([kept, reached, absent, unseen, unseen])).toBe(
      '2 laws hold, and none is broken. 1 law about parts that this world does not have. 2 laws could not be shown; the reasons are above. The goal was reached.',
    );
    expect(checkSummary([kept, broken, reached])).toBe('1 law broken; 2 laws hold. The goal was reached.');
  });

  it('never leaves a goal that is not reached unsaid', () => {
    expect(checkSummary([kept, { ...unseen, law: GOAL_LAW }])).toMatch(/That the goal can be reached is not shown\.$/);
    expect(checkSummary([kept])).toMatch(/That the goal can be reached is not shown\.$/);
    expect(checkSummary([kept, { ...broken, law: GOAL_LAW }])).toMatch(/The goal was not reached\.$/);
  });
});
