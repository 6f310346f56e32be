import { PraxisError, canonical, fold, parseSubgoalId, runEvents, runStream, type BlobStore, type Json, type RunId, type StoredEvent } from '@praxis/core';
import type { Database } from '../database.js';
import { inOurWords } from '../database-error.js';
import type { PostgresJournal } from '../journal/postgres-journal.js';
import { referrersFirst } from '../referrers-first.js';
import { readHistory, type HistoryFile } from './read-history.js';

/** Texts per statement. */
const PAGE = 200;

interface Parts {
  readonly database: Database;
  readonly journal: PostgresJournal;
  readonly blobs: BlobStore;
}

/** Rows that the events then fill; what was learned where the run took place is not learned again. */
const LEARNED = `insert into subgoals (id, run, node, attempt, status, updated_at, settled, reflected)
  select id, $1, node, attempt, 'dispatched', 0, true, true from unnest($2::text[], $3::text[], $4::int4[]) as s(id, node, attempt) on conflict do nothing`;

const OPEN_WORLD = 'insert into world_sessions (id, version, body, updated_at) values ($1, $2, $3, $4) on conflict do nothing';

/**
 * Takes in a history file, with the times it has; gives the run's id.
 *
 * The whole file is checked before anything is written. The run's own stream is written last and at once, so the run is
 * there whole or nobody sees it; killed on the way, it can be imported again. Only what has ended is taken in: two
 * deployments must not go on with one run.
 */
export async function importRun(texts: AsyncIterable<string>, parts: Parts): Promise<RunId> {
  const history = await readHistory(texts);
  const { run } = history;
  if (await isThere(parts.database, run)) return run;
  const own = history.streams.get(runStream(run)) ?? [];
  const state = fold(own.map((e) => runEvents.decode(e)));
  if (!state?.ended) throw new PraxisError('invalid', `The run ${run} had not ended when it was exported; export it again when it has.`);
  await keepTexts(history, parts.blobs);
  const at = own.at(-1)!.at;
  for (const [id, { version, body }] of history.sessions) await inOurWords(parts.database.query(OPEN_WORLD, [id, version, body, at]));
  await noteLearned(history, parts.database);
  for (const [stream, events] of history.streams) if (stream !== runStream(run) && events.length > 0) await appendOnce(stream, events, parts.journal);
  await appendOnce(runStream(run), own, parts.journal);
  return run;
}

async function isThere(database: Database, run: RunId): Promise<boolean> {
  const sql = 'select exists (select from runs where id = $1) as there, exists (select from removals where run = $1) as going';
  const { there, going } = (await inOurWords(database.query<{ there: boolean; going: boolean }>(sql, [run]))).rows[0]!;
  if (going) throw new PraxisError('conflict', `The run ${run} is being cleared away; let \`praxis gc\` finish and import it then.`);
  return there;
}

/** Those that are referred to first, since a text is kept only with all that it names. */
async function keepTexts({ blobs }: HistoryFile, store: BlobStore): Promise<void> {
  const order = referrersFirst([...blobs.values()]).toReversed().map((sha256) => blobs.get(sha256)!);
  for (let from = 0; from < order.length; from += PAGE) await store.keep(order.slice(from, from + PAGE));
}

async function noteLearned({ run, streams }: HistoryFile, database: Database): Promise<void> {
  const ids = [...streams.keys()].filter((s) => s.startsWith('subgoal/')).map((s) => s.slice('subgoal/'.length));
  const parsed = ids.map((id) => parseSubgoalId(id));
  const values = [run, ids, parsed.map((p) => p?.node ?? ''), parsed.map((p) => p?.attempt ?? 0)];
  await inOurWords(database.query(LEARNED, values));
}

/** An earlier import may have written the stream already. */
async function appendOnce(stream: string, events: readonly StoredEvent[], journal: PostgresJournal): Promise<void> {
  try {
    await journal.appendAt(stream, 0, events);
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'conflict') throw thrown;
    const text = (list: readonly StoredEvent[]): string => canonical(list as unknown as Json);
    if (text(await journal.read(stream)) !== text(events)) throw new PraxisError('conflict', `There is another ${stream} here already; what the file says of it is something else.`, { cause: thrown });
  }
}
