import type { Playbook } from '@praxis/core';

/** What a request means: one playbook, none, or several of which a person has to choose. */
export type Choice =
  | { readonly kind: 'one'; readonly playbook: Playbook }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly names: readonly string[] };

/**
 * Chooses a playbook by the words of a request, without a model and without a guess: its name, or one of its `matches`,
 * in which `*` stands for any text. Case and white space do not count.
 */
export function choosePlaybook(playbooks: readonly Playbook[], request: string): Choice {
  const said = plain(request);
  const found = playbooks.filter(
    ({ playbook, matches }) => plain(playbook) === said || matches.some((pattern) => fits(plain(pattern), said)),
  );
  if (found.length === 0) return { kind: 'none' };
  if (found.length > 1) return { kind: 'several', names: found.map((p) => p.playbook) };
  return { kind: 'one', playbook: found[0]! };
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s-]+/g, ' ')
    .trim()
    .replace(/[.!?]+$/, '');

/** Whether a text fits a pattern, in time linear in both. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const next = text.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  return at <= text.length - last.length;
}
