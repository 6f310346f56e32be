import { checkSummary } from './check-world.js';

describe('checkSummary', () => {
  const [kept, broken, skipped] = [
    { law: 'a', ok: true, detail: '' },
    { law: 'b', ok: false, detail: 'why' },
    { law: 'c', ok: true, detail: 'why', skipped: true },
  ];

  it('does not count laws that could not be checked among those that hold', () => {
    expect(checkSummary([kept, kept])).toBe('All 2 laws hold.');
    expect(checkSummary([kept, kept, skipped])).toBe(
      'All 2 checked laws hold. 1 law could not be checked in this world; the reasons are above.',
    );
    expect(checkSummary([kept, broken, skipped, skipped])).toBe(
      '1 of 2 checked laws broken. 2 laws could not be checked in this world; the reasons are above.',
    );
  });
});
