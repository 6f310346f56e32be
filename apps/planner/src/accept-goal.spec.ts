import { goalSchema, type GoalInput, type WorldCatalog } from '@praxis/core';
import type { ModelAccess } from '@praxis/inference';
import { acceptGoal } from './accept-goal.js';

const worlds = { get: async () => ({ describe: async () => ({ scenarios: [{ name: 'breakfast' }, { name: 'dinner' }] }) }) } as unknown as WorldCatalog;
const access = (isThere: boolean): ModelAccess => ({ isThere: async () => isThere }) as unknown as ModelAccess;
const accept = (input: Partial<GoalInput>, models: ModelAccess | null = null) => acceptGoal(goalSchema.parse({ title: 'g', world: 'household', ...input }), { worlds, models });

describe('a goal as it is accepted', () => {
  it.each([{ strategy: 'react', scenario: 'dinner' }, { request: 'breakfast, please' }])('is refused where %p needs a model and there is none', async (input) => {
    for (const models of [null, access(false)]) await expect(accept(input, models)).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/asks models, and this deployment has none\. Set PRAXIS_MODEL_URL/) });
    expect(await accept(input, access(true))).toMatchObject(input);
  });

  it('needs no model where the condition stands beside the words, or search is enough', async () => {
    expect(await accept({ request: 'breakfast', condition: '(on milk table)' })).toMatchObject({ scenario: 'breakfast' });
    expect(await accept({ scenario: 'dinner' })).toMatchObject({ strategy: 'search' });
    expect(await accept({ scenario: 'dinner', strategy: 'hybrid' })).toMatchObject({ strategy: 'hybrid' });
  });

  it('begins in the first situation of the world where words say none, and in no unknown one', async () => {
    expect(await accept({ request: 'tea' }, access(true))).toMatchObject({ scenario: 'breakfast' });
    await expect(accept({ request: 'tea', scenario: 'lunch' }, access(true))).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('Its scenarios: breakfast, dinner.') });
  });

  it('cannot take anything back', async () => {
    await expect(accept({ scenario: 'dinner', strategy: 'rollback' })).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('praxis rollback RUN') });
  });
});
