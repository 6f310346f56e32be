import { checkerOf } from '@praxis/actions';
import { PraxisError, type Json, type Playbook } from '@praxis/core';

/** Refuses inputs that do not fit the schemas that a playbook gives them. */
export function refuseMisfitInputs(
  { playbook, inputs }: Pick<Playbook, 'playbook' | 'inputs'>,
  values: Readonly<Record<string, Json>>,
): void {
  for (const [name, { schema }] of Object.entries(inputs)) {
    if (schema === undefined || !Object.hasOwn(values, name)) continue;
    const check = checkerOf(schema);
    if ('problem' in check)
      throw new PraxisError(
        'invalid',
        `The schema of the input ${name} of ${playbook} cannot be used: ${check.problem}.`,
      );
    const [fault] = check.faults(values[name]!);
    if (fault !== undefined)
      throw new PraxisError('invalid', `The input ${name} of ${playbook} does not fit: ${fault}.`);
  }
}
