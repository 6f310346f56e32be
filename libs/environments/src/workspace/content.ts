import { fileFact, type Fact, type StateChange, type WorldState } from '@praxis/core';
import { Manifest, type FileChanges } from './manifest.js';

/** What a workspace holds at one time: its files, and facts that were recorded. It never changes. */
export interface Content {
  readonly manifest: Manifest;
  /** Recorded facts, sorted; those of files follow from the manifest. */
  readonly recorded: readonly Fact[];
  /** All facts, sorted. */
  readonly state: WorldState;
}

/** What an action changes. */
export interface ContentChange {
  readonly files?: FileChanges;
  readonly added?: readonly Fact[];
  readonly removed?: readonly Fact[];
}

/** Content from its parts. */
export function contentOf(manifest: Manifest, recorded: readonly Fact[]): Content {
  const facts = [...new Set([...recorded, ...[...manifest.paths()].map(fileFact)])].sort();
  return { manifest, recorded, state: { facts, numbers: {} } };
}

/** Content after a change. Takes time linear in the number of facts, without sorting them. */
export function changeContent(
  content: Content,
  { files = new Map(), added = [], removed = [] }: ContentChange,
): Content {
  const gone = new Set(removed);
  const appeared = new Set(added);
  const recorded = mergeSorted(content.recorded, gone, appeared);
  for (const [path, entry] of files) {
    const isThere = content.manifest.get(path) !== null;
    if (entry === null && isThere) gone.add(fileFact(path));
    else if (entry !== null && !isThere) appeared.add(fileFact(path));
  }
  const manifest = files.size === 0 ? content.manifest : content.manifest.with(files);
  if (gone.size === 0 && appeared.size === 0) return { ...content, manifest };
  return { manifest, recorded, state: { facts: mergeSorted(content.state.facts, gone, appeared), numbers: {} } };
}

/** A sorted list without some of its members and with others. */
function mergeSorted(
  list: readonly string[],
  gone: ReadonlySet<string>,
  added: ReadonlySet<string>,
): readonly string[] {
  const news = [...added].sort();
  const found: string[] = [];
  let at = 0;
  for (const member of list) {
    while (at < news.length && news[at]! < member) found.push(news[at++]!);
    if (news[at] === member) at++;
    else if (gone.has(member)) continue;
    found.push(member);
  }
  return [...found, ...news.slice(at)];
}

/** A state before the changes that led from it, the latest last. */
export function stateBefore(state: WorldState, changes: readonly StateChange[]): WorldState {
  const isTrue = new Map<Fact, boolean>();
  for (const { added, removed } of [...changes].reverse()) {
    for (const fact of added) isTrue.set(fact, false);
    for (const fact of removed) isTrue.set(fact, true);
  }
  if (isTrue.size === 0) return state;
  const [gone, added] = [new Set<Fact>(), new Set<Fact>()];
  for (const [fact, was] of isTrue) (was ? added : gone).add(fact);
  return { facts: mergeSorted(state.facts, gone, added), numbers: {} };
}
