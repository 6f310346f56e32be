import type { SkillManifest } from '@praxis/core';
import type { SkillPlanAnswer } from '@praxis/inference';
import { draftOf, readDraft, type DraftFrame } from './read-draft.js';

const skill = (name: string, parameters: SkillManifest['parameters']): SkillManifest => ({
  name,
  summary: '',
  parameters,
  effect: 'pure',
  keyed: false,
  source: 'shop',
});
const frame: DraftFrame = {
  title: 'Remind',
  known: ['region', 'old'],
  skills: [
    skill('shop.list', [{ name: 'most', type: 'integer', optional: true }]),
    skill('shop.remind', [{ name: 'customer', type: 'string' }]),
  ],
  taint: ['http:shop', 'model'],
};
type Step = SkillPlanAnswer['steps'][number];
const step = (id: string, named: string, args: Readonly<Record<string, string>>, more: Partial<Step> = {}): Step => ({
  id,
  title: '',
  skill: named,
  args: Object.entries(args).map(([name, value]) => ({ name, value })),
  each: '',
  after: [],
  when: '',
  ...more,
});
const read = (...steps: readonly Step[]) =>
  readDraft({ thought: '', kind: 'plan', steps: [...steps], question: '' }, frame);

describe('steps that a model wrote', () => {
  it('become a playbook whose steps are tainted by the model and what it was shown (read-draft.2)', () => {
    const draft = read(
      step('list', 'shop.list', { most: '5' }),
      step('go', 'shop.remind', { customer: '$item.customer' }, { each: '$list.rows', title: 'Remind them' }),
    );
    expect(draft).toMatchObject({
      playbook: {
        steps: [
          { id: 'list', do: 'shop.list', with: { most: 5 }, taint: ['http:shop', 'model'] },
          { id: 'go', title: 'Remind them', each: { of: '$list.rows', as: 'item' }, taint: ['http:shop', 'model'] },
        ],
      },
    });
    if ('playbook' in draft) expect(draftOf(draft.playbook.steps)[0]!.args).toEqual([{ name: 'most', value: '5' }]);
  });

  it.each<[string, readonly Step[], RegExp]>([
    ['no step', [], /0 steps; write one to 50/],
    ['an unknown skill', [step('a', 'shop.remnd', {})], /no skill shop\.remnd; did you mean shop\.remind\?/],
    ['a missing argument', [step('a', 'shop.remind', {})], /the step a does not fit: shop\.remind needs customer/],
    ['a wrong value', [step('a', 'shop.list', { most: 'five' })], /most of shop\.list must be a integer/],
    ['a name that is taken', [step('old', 'shop.list', {})], /something called old already/],
    ['a name that is none', [step('1 a', 'shop.list', {})], /id must begin with a letter/],
    [
      'a reference to nothing',
      [step('a', 'shop.remind', { customer: '$nobody.name' })],
      /no input or step called nobody/,
    ],
    [
      'steps that wait for each other',
      [step('a', 'shop.list', {}, { after: ['b'] }), step('b', 'shop.list', {}, { after: ['a'] })],
      /wait for each other/,
    ],
    ['an expression that is none', [step('a', 'shop.list', {}, { when: 'size(' })], /step a, when: .*cannot be parsed/],
  ])('are sent back with what is wrong: %s (read-draft.1)', (_, steps, problem) => {
    const draft = read(...steps);
    expect('problems' in draft && draft.problems.join('; ')).toMatch(problem);
  });

  it('may refer to inputs, and to what is done', () =>
    expect(read(step('a', 'shop.remind', { customer: '$old.customer' }, { when: 'region == "north"' }))).toHaveProperty(
      'playbook',
    ));
});
