import {
  PraxisError,
  canonical,
  fold,
  parseSubgoalId,
  runEvents,
  runStream,
  type ArtifactStore,
  type BlobStore,
  type Json,
  type KeptText,
  type RunEvent,
  type RunId,
  type StoredEvent,
} from '@praxis/core';
import type { Database } from '../database.js';
import { mapDatabaseErrors } from '../database-error.js';
import type { PostgresJournal } from '../journal/postgres-journal.js';
import { referrersFirst, type BlobNode } from '../referrers-first.js';
import { HistoryCheck, type ContentLine } from './check-history.js';
import { damaged, readLines, type HistoryHeader, type HistoryLine } from './history-line.js';
import { Spool, type Place } from './spool.js';

/** Events or texts per statement, and bytes of them. */
const PAGE = 200;
const PAGE_BYTES = 4 * 1024 * 1024;

/** A run's own stream is written at once; no run comes near. */
const OWN_BYTES = 32 * 1024 * 1024;

/** Where nothing is said. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What an import works with. */
export interface ImportParts {
  readonly database: Database;
  readonly journal: PostgresJournal;
  readonly blobs: BlobStore;
  readonly artifacts: ArtifactStore;
  /** Largest file that is taken, in bytes. */
  readonly mostBytes?: number | undefined;
  /** Told how many bytes of the file are held at the moment. */
  readonly onHeld?: (bytes: number) => void;
}

type EventLine = Extract<HistoryLine, { line: 'event' }>;

/** What is held of a file that was checked: the run's own events, and where the rest lies. */
interface Checked {
  readonly header: HistoryHeader;
  readonly own: readonly StoredEvent[];
  readonly ownBytes: number;
  readonly blobs: ReadonlyMap<string, BlobNode & { readonly place: Place }>;
  /** Where the parts of the artifacts lie. */
  readonly artifacts: ReadonlyMap<string, readonly Place[]>;
  readonly session: Place | null;
}

/** Rows that the events then fill; what was learned where the run took place is not learned again. */
const LEARNED = `insert into subgoals (id, run, node, attempt, status, updated_at, settled, reflected)
  select id, $1, node, attempt, 'dispatched', 0, true, true from unnest($2::text[], $3::text[], $4::int4[]) as s(id, node, attempt) on conflict do nothing`;

const OPEN_WORLD =
  'insert into world_sessions (id, version, body, updated_at) values ($1, $2, $3, $4) on conflict do nothing';

/** Before anything else: whoever would begin a run under this id later is told where it comes from. */
const NOTE_IMPORT = 'insert into imports (run, at) values ($1, $2) on conflict do nothing';

/**
 * Takes in a history file, with the times it has; gives the run's id.
 *
 * import.1 The whole file is checked before anything is written.
 * import.2 The run's own stream is written last and at once, so the run is there whole or nobody sees it; killed on the
 *          way, it can be imported again.
 * import.3 Only what has ended is taken in: two deployments must not go on with one run.
 * import.4 Of worlds, only the one that the run itself names is taken in, and only under the run's own id.
 * import.5 The file is spooled and read twice: what is held at a time does not grow with it.
 */
export async function importRun(texts: AsyncIterable<string>, parts: ImportParts): Promise<RunId> {
  const spool = await Spool.open(parts.mostBytes ?? MOST_BYTES);
  try {
    const checked = await check(texts, spool, parts);
    const { run } = checked.header;
    if (await isThere(parts.database, run)) return run;
    await write(checked, spool, parts);
    return run;
  } finally {
    await spool.close();
  }
}

/** Reads the file once, whole; fails where it may not be taken in. */
async function check(texts: AsyncIterable<string>, spool: Spool, parts: ImportParts): Promise<Checked> {
  const history = new HistoryCheck();
  const own: StoredEvent[] = [];
  let ownBytes = 0;
  const blobs = new Map<string, BlobNode & { readonly place: Place }>();
  const artifacts = new Map<string, Place[]>();
  const sessions = new Map<string, Place>();
  for await (const line of readLines(spool.keep(texts))) {
    history.take(line);
    if (line.line === 'blob') blobs.set(line.sha256, { sha256: line.sha256, refs: line.refs, place: spool.last });
    else if (line.line === 'artifact') artifacts.set(line.sha256, [...(artifacts.get(line.sha256) ?? []), spool.last]);
    else if (line.line === 'session') sessions.set(line.id, spool.last);
    else if (line.line === 'event' && line.stream === runStream(history.run)) {
      own.push(eventOf(line));
      ownBytes += spool.last.length;
      if (ownBytes > OWN_BYTES) throw damaged(`${line.stream} is larger than any run`);
    }
    if (sessions.size > 1) throw damaged('it holds more than one world');
    parts.onHeld?.(ownBytes + spool.last.length);
  }
  history.finish();
  return { header: history.header, own, ownBytes, blobs, artifacts, session: worldOf(history.run, own, sessions) };
}

/** The world of the run, where the file holds it (import.3, import.4). */
function worldOf(run: RunId, own: readonly StoredEvent[], sessions: ReadonlyMap<string, Place>): Place | null {
  const events = own.map((e) => runEvents.decode(e));
  if (!fold(events)?.ended)
    throw new PraxisError('invalid', `The run ${run} had not ended when it was exported; export it again when it has.`);
  const named = events.reduce<string | null>(
    (last, e: RunEvent) => (e.type === 'opened' || e.type === 'forked' ? e.session : last),
    null,
  );
  for (const id of sessions.keys()) if (id !== named) throw damaged('it holds a world that its run does not name');
  // A run that takes another one back acts on that one's world, which comes with it or not at all.
  return named !== null && (named === run || named.startsWith(`${run}~`)) ? (sessions.get(named) ?? null) : null;
}

async function isThere(database: Database, run: RunId): Promise<boolean> {
  const sql =
    'select exists (select from runs where id = $1) as there, exists (select from removals where run = $1) as going';
  const { there, going } = (await mapDatabaseErrors(database.query<{ there: boolean; going: boolean }>(sql, [run])))
    .rows[0]!;
  if (going)
    throw new PraxisError(
      'conflict',
      `The run ${run} is being cleared away; let \`praxis gc\` finish and import it then.`,
    );
  return there;
}

async function write(checked: Checked, spool: Spool, parts: ImportParts): Promise<void> {
  const { header, own, session } = checked;
  const { at } = own.at(-1)!;
  await mapDatabaseErrors(parts.database.query(NOTE_IMPORT, [header.run, at]));
  await keepTexts(checked, spool, parts);
  await keepArtifacts(checked, spool, parts);
  await noteLearned(header, parts.database);
  await keepStreams(checked, spool, parts);
  if (session !== null) {
    const { id, version, body } = JSON.parse(await spool.read(session)) as Extract<ContentLine, { line: 'session' }>;
    await mapDatabaseErrors(parts.database.query(OPEN_WORLD, [id, version, body, at]));
  }
  await appendOnce(runStream(header.run), 0, own, parts.journal);
}

/** Those that are referred to first, since a text is kept only with all that it names. */
async function keepTexts(
  { blobs, ownBytes }: Checked,
  spool: Spool,
  { blobs: store, onHeld }: ImportParts,
): Promise<void> {
  let page: KeptText[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (page.length > 0) await store.keep(page);
    [page, bytes] = [[], 0];
  };
  for (const sha256 of referrersFirst([...blobs.values()]).toReversed()) {
    const { place, refs } = blobs.get(sha256)!;
    const { body } = JSON.parse(await spool.read(place)) as KeptText;
    page.push({ sha256, body, refs });
    bytes += place.length;
    onHeld?.(ownBytes + bytes);
    if (page.length >= PAGE || bytes >= PAGE_BYTES) await flush();
  }
  await flush();
}

/** Their names are those of the references to them. */
async function keepArtifacts({ artifacts }: Checked, spool: Spool, { artifacts: store }: ImportParts): Promise<void> {
  for (const [sha256, places] of artifacts)
    await store.put(artifactBytes(places, spool), { name: sha256, mediaType: 'application/octet-stream' });
}

async function* artifactBytes(places: readonly Place[], spool: Spool): AsyncGenerator<Buffer, void, undefined> {
  for (const place of places) {
    const { data } = JSON.parse(await spool.read(place)) as Extract<HistoryLine, { line: 'artifact' }>;
    yield Buffer.from(data, 'base64');
  }
}

/** All streams but the run's own, in pages. */
async function keepStreams(
  { header, ownBytes }: Checked,
  spool: Spool,
  { journal, onHeld }: ImportParts,
): Promise<void> {
  let page: StoredEvent[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (page.length > 0) await appendOnce(page[0]!.stream, page[0]!.position, page, journal);
    [page, bytes] = [[], 0];
  };
  for await (const text of spool.lines()) {
    if (!text.startsWith('{"line":"event"') && !text.includes('"event"')) continue;
    const line = JSON.parse(text) as HistoryLine;
    if (line.line !== 'event' || line.stream === runStream(header.run)) continue;
    if (page[0] && page[0].stream !== line.stream) await flush();
    page.push(eventOf(line));
    bytes += text.length;
    onHeld?.(ownBytes + bytes);
    if (page.length >= PAGE || bytes >= PAGE_BYTES) await flush();
  }
  await flush();
}

function eventOf({ stream, position, type, version, at, data, refs }: EventLine): StoredEvent {
  return { stream, position, type, version, at, data, ...(refs && { refs }) };
}

async function noteLearned({ run, streams }: HistoryHeader, database: Database): Promise<void> {
  const ids = streams
    .map(({ stream }) => stream)
    .filter((s) => s.startsWith('subgoal/'))
    .map((s) => s.slice('subgoal/'.length));
  const parsed = ids.map((id) => parseSubgoalId(id));
  const values = [run, ids, parsed.map((p) => p?.node ?? ''), parsed.map((p) => p?.attempt ?? 0)];
  await mapDatabaseErrors(database.query(LEARNED, values));
}

/** An earlier import may have written these events already. */
async function appendOnce(
  stream: string,
  from: number,
  events: readonly StoredEvent[],
  journal: PostgresJournal,
): Promise<void> {
  try {
    await journal.appendAt(stream, from, events);
  } catch (thrown) {
    if (PraxisError.from(thrown).code !== 'conflict') throw thrown;
    const text = (list: readonly StoredEvent[]): string => canonical(list as unknown as Json);
    const there = (await journal.read(stream, from)).slice(0, events.length);
    if (text(there) !== text(events))
      throw new PraxisError(
        'conflict',
        `There is another ${stream} here already; what the file says of it is something else.`,
        { cause: thrown },
      );
  }
}
