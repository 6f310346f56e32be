import {
  PraxisError,
  questionSchema,
  type Question,
  type QuestionKind,
  type RunId,
  type SubgoalId,
  type AnswerVerdict,
} from '@praxis/core';
import type { Database } from '../database.js';
import { mapDatabaseErrors } from '../database-error.js';

/** A question that waits for an answer, and where it stands. */
export interface OpenQuestion {
  readonly run: RunId;
  /** Title of the run's goal. */
  readonly title: string;
  /** Who asks; null: the run itself. */
  readonly subgoal: SubgoalId | null;
  readonly question: Question;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly askedAt: number;
  /** How often people were reminded. */
  readonly reminders: number;
}

/** A question, open or not. */
export interface FoundQuestion extends OpenQuestion {
  /** When it was answered, or nobody waited any more; null while it is open. */
  readonly closedAt: number | null;
  /** Null while it is open, and where it ended without an answer. */
  readonly verdict: AnswerVerdict | null;
}

/** Which open questions to list; what is null or left out does not filter. */
export interface QuestionFilter {
  readonly run?: RunId | null;
  readonly kind?: QuestionKind | null;
}

/** Questions that time has something to say about. */
export interface DueQuestions {
  readonly expired: readonly OpenQuestion[];
  /** Those that are open for so long, or were last reminded of so long ago. */
  readonly toRemind: readonly OpenQuestion[];
}

/** As much as one round takes up; the rest is found by the next one. */
const ROUND = 500;

interface Row {
  readonly run: RunId;
  readonly title: string | null;
  readonly subgoal: SubgoalId | null;
  readonly body: unknown;
  readonly askedAt: number;
  readonly reminders: number;
  readonly closedAt: number | null;
  readonly verdict: AnswerVerdict | null;
}

const SELECT = `select q.run, r.title, q.subgoal, q.body, q.asked_at::float8 as "askedAt", q.reminders, q.closed_at::float8 as "closedAt", q.verdict
  from questions q left join runs r on r.id = q.run`;

/**
 * Open: it was asked, nobody has answered, and its run goes on. The last is looked up, since what a subgoal asks just
 * when its run ends may be written after that.
 */
const OPEN = 'q.closed_at is null and q.asked_at is not null and r.ended_at is null';

/** What people, and the planner, ask about questions. */
export class QuestionReads {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Open ones, oldest first. */
  async open({ run = null, kind = null }: QuestionFilter = {}): Promise<readonly OpenQuestion[]> {
    const sql = `${SELECT} where ${OPEN} and ($1::text is null or q.run = $1) and ($2::text is null or q.kind = $2) order by q.asked_at, q.id`;
    return (await this.#ask(sql, [run, kind])).map(openQuestion);
  }

  /**
   * Null where nobody asked it. A fork may wait for the same answer as its parent: an open one goes first, then the
   * newer run.
   */
  async find(id: string, run: RunId | null = null): Promise<FoundQuestion | null> {
    const sql = `${SELECT} where q.id = $1 and ($2::text is null or q.run = $2) and q.asked_at is not null
      order by (${OPEN}) desc, r.accepted_at desc limit 1`;
    const row = (await this.#ask(sql, [id, run]))[0];
    return row ? { ...openQuestion(row), closedAt: row.closedAt, verdict: row.verdict } : null;
  }

  /**
   * Open questions that have expired, and those of which people should be reminded; an expired one needs no reminder.
   */
  async due(now: number, reminderMs: number): Promise<DueQuestions> {
    const expired = await this.#ask(
      `${SELECT} where ${OPEN} and q.expires_at is not null and q.expires_at <= $1 order by q.expires_at limit ${ROUND}`,
      [now],
    );
    const sql = `${SELECT} where ${OPEN} and q.told_at <= $1 and (q.expires_at is null or q.expires_at > $2) order by q.told_at limit ${ROUND}`;
    const toRemind = await this.#ask(sql, [now - reminderMs, now]);
    return { expired: expired.map(openQuestion), toRemind: toRemind.map(openQuestion) };
  }

  /** How many wait for people, by kind; what a subgoal asks of its run's budget is the planner's own business. */
  async count(): Promise<Readonly<Record<QuestionKind, number>>> {
    const found: Record<QuestionKind, number> = { approval: 0, uncertain: 0, budget: 0, question: 0 };
    const sql = `select q.kind, count(*)::int4 as open from questions q left join runs r on r.id = q.run where ${OPEN} and not (q.kind = 'budget' and q.subgoal is not null) group by q.kind`;
    const { rows } = await mapDatabaseErrors(this.#database.query<{ kind: QuestionKind; open: number }>(sql));
    for (const { kind, open } of rows) found[kind] = open;
    return found;
  }

  async #ask(sql: string, values: unknown[]): Promise<readonly Row[]> {
    return (await mapDatabaseErrors(this.#database.query<Row>(sql, values))).rows;
  }
}

function openQuestion({ run, title, subgoal, body, askedAt, reminders }: Row): OpenQuestion {
  const question = questionSchema.safeParse(body);
  if (question.success) return { run, title: title ?? '', subgoal, question: question.data, askedAt, reminders };
  throw new PraxisError(
    'invalid',
    `The run ${run} asks a question that this release cannot read; run a newer release.`,
    { cause: question.error },
  );
}
