import { readFileSync, readdirSync } from 'node:fs';
import { Client } from 'pg';

/** What the server had done and what had been burnt at one moment. */
interface Reading {
  readonly lsn: number;
  readonly xid: number;
  readonly serverMs: number | null;
}

/** What some work cost the database. */
export interface ServerCost {
  readonly walBytes: number;
  readonly transactions: number;
  /** CPU of all the server's processes; null where the system does not show it. */
  readonly serverMs: number | null;
}

/** Linux counts CPU in hundredths of a second. */
const TICK_MS = 10;

/** Reads what work costs a Postgres: bytes of its log, transactions that wrote, CPU. */
export class Meter {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<Meter> {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    return new Meter(client);
  }

  /** Does work and tells what it cost the server. */
  async around<T>(work: () => Promise<T>): Promise<readonly [T, ServerCost]> {
    const before = await this.#read();
    const result = await work();
    const after = await this.#read();
    const serverMs = before.serverMs === null || after.serverMs === null ? null : after.serverMs - before.serverMs;
    return [result, { walBytes: after.lsn - before.lsn, transactions: after.xid - before.xid, serverMs }];
  }

  /** Writes what is dirty, so that no checkpoint falls into what follows for a while. */
  async checkpoint(): Promise<void> {
    await this.#client.query('checkpoint');
  }

  /** When the last checkpoint began; the same before and after: none fell in between. */
  async lastCheckpoint(): Promise<string> {
    return (await this.#client.query<{ lsn: string }>('select redo_lsn::text as lsn from pg_control_checkpoint()'))
      .rows[0]!.lsn;
  }

  async ask<R extends object>(sql: string, values: unknown[] = []): Promise<readonly R[]> {
    return (await this.#client.query<R>(sql, values)).rows;
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** Numbers of transactions are given to those that write, and only to them. */
  async #read(): Promise<Reading> {
    const sql = `select (pg_current_wal_insert_lsn() - '0/0')::float8 as lsn, pg_snapshot_xmax(pg_current_snapshot())::text::float8 as xid, pg_backend_pid() as pid`;
    const { lsn, xid, pid } = (await this.#client.query<{ lsn: number; xid: number; pid: number }>(sql)).rows[0]!;
    return { lsn, xid, serverMs: serverCpu(pid) };
  }
}

/** CPU of a server's processes, living and dead, found from one of its backends. */
function serverCpu(backend: number): number | null {
  const own = stat(String(backend));
  if (!own) return null;
  const postmaster = own.parent;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(stat)
    .filter((s) => s?.parent === postmaster);
  const first = stat(postmaster);
  const ticks = children.reduce((sum, child) => sum + (child?.own ?? 0), (first?.own ?? 0) + (first?.dead ?? 0));
  return ticks * TICK_MS;
}

function stat(pid: string): { readonly parent: string; readonly own: number; readonly dead: number } | null {
  try {
    // After the name, which may hold anything: state, parent, …; fields 12 to 15 are the times.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return {
      parent: fields[1]!,
      own: Number(fields[11]) + Number(fields[12]),
      dead: Number(fields[13]) + Number(fields[14]),
    };
  } catch {
    return null;
  }
}
