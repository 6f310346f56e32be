import { ARTIFACT_GRACE_MS } from '@praxis/core';
import type { ArtifactPlug } from '../artifacts/artifact-plug.js';
import type { Database } from '../database.js';

/** Artifacts per look. */
const PAGE = 1_000;

const IN_EVENTS =
  'select distinct r as sha256 from events, unnest(refs) as r where refs is not null and r = any($1::text[])';

/** Worlds name the files that they hold in their bodies. */
const IN_WORLDS = `select distinct m[1] as sha256 from world_sessions, regexp_matches(body, '"[$]artifact":"([0-9a-f]{64})"', 'g') as m`;

/**
 * Deletes the artifacts that no event and no world refers to, and what unfinished puts left; gives how many went
 * (artifacts.1).
 */
export async function deleteArtifacts(database: Database, plug: ArtifactPlug, now: number): Promise<number> {
  const keptSince = now - ARTIFACT_GRACE_MS;
  await plug.removeUnfinished(keptSince);
  let deleted = 0;
  for await (const garbage of unreferenced(database, plug, keptSince))
    deleted += (await plug.remove(garbage, keptSince)).length;
  return deleted;
}

/** How many artifacts would go now. */
export async function countUnreferenced(database: Database, plug: ArtifactPlug, now: number): Promise<number> {
  let count = 0;
  for await (const garbage of unreferenced(database, plug, now - ARTIFACT_GRACE_MS)) count += garbage.length;
  return count;
}

async function* unreferenced(
  database: Database,
  plug: ArtifactPlug,
  keptSince: number,
): AsyncGenerator<readonly string[]> {
  const { rows } = await database.query<{ sha256: string }>(IN_WORLDS);
  const inWorlds = new Set(rows.map((row) => row.sha256));
  for await (const page of pages(plug, keptSince)) {
    const open = page.filter((sha256) => !inWorlds.has(sha256));
    const found = (await database.query<{ sha256: string }>(IN_EVENTS, [open])).rows;
    const named = new Set(found.map((row) => row.sha256));
    yield open.filter((sha256) => !named.has(sha256));
  }
}

async function* pages(plug: ArtifactPlug, keptSince: number): AsyncGenerator<readonly string[]> {
  let page: string[] = [];
  for await (const { sha256, keptAt } of plug.list()) {
    if (keptAt > keptSince) continue;
    page.push(sha256);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
