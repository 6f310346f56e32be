import type { NodeSpec } from '@praxis/core';
import type { Life } from '@praxis/platform';
import { registerNode, type NodeRegistration, type NodesApi } from '@praxis/wire';
import type { Context } from '../context.js';
import { keepNodeToken, readNodeToken } from './node-tokens.js';
import { hold } from './process-life.js';

/** What is registered, where, and how it is told. */
export interface RegistrationOrder {
  readonly nodes: NodesApi;
  readonly spec: NodeSpec;
  readonly context: Context;
  readonly isJson: boolean;
}

/** Keeps a node registered until the life ends, and tells how it goes; fails where the planner will not have it. */
export async function holdRegistration(
  life: Life,
  { nodes, spec, context: { print, dataDir }, isJson }: RegistrationOrder,
): Promise<void> {
  const onChange = (change: NodeRegistration): void => {
    if (isJson)
      print.json(
        change.state === 'registered'
          ? { name: spec.name, ...change }
          : { name: spec.name, state: change.state, error: { code: change.error.code, message: change.error.message } },
      );
    else if (change.state === 'registered')
      print.line(`${spec.name} is registered as ${spec.url}. Ctrl-C takes it out.`);
    else print.note(`${spec.name} cannot be kept registered just now and is tried again: ${change.error.message}`);
  };
  const stop = new AbortController();
  const registration = registerNode(nodes, spec, {
    signal: stop.signal,
    onChange,
    token: readNodeToken(dataDir, spec.name),
    onToken: (token) => keepNodeToken(dataDir, spec.name, token),
  });
  await hold(life, 'registration', async () => {
    stop.abort();
    // What it fails with is told below.
    await registration.catch(() => undefined);
  });
  await registration;
}
