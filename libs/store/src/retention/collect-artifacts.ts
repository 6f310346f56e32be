import { ARTIFACT_GRACE_MS, type RunId } from '@praxis/core';
import type { ArtifactPlug, StoredArtifact } from '../artifacts/artifact-plug.js';
import type { Database } from '../database.js';

/** Artifacts per deletion. */
const BATCH = 100;

/** Those of some artifacts that events name, the events of some runs not counted. */
const NAMED_BY_EVENTS = `select distinct ref as sha256
  from (select unnest(refs) as ref from events where refs is not null and run <> all($2::text[])) named
  join unnest($1::text[]) as a(sha256) on a.sha256 = ref`;

/**
 * Those that worlds name, some worlds not counted, and what is to be submitted or was learned. Their texts are looked
 * through for the hashes themselves, so that each may refer to artifacts in its own way.
 */
const NAMED_ELSEWHERE = `select distinct m[1] as sha256 from (
    select body as text from world_sessions where id <> all($2::text[])
    union all select goal::text from schedules
    union all select body::text from tools
  ) texts cross join lateral regexp_matches(texts.text, '[0-9a-f]{64}', 'g') m
  join unnest($1::text[]) as a(sha256) on a.sha256 = m[1]`;

/** The artifacts during one collection. */
export class ArtifactCollection {
  private constructor(
    private readonly database: Database,
    private readonly plug: ArtifactPlug,
    private readonly keptSince: number,
    /** Those that are kept only where something refers to them, and their sizes. */
    private readonly old: ReadonlyMap<string, number>,
    /** Bytes of all artifacts when it began. */
    readonly bytes: number,
  ) {}

  static async begin(database: Database, plug: ArtifactPlug, now: number): Promise<ArtifactCollection> {
    const keptSince = now - ARTIFACT_GRACE_MS;
    const old = new Map<string, number>();
    let bytes = 0;
    const count = ({ sha256, size, keptAt }: StoredArtifact): void => {
      bytes += size;
      if (keptAt <= keptSince) old.set(sha256, size);
    };
    for await (const artifact of plug.list()) count(artifact);
    return new ArtifactCollection(database, plug, keptSince, old, bytes);
  }

  /** What nothing refers to where these runs and worlds are gone. */
  async garbage(runs: Iterable<RunId> = [], sessions: readonly string[] = []): Promise<readonly string[]> {
    if (this.old.size === 0) return [];
    const all = [...this.old.keys()];
    const named = new Set<string>();
    for (const [sql, without] of [
      [NAMED_BY_EVENTS, [...runs]],
      [NAMED_ELSEWHERE, sessions],
    ] as const)
      for (const row of (await this.database.query<{ sha256: string }>(sql, [all, without])).rows)
        named.add(row.sha256);
    return all.filter((sha256) => !named.has(sha256));
  }

  weigh(artifacts: readonly string[]): { readonly count: number; readonly bytes: number } {
    const bytes = artifacts.reduce((sum, sha256) => sum + (this.old.get(sha256) ?? 0), 0);
    return { count: artifacts.length, bytes };
  }

  /** Deletes what nothing refers to now, and what killed puts have left; gives what it deleted. */
  async remove(): Promise<readonly string[]> {
    const garbage = await this.garbage();
    const removed: string[] = [];
    for (let from = 0; from < garbage.length; from += BATCH)
      removed.push(...(await this.plug.remove(garbage.slice(from, from + BATCH), this.keptSince)));
    await this.plug.removeUnfinished(this.keptSince);
    return removed;
  }
}
