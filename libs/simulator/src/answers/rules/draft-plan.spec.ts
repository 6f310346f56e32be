import { draftPlan } from './draft-plan.js';

const blocks = (more: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(
    Object.entries({
      request: 'Remind every customer with an overdue invoice.',
      skills: [
        'remind(customer: string, tone?: string) -> {sent: boolean}  sends a customer a reminder (cannot be undone)',
        'list-overdue(region?: string) -> [{id: string, customer: string}]  lists overdue invoices',
        'files.list() -> {files: [any]}  lists the files',
      ].join('\n'),
      ...more,
    }),
  );

describe('a plan of calls by rules', () => {
  it('calls what the request speaks of, each when what it takes is there', () => {
    expect(draftPlan(blocks({}))).toMatchObject({
      kind: 'plan',
      steps: [
        { id: 'list_overdue', skill: 'list-overdue', args: [] },
        { id: 'remind', each: '$list_overdue', args: [{ name: 'customer', value: '$item.customer' }] },
      ],
    });
  });

  it('leaves out what is done, and takes inputs', () => {
    expect(draftPlan(blocks({ done: '$list_overdue = []' }))).toMatchObject({ steps: [{ id: 'remind' }] });
    const given = draftPlan(blocks({ inputs: '$customer = "ann"' }));
    expect(given).toMatchObject({ steps: [{ id: 'remind', each: '', args: [{ value: '$customer' }] }, {}] });
  });

  it('says that nothing fits', () =>
    expect(draftPlan(blocks({ request: 'Bake bread.' }))).toMatchObject({ kind: 'cannot', steps: [] }));
});
