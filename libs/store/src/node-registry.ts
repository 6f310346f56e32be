import {
  NODE_SILENCE_MS,
  nodeSpecSchema,
  type Clock,
  type Logger,
  type NodeRegistry,
  type NodeSpec,
  type RegisteredNode,
} from '@praxis/core';
import type { Database } from './database.js';
import { mapDatabaseErrors } from './database-error.js';

/** A node that was silent for so long is forgotten: whoever looks after it has had time to see that it is silent. */
const FORGOTTEN_MS = 10 * NODE_SILENCE_MS;

/** The time by the database's own clock, in milliseconds. */
const DATABASE_NOW = '(extract(epoch from clock_timestamp()) * 1000)::int8';

/** Before a statement: takes out whoever was silent for too long, so that nothing has to sweep. */
const FORGET = `with forgotten as (delete from inference_nodes where seen_at < ${DATABASE_NOW} - ${FORGOTTEN_MS})`;
const IS_KEPT = `seen_at >= ${DATABASE_NOW} - ${FORGOTTEN_MS}`;

/** A node's row; the age of its last sign of life by the database's clock. */
interface NodeRow {
  readonly name: string;
  readonly spec: unknown;
  readonly isDraining: boolean;
  readonly age: number;
  readonly tokenHash: string | null;
}

/**
 * The nodes that registered themselves, for all processes of a cluster.
 *
 * node-registry.1 When a node was seen is noted by the database's clock and told by the reader's, so that no other
 *                 clock matters.
 * node-registry.2 A node that drains goes on draining until it has left, however often it registers or beats.
 * node-registry.3 A node that was silent for ten times the silence is forgotten, and has to register again.
 * node-registry.4 A description that this release cannot read hides no other one.
 */
export class PostgresNodeRegistry implements NodeRegistry {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Names of those that were told to be unreadable: once is enough. */
  readonly #unreadable = new Set<string>();

  constructor(database: Database, clock: Clock, log: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
  }

  async register(spec: NodeSpec, tokenHash?: string): Promise<void> {
    // What was forgotten is new again (node-registry.3), even if nobody has looked since.
    const sql = `insert into inference_nodes (name, spec, token_hash, seen_at) values ($1, $2, $3, ${DATABASE_NOW})
      on conflict (name) do update set spec = excluded.spec, token_hash = excluded.token_hash, seen_at = excluded.seen_at,
        draining = inference_nodes.draining and inference_nodes.${IS_KEPT}`;
    await this.#ask(sql, [spec.name, JSON.stringify(spec), tokenHash ?? null]);
  }

  beat(name: string): Promise<boolean> {
    return this.#hits(
      `${FORGET} update inference_nodes set seen_at = ${DATABASE_NOW} where name = $1 and ${IS_KEPT} returning name`,
      name,
    );
  }

  drain(name: string): Promise<boolean> {
    return this.#hits(`update inference_nodes set draining = true where name = $1 and ${IS_KEPT} returning name`, name);
  }

  leave(name: string): Promise<boolean> {
    return this.#hits('delete from inference_nodes where name = $1 returning name', name);
  }

  async list(): Promise<readonly RegisteredNode[]> {
    const sql = `${FORGET} select name, spec, draining as "isDraining", token_hash as "tokenHash", greatest(0, ${DATABASE_NOW} - seen_at)::float8 as age
      from inference_nodes where ${IS_KEPT} order by name`;
    return (await this.#ask(sql, [])).flatMap((row) => this.#read(row));
  }

  #read({ name, spec, isDraining, age, tokenHash }: NodeRow): readonly RegisteredNode[] {
    const parsed = nodeSpecSchema.safeParse(spec);
    if (parsed.success)
      return [
        { spec: parsed.data, isDraining, seenAt: this.#clock.now() - age, ...(tokenHash !== null && { tokenHash }) },
      ];
    if (!this.#unreadable.has(name)) {
      this.#unreadable.add(name);
      this.#log.warn(
        'a registered node cannot be understood; it may be from a newer release, register it again or update this one',
        { node: name },
      );
    }
    return [];
  }

  async #hits(sql: string, name: string): Promise<boolean> {
    return (await this.#ask(sql, [name])).length > 0;
  }

  async #ask(sql: string, values: unknown[]): Promise<readonly NodeRow[]> {
    return (await mapDatabaseErrors(this.#database.query<NodeRow>(sql, values))).rows;
  }
}
