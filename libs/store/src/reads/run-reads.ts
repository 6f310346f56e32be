import { PraxisError, type RunStatus, type RunSummary } from '@praxis/core';
import { mapDatabaseErrors } from '../database-error.js';
import type { Prisma, PrismaClient, Run, Subgoal } from '../generated/client.js';
import type { SubgoalStatus } from '../projections/subgoal-change.js';
import { formatPageToken, parsePageToken, type PagePlace } from './page-token.js';

/**
 * Which runs to list; what is left out or null does not filter. `text` is found in titles and at the beginning of ids.
 */
export interface RunFilter {
  readonly status?: RunStatus | null;
  readonly world?: string | null;
  readonly space?: string | null;
  readonly text?: string | null;
}

/** How many entries to list (0 means 50, and 500 is the most) and where to go on; null is the first page. */
export interface PageRequest {
  readonly size: number;
  readonly token: string | null;
}

/** Runs, newest first, and where to go on; null on the last page. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly next: string | null;
}

/** One line about an attempt at a node of a plan. */
export interface SubgoalSummary {
  readonly id: string;
  readonly run: string;
  readonly node: string;
  readonly attempt: number;
  readonly lane: string;
  readonly domain: string;
  readonly space: string;
  readonly status: SubgoalStatus;
  readonly reason: string;
  readonly steps: number;
  readonly failedSteps: number;
  readonly updatedAt: number;
  readonly endedAt: number | null;
}

const DEFAULT_PAGE = 50;
const MAX_PAGE = 500;

/** What a row has beyond a summary. `nodes` may be long and is never shown in lists. */
const HIDDEN = {
  nodes: true,
  learn: true,
  touchedAt: true,
  length: true,
  control: true,
  moves: true,
  dueAt: true,
} as const;

/** What people ask about runs. */
export class RunReads {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** Newest first. */
  async list(filter: RunFilter, { size, token }: PageRequest): Promise<RunPage> {
    if (!Number.isInteger(size) || size < 0)
      throw new PraxisError(
        'invalid',
        `A page of ${size} runs cannot be listed; ask for 1 to ${MAX_PAGE}, or 0 for ${DEFAULT_PAGE}.`,
      );
    const list = {
      status: filter.status || null,
      world: filter.world || null,
      space: filter.space || null,
      text: filter.text || null,
    };
    const limit = size > 0 ? Math.min(MAX_PAGE, size) : DEFAULT_PAGE;
    const rows = await mapDatabaseErrors(
      this.#prisma.run.findMany({
        where: { AND: [...conditions(filter), ...(token === null ? [] : [before(parsePageToken(token, list))])] },
        orderBy: [{ acceptedAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
        omit: HIDDEN,
      }),
    );
    const runs = await this.#summaries(rows.slice(0, limit));
    return { runs, next: rows.length > limit ? formatPageToken(runs.at(-1)!, list) : null };
  }

  /** Fails with `missing` when there is no such run. */
  async get(id: string): Promise<RunSummary> {
    const row = await mapDatabaseErrors(this.#prisma.run.findUnique({ where: { id }, omit: HIDDEN }));
    if (!row)
      throw new PraxisError('missing', `There is no run ${id}; see the runs there are with \`praxis runs\`.`, {
        details: { run: id },
      });
    return (await this.#summaries([row]))[0]!;
  }

  /** The runs of these ids, in no order; those that there are not are left out. */
  async some(ids: readonly string[]): Promise<readonly RunSummary[]> {
    const rows = await mapDatabaseErrors(this.#prisma.run.findMany({ where: { id: { in: [...ids] } }, omit: HIDDEN }));
    return this.#summaries(rows);
  }

  /** How many runs there are, by status. */
  async counts(): Promise<Readonly<Record<RunStatus, number>>> {
    const found: Record<RunStatus, number> = { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 };
    const rows = await mapDatabaseErrors(this.#prisma.run.groupBy({ by: ['status'], _count: true }));
    for (const { status, _count: count } of rows) found[status as RunStatus] = count;
    return found;
  }

  /** All attempts at the nodes of a run's plans, in the order of their ids. */
  async subgoals(run: string): Promise<readonly SubgoalSummary[]> {
    const rows = await mapDatabaseErrors(this.#prisma.subgoal.findMany({ where: { run }, orderBy: { id: 'asc' } }));
    return rows.map(subgoalSummary);
  }

  async #summaries(rows: readonly SummaryRow[]): Promise<readonly RunSummary[]> {
    const goingOn = rows.filter((row) => row.endedAt === null).map((row) => row.id);
    if (goingOn.length === 0) return rows.map((row) => runSummary(row, 0));
    // What a subgoal asks of its run's budget is the planner's business, not people's.
    const where = {
      run: { in: goingOn },
      closedAt: null,
      askedAt: { not: null },
      NOT: { kind: 'budget', subgoal: { not: null } },
    };
    const counts = await mapDatabaseErrors(this.#prisma.question.groupBy({ by: ['run'], where, _count: true }));
    const open = new Map(counts.map((c) => [c.run, c._count]));
    return rows.map((row) => runSummary(row, open.get(row.id) ?? 0));
  }
}

type SummaryRow = Omit<Run, keyof typeof HIDDEN>;

function conditions({ status, world, space, text }: RunFilter): readonly Prisma.RunWhereInput[] {
  const found: Prisma.RunWhereInput[] = [];
  if (status) found.push({ status });
  if (world) found.push({ world });
  if (space) found.push({ space });
  if (text) {
    const literally = text.replace(/[\\%_]/g, String.raw`\$&`);
    found.push({ OR: [{ title: { contains: literally, mode: 'insensitive' } }, { id: { startsWith: literally } }] });
  }
  return found;
}

function before({ acceptedAt, id }: PagePlace): Prisma.RunWhereInput {
  // The first bound says nothing new; it is what lets the database begin in the middle of its index.
  return { acceptedAt: { lte: acceptedAt }, OR: [{ acceptedAt: { lt: acceptedAt } }, { id: { lt: id } }] };
}

function runSummary(row: SummaryRow, questions: number): RunSummary {
  const endedAt = row.endedAt === null ? null : Number(row.endedAt);
  return { ...row, status: row.status as RunStatus, questions, acceptedAt: Number(row.acceptedAt), endedAt };
}

function subgoalSummary(row: Subgoal): SubgoalSummary {
  const { learn: _learn, stage: _stage, answers: _answers, settled: _settled, reflected: _reflected, ...shown } = row;
  const endedAt = row.endedAt === null ? null : Number(row.endedAt);
  return { ...shown, status: row.status as SubgoalStatus, updatedAt: Number(row.updatedAt), endedAt };
}
