import type { ChatRequest } from '@praxis/core';

/** What names of functions may look like in OpenAI's protocol. */
const ALLOWED = /^[a-zA-Z0-9_-]{1,64}$/;
const LONGEST = 64;

/**
 * Names of tools as they go over the wire, by their own names.
 *
 * wire-names.1 Each is one that OpenAI's protocol allows; a name that is allowed stays as it is.
 * wire-names.2 Different tools have different names; equal lists of tools give equal names, so that prompts stay equal.
 */
export function wireNames(tools: NonNullable<ChatRequest['tools']>): ReadonlyMap<string, string> {
  const names = [...new Set(tools.map(({ name }) => name))];
  const taken = new Set(names.filter((name) => ALLOWED.test(name)));
  const wire = new Map<string, string>();
  for (const name of names) {
    if (ALLOWED.test(name)) {
      wire.set(name, name);
      continue;
    }
    const plain = wireName(name);
    let own = plain;
    for (let n = 2; taken.has(own); n += 1) own = `${plain.slice(0, LONGEST - 4)}_${n}`;
    taken.add(own);
    wire.set(name, own);
  }
  return wire;
}

/** One name by itself, as for a call of a tool that is offered no more. */
export const wireName = (name: string): string =>
  ALLOWED.test(name) ? name : name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, LONGEST) || 'tool';
