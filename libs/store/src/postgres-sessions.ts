import { faultPoint, type Clock, type SessionStore } from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

const LOAD = 'select version, body from world_sessions where id = $1';
const CREATE =
  'insert into world_sessions (id, version, body, updated_at) values ($1, 1, $2, $3) on conflict do nothing';
const SAVE =
  'update world_sessions set version = $4 + 1, body = $2, updated_at = $3 where id = $1 and version = $4::int4';
const REMOVE = 'delete from world_sessions where id = $1';

/**
 * Keeps the sessions of worlds; of two writers of one version, the second is told so. Every step comes by here, as it
 * does by the journal.
 */
export class PostgresSessions implements SessionStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async load(id: string): Promise<{ readonly version: number; readonly body: string } | null> {
    const { rows } = await mapDatabaseErrors(
      this.#database.query<{ version: number; body: string }>({ name: 'praxis-session', text: LOAD, values: [id] }),
    );
    return rows[0] ?? null;
  }

  async save(id: string, expected: number, body: string): Promise<boolean> {
    await faultPoint('session.before-save');
    const values = [id, body, this.#clock.now()];
    const query =
      expected === 0
        ? { name: 'praxis-session-create', text: CREATE, values }
        : { name: 'praxis-session-save', text: SAVE, values: [...values, expected] };
    const { rowCount } = await mapDatabaseErrors(this.#database.query(query));
    await faultPoint('session.after-save');
    return rowCount === 1;
  }

  async remove(id: string): Promise<void> {
    await mapDatabaseErrors(this.#database.query(REMOVE, [id]));
  }
}
