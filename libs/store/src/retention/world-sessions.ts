import type { RunId } from '@praxis/core';
import type { Connection } from './transaction.js';

/** A clone that nobody touched for so long belongs to a trial that was killed: none takes nearly as long. */
const TRIAL_MS = 3_600_000;

/** A clone's id is its original's, a tilde, and something random. */
const ORIGINAL = "split_part(w.id, '~', 1)";

/**
 * Clones that are no run's own world: of runs that are there and not among those that go. A session that belongs to no
 * run is nobody's business here.
 */
const STALE_CLONES = `select w.id from world_sessions w join runs r on r.id = ${ORIGINAL}
  where w.id <> r.id and w.updated_at < $1 and w.id <> coalesce(r.control->>'session', w.id) and r.id <> all($2::text[])`;

/** The clones that killed trials have left. */
export async function staleClones(
  connection: Connection,
  going: ReadonlySet<RunId>,
  now: number,
): Promise<readonly string[]> {
  return (await connection.query<{ id: string }>(STALE_CLONES, [now - TRIAL_MS, [...going]])).rows.map((row) => row.id);
}

/** Which worlds belong to which run: its own and their clones. */
export class WorldSessions {
  private constructor(
    private readonly byOriginal: ReadonlyMap<string, readonly string[]>,
    private readonly owned: ReadonlyMap<RunId, string>,
  ) {}

  static async read(connection: Connection): Promise<WorldSessions> {
    const { rows } = await connection.query<{ id: string; original: string }>(
      `select w.id, ${ORIGINAL} as original from world_sessions w`,
    );
    const owned = await connection.query<{ id: RunId; session: string }>(
      "select id, control->>'session' as session from runs where control->>'session' is not null and control->>'session' <> id",
    );
    const byOriginal = new Map<string, string[]>();
    for (const { id, original } of rows) {
      const ids = byOriginal.get(original) ?? [];
      ids.push(id);
      byOriginal.set(original, ids);
    }
    return new WorldSessions(byOriginal, new Map(owned.rows.map((r) => [r.id, r.session])));
  }

  of(run: RunId): readonly string[] {
    const originals = new Set([run, (this.owned.get(run) ?? run).split('~')[0]!]);
    return [...originals].flatMap((id) => this.byOriginal.get(id) ?? []);
  }
}
