import { checkPlan, parseDomain, parseProblem, solve } from '@praxis/search';
import { FAMILIES } from './families.js';

describe('puzzle families', () => {
  it.each(FAMILIES.map((f) => [f.name, f] as const))(
    '%s: small problems are solved, and the plans pass the independent check',
    (_, family) => {
      const domain = parseDomain(family.domain);
      for (const size of [1, 2, 3]) {
        const problem = family.problem(size, 'small');
        const result = solve({ domain: family.domain, problem, budget: { evaluated: 20_000 } });
        expect([size, result.kind]).toEqual([size, 'solved']);
        if (result.kind === 'solved')
          expect(checkPlan(domain, parseProblem(problem, domain), result.steps)).toMatchObject({
            valid: true,
            cost: result.cost,
          });
      }
    },
  );

  it('makes the same problem from the same seed, and another from another', () => {
    for (const family of FAMILIES) {
      expect(family.problem(4, 'a')).toBe(family.problem(4, 'a'));
      expect(family.problem(4, 'a')).not.toBe(family.problem(4, 'b'));
    }
  });
});
