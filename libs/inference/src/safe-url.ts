import { PraxisError, type NodeSpec } from '@praxis/core';

/**
 * Fails where the address of a node holds what everybody would see who lists the nodes, or cannot be the start of an
 * API.
 */
export function refuseUnsafeUrl({ name, url }: Pick<NodeSpec, 'name' | 'url'>): void {
  const { username, password, search, hash } = new URL(url);
  // The URL is not repeated: what stands in it may be a secret.
  if (username !== '' || password !== '')
    throw wrong(
      `The URL of ${name} holds a user or a password, which everybody would see who lists the nodes; take it out, and name the variable of its API key instead.`,
    );
  if (search !== '' || hash !== '')
    throw wrong(
      `The URL of ${name} must end where its API begins, such as http://gpu1:8000/v1; take out what follows it.`,
    );
}

const wrong = (message: string): PraxisError => new PraxisError('invalid', message, { details: { field: 'spec.url' } });
