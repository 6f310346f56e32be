import { parseDomain, TypeHierarchy, type Domain, type Signature } from '@praxis/search';

/** Objects that a prompt speaks of, each with what it must be at least. */
type Guess = ReadonlyMap<string, string>;

/**
 * A problem made of what a prompt says about its objects, for prompts that do not list them: an object is what the most
 * special place says where it stands, in a fact, a goal or an action. With `wide` it may be anything below that as
 * well.
 */
export function guessProblem(domainText: string, texts: readonly string[], wide = false): string {
  const domain = parseDomain(domainText);
  const types = new TypeHierarchy(domain.types);
  const objects = [...guess(domain, types, texts)].map(
    ([name, type]) => `${name} - ${wide ? eitherOf(types.below(type)) : type}`,
  );
  return `(define (problem told) (:domain ${domain.name}) (:objects ${objects.join(' ')}) (:init) (:goal (and)))`;
}

function guess(domain: Domain, hierarchy: TypeHierarchy, texts: readonly string[]): Guess {
  const found = new Map<string, string>();
  const constants = new Set(domain.constants.map((c) => c.name));
  const signatures = [...domain.predicates, ...domain.functions, ...domain.actions];
  for (const [, inside] of texts.flatMap((text) => [...text.toLowerCase().matchAll(/\(([^()]+)\)/g)])) {
    const [name, ...args] = inside!.trim().split(/\s+/);
    const fitting: readonly Signature[] = signatures.filter(
      (s) => s.name === name && s.parameters.length === args.length,
    );
    // A name that an action shares with a predicate says nothing sure.
    if (fitting.length !== 1) continue;
    for (const [i, { types }] of fitting[0]!.parameters.entries()) {
      const object = args[i]!;
      if (object.startsWith('?') || constants.has(object) || types.length !== 1) continue;
      const before = found.get(object);
      if (before === undefined || hierarchy.above(types[0]!).has(before)) found.set(object, types[0]!);
    }
  }
  return found;
}

function eitherOf(types: readonly string[]): string {
  return types.length === 1 ? types[0]! : `(either ${types.join(' ')})`;
}
