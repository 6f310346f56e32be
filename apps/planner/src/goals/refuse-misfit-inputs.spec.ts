import { playbookSchema, type Json } from '@praxis/core';
import { refuseMisfitInputs } from './refuse-misfit-inputs.js';

const playbook = (schema: object) =>
  playbookSchema.parse({
    playbook: 'p',
    title: 't',
    inputs: { most: { type: 'integer', schema } },
    steps: [{ id: 'a', do: 'note' }],
  });
const refused = (schema: object, value: Json): string | null => {
  try {
    refuseMisfitInputs(playbook(schema), { most: value });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('an input that does not fit its schema', () => {
  it('is refused before a run begins, with what would fit', () => {
    expect(refused({ minimum: 1, maximum: 5 }, 3)).toBeNull();
    expect(refused({ minimum: 1, maximum: 5 }, 7)).toMatch(/^The input most of p does not fit: .*5/);
  });

  it('is no matter of an input that was not given, and a schema that is none is named', () => {
    expect(() => refuseMisfitInputs(playbook({ minimum: 1 }), {})).not.toThrow();
    expect(refused({ type: 'nothing' }, 3)).toMatch(/schema of the input most of p cannot be used/);
  });
});
