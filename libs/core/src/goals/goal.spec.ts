import { goalSchema } from './goal.js';

const problems = (input: unknown): string[] =>
  goalSchema.safeParse(input).error?.issues.map((i) => i.path.join('.')) ?? [];

const UNLIMITED = { calls: null, tokens: null, money: null, risk: null, wallMs: null, whenSpent: 'ask' };

describe('goalSchema', () => {
  it('needs a title, and knows the rest', () => {
    expect(goalSchema.parse({ title: 'breakfast', world: 'household' })).toEqual({
      title: 'breakfast',
      world: 'household',
      scenario: '',
      problem: null,
      condition: '',
      seed: '1',
      strategy: 'search',
      budget: { steps: 500, replans: 12, evaluated: 1_000_000, ...UNLIMITED },
      archive: { space: 'default', use: true, learn: true },
      deadlineMs: null,
      tenant: '',
      approvals: [],
      undoes: null,
      request: '',
      inputs: {},
      checks: {},
      playbook: null,
      result: null,
      models: {},
      labels: {},
    });
  });

  it('fills in what is left out of the budget and the archive', () => {
    const goal = goalSchema.parse({ title: 'x', world: 'w', budget: { replans: 0 }, archive: { learn: false } });
    expect(goal.budget).toEqual({ steps: 500, replans: 0, evaluated: 1_000_000, ...UNLIMITED });
    expect(goal.archive).toEqual({ space: 'default', use: true, learn: false });
  });

  it.each([
    [{}, ['title']],
    [{ title: '', world: 'w' }, ['title']],
    [{ title: 'x'.repeat(501), world: 'w' }, ['title']],
    [{ title: 'x', world: '' }, ['world']],
    [{ title: 'x', world: 'w', budget: { steps: 0 } }, ['budget.steps']],
    [{ title: 'x', world: 'w', budget: { replans: -1 } }, ['budget.replans']],
    [{ title: 'x', world: 'w', budget: { evaluated: 1.5 } }, ['budget.evaluated']],
    [{ title: 'x', world: 'w', seed: '' }, ['seed']],
    [{ title: 'x', world: 'w', archive: { space: '' } }, ['archive.space']],
    [{ title: 'x', world: 'w', problem: { domain: 'd' } }, ['problem.problem']],
    [{ title: 'x', world: 'w', problem: { domain: '', problem: 'p' } }, ['problem.domain']],
    [{ title: 'x', world: 'w', labels: { team: 1 } }, ['labels.team']],
  ])('refuses %j and says where', (input, where) => expect(problems(input)).toEqual(where));
});
