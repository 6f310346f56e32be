import { playbookSchema, type SkillManifest } from '@praxis/core';
import { refuseMisfitSteps } from './refuse-misfit-steps.js';

const remind: SkillManifest = {
  name: 'shop.remind',
  summary: '',
  parameters: [
    { name: 'customer', type: 'string' },
    { name: 'note', type: 'string', optional: true },
  ],
  effect: 'irreversible',
  keyed: true,
  source: 'shop',
};
const refused = (step: object): string | null => {
  const playbook = playbookSchema.parse({ playbook: 'p', title: 't', steps: [{ id: 'a', ...step }] });
  try {
    refuseMisfitSteps(playbook, [remind]);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a playbook whose steps nobody can carry out is refused before its run begins', () => {
  it.each<[object, string | null]>([
    [{ do: 'shop.remind', with: { customer: 'ann' } }, null],
    [{ do: 'shop.remind', with: { customer: '$who.name', note: 'Dear {{ who.name }}' } }, null],
    [{ do: 'ask.person', with: { question: 'May I?' } }, null],
    [
      { do: 'shop.remnd', with: {} },
      'p: the step a calls shop.remnd, which no executor that runs offers. Did you mean shop.remind?',
    ],
    [{ do: 'shop.remind', with: {} }, 'p: the step a does not fit: shop.remind needs customer'],
    [{ do: 'shop.remind', with: { customer: '$x', notes: '$y' } }, 'shop.remind has no parameter notes'],
    [{ do: 'shop.remind', with: { customer: 5 } }, 'customer of shop.remind must be a string'],
  ])('%j', (step, expected) => {
    if (expected === null) expect(refused(step)).toBeNull();
    else expect(refused(step)).toContain(expected);
  });
});
