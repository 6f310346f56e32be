import {
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  systemClock,
  type Journal,
  type Logger,
  type NewEvent,
} from '@praxis/core';
import { type History, randomHistory, stopTestPostgres, testDatabase, type TestDatabase } from '@praxis/testing';
import * as fc from 'fast-check';
import type { Pool } from 'pg';
import { openPool } from '../database.js';
import { PostgresJournal } from '../journal/postgres-journal.js';
import { migrate } from '../migrate.js';
import { QuestionReads } from '../reads/question-reads.js';
import { mergeById, mergeQuestionsById, project } from './projection.js';
import type { QuestionChange } from './question-change.js';
import { SELECT_RUN_ROWS } from './run-columns.js';
import type { RunRow } from './run-row.js';
import type { SubgoalChange } from './subgoal-change.js';

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
  pool = openPool(database.url, 6, silent);
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
  await stopTestPostgres();
});

/** Writes a stream in pieces, as its owner would. */
async function write(journal: Journal, stream: string, events: readonly NewEvent[], piece: number): Promise<void> {
  for (let i = 0; i < events.length; i += piece) await journal.append(stream, i, events.slice(i, i + piece));
}

const streamsOf = ({ run, runEvents: events, steps }: History): readonly (readonly [string, readonly NewEvent[]])[] => [
  [runStream(run), events.map((e) => runEvents.encode(e))],
  ...[...steps].map(([id, own]) => [subgoalStream(id), own.map((e) => stepEvents.encode(e))] as const),
];

interface Rows {
  readonly run: RunRow | null;
  readonly subgoals: readonly SubgoalChange[];
  readonly questions: readonly QuestionChange[];
}

/** The rows that the journal says there should be. */
async function rebuild(journal: Journal, streams: readonly string[]): Promise<Rows> {
  let run: RunRow | null = null;
  const changes: SubgoalChange[] = [];
  const questions: QuestionChange[] = [];
  for (const stream of streams) {
    const events = (await journal.read(stream)).map((event) => ({ event, at: event.at }));
    const projection = project(stream, events, null);
    run = projection.run ?? run;
    changes.push(...projection.subgoals);
    questions.push(...projection.questions);
  }
  return { run, subgoals: mergeById(changes), questions: mergeQuestionsById(questions) };
}

const SELECT_CHANGES = `select id, run, node, attempt, nullif(lane, '') as lane, nullif(domain, '') as domain, nullif(space, '') as space, learn, stage,
  status, reason, steps, failed_steps as "failedSteps", answers, settled, wake_at::float8 as "wakeAt", updated_at::float8 as "updatedAt", ended_at::float8 as "endedAt" from subgoals where run = $1 order by id`;

/** Without the time of closing: where an end and an answer race, either may be the first to be heard. */
const SELECT_QUESTIONS = `select id, run, subgoal, body as question, asked_at::float8 as "askedAt", reminders, told_at::float8 as "toldAt", verdict
  from questions where run = $1 order by id collate "C"`;

/** Questions that nobody answered and somebody still waits for. */
const isOpen = ({ run, subgoals }: Rows, q: QuestionChange): boolean =>
  q.askedAt !== null &&
  q.verdict === null &&
  run?.endedAt === null &&
  (q.subgoal === null || subgoals.find((s) => s.id === q.subgoal)!.stage < 3);

describe('the read models', () => {
  it('equal a rebuild from the journal, however the writers are interleaved', async () => {
    let runs = 0;
    const writers = fc.array(
      fc.record({ seed: fc.string(), piece: fc.integer({ min: 1, max: 7 }), clock: fc.nat(1000) }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(writers, async (plans) => {
        await Promise.all(
          plans.map(async ({ seed, piece, clock }) => {
            const history = randomHistory(`r-rm${++runs}`, seed);
            const streams = streamsOf(history);
            // Two processes whose clocks differ share the streams of one run.
            const skewed = { now: () => systemClock.now() + clock };
            const [planner, executor] = [systemClock, skewed].map(
              (c) => new PostgresJournal({ database: pool, clock: c, onWritten: () => {} }),
            );
            await Promise.all(
              streams.map(([stream, events], i) => write(i === 0 ? planner! : executor!, stream, events, piece)),
            );
            const expected = await rebuild(
              planner!,
              streams.map(([stream]) => stream),
            );
            expect((await pool.query(SELECT_RUN_ROWS, [[history.run]])).rows).toEqual([expected.run]);
            const rows = (await pool.query(SELECT_CHANGES, [history.run])).rows;
            // Where nobody said anything else, the column has its default.
            expect(rows).toEqual(expected.subgoals.map((c) => ({ ...c, learn: c.learn ?? true })));
            const questions = (await pool.query(SELECT_QUESTIONS, [history.run])).rows;
            expect(questions).toEqual(expected.questions.map(({ closedAt: _closedAt, ...q }) => q));
            const open = await new QuestionReads(pool).open({ run: history.run });
            expect(open.map((q) => q.question.id).sort()).toEqual(
              expected.questions
                .filter((q) => isOpen(expected, q))
                .map((q) => q.id)
                .sort(),
            );
          }),
        );
      }),
      { numRuns: 25 },
    );
  });
});
