import type { Tool, Trust } from '../../../src/api.js';

/** What admits a tool: evidence of 20 to 1 against "it does nothing". */
export const ADMITTED_AT = 20;

/** What a tool does, in one sentence. */
export function whatToolDoes({ body }: Tool): string {
  switch (body.kind) {
    case 'hint':
      return body.text;
    case 'guard':
      return `Plans “${body.action}” only where ${bare(body.requires)} holds, though the rules the agents were told do not ask for it.`;
    case 'macro':
      return `Does “${body.first.map((step) => step.action).join(', ')}” just before “${body.action}” wherever ${bare(body.unless)} does not hold.`;
  }
}

const bare = (literal: string): string => `“${literal.replace(/^\((.*)\)$/, '$1')}”`;

/** What the kinds are, for a newcomer. */
export const KIND_WORDS: Readonly<Record<Tool['body']['kind'], string>> = {
  hint: 'text for whoever plans or acts; it decides nothing',
  guard: 'a precondition that the agents were not told and found out',
  macro: 'an action put before another one that would be refused',
};

/** What the trusts mean, for a newcomer. */
export const TRUST_WORDS: Readonly<Record<Trust, string>> = {
  active: 'won its trials; later runs plan with it',
  candidate: 'waits for its trial',
  rejected: 'lost its trials; it is not used',
  retired: 'stopped helping; it is not used any more',
};

/** The run and the node behind a subgoal id: `r-3f9k.1.3.1`. */
export function runOfSubgoal(subgoal: string): { readonly run: string; readonly node: string | null } {
  const parts = /^(.*?)\.(\d+\.\d+)\.\d+$/.exec(subgoal);
  return parts ? { run: parts[1]!, node: parts[2]! } : { run: subgoal, node: null };
}
