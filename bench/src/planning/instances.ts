import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PraxisError } from '@praxis/core';

/** One planning problem of a folder of benchmarks. */
export interface Instance {
  /** `depots/p01.pddl` */
  readonly name: string;
  readonly domain: string;
  readonly domainFile: string;
  readonly problemFile: string;
  /** Steps of a reference plan, where the folder's manifest knows one. */
  readonly referenceSteps: number | null;
}

/**
 * Every domain and problem below a folder: a folder with `domain.pddl` and its other .pddl files, or with files in
 * pairs, `p01-domain.pddl` or `domain-1.pddl` beside `p01.pddl` or `instance-1.pddl`.
 */
export function findInstances(root: string): readonly Instance[] {
  if (!existsSync(root)) throw new PraxisError('missing', `There is no folder ${root}; name one with --data.`);
  const references = readManifest(root);
  const found = [...foldersBelow(root)].flatMap((folder) =>
    pairsIn(folder).map(([domainFile, problemFile]): Instance => {
      const name = relative(root, problemFile);
      return { name, domain: dirname(name), domainFile, problemFile, referenceSteps: references.get(name) ?? null };
    }),
  );
  if (found.length === 0)
    throw new PraxisError('missing', `No pair of a domain.pddl and a problem lies below ${root}.`);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function* foldersBelow(folder: string): Iterable<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) yield* foldersBelow(join(folder, entry.name));
}

function pairsIn(folder: string): readonly (readonly [string, string])[] {
  const files = readdirSync(folder).filter((f) => f.endsWith('.pddl'));
  const problems = files.filter((f) => !/domain/.test(f));
  if (files.includes('domain.pddl')) return problems.map((p) => [join(folder, 'domain.pddl'), join(folder, p)]);
  return problems.flatMap((p) => {
    const number = /\d+/.exec(p)?.[0] ?? '';
    const own = files.find((f) => /domain/.test(f) && /\d+/.exec(f)?.[0] === number);
    return own ? [[join(folder, own), join(folder, p)] as const] : [];
  });
}

function readManifest(root: string): ReadonlyMap<string, number> {
  const file = join(root, 'manifest.json');
  if (!existsSync(file)) return new Map();
  const { instances } = JSON.parse(readFileSync(file, 'utf8')) as {
    instances: readonly { domain: string; problem: string; referenceSteps: number }[];
  };
  return new Map(instances.map((i) => [join(i.domain, i.problem), i.referenceSteps]));
}
