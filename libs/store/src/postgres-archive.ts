import { PraxisError, toolSchema, type Archive, type Tool, type ToolQuery, type Trust } from '@praxis/core';
import { mapDatabaseErrors } from './database-error.js';
import type { PrismaClient, Tool as ToolRow } from './generated/client.js';

/** One paired trial of a tool: the same seed, without it and with it. */
export interface PairedTrial {
  readonly seed: string;
  readonly without: boolean;
  readonly withTool: boolean;
}

/** The archive, and the trials by which its tools were judged. */
export class PostgresArchive implements Archive {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async find({ space, domain, trust = 'active' }: ToolQuery): Promise<readonly Tool[]> {
    const rows = await mapDatabaseErrors(
      this.#prisma.tool.findMany({ where: { space, domain, trust }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    );
    return rows.map(readTool);
  }

  async get(id: string): Promise<Tool> {
    const row = await mapDatabaseErrors(this.#prisma.tool.findUnique({ where: { id } }));
    if (!row)
      throw new PraxisError('missing', `There is no tool ${id} in the archive; list the tools to find its id.`, {
        details: { tool: id },
      });
    return readTool(row);
  }

  async list(space: string | null): Promise<readonly Tool[]> {
    const where = space === null ? {} : { space };
    const rows = await mapDatabaseErrors(
      this.#prisma.tool.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] }),
    );
    return rows.map(readTool);
  }

  /** How many tools there are, by trust. */
  async counts(): Promise<Readonly<Record<Trust, number>>> {
    const found: Record<Trust, number> = { candidate: 0, active: 0, rejected: 0, retired: 0 };
    const rows = await mapDatabaseErrors(this.#prisma.tool.groupBy({ by: ['trust'], _count: true }));
    for (const { trust, _count: count } of rows) found[trust as Trust] = count;
    return found;
  }

  /** Adds a tool, or replaces its trust and evidence; an untested one is never active, whatever its kind. */
  async save(tool: Tool): Promise<void> {
    const { id, trust, evidence } = toolSchema.parse(tool);
    if (trust === 'active' && evidence.pairs === 0)
      throw new PraxisError(
        'invalid',
        `The tool ${id} was not tried, so that it cannot be active; save it as a candidate.`,
        { details: { tool: id } },
      );
    const create = { ...tool, createdAt: BigInt(tool.createdAt) };
    await mapDatabaseErrors(this.#prisma.tool.upsert({ where: { id }, create, update: { trust, evidence } }));
  }

  /** Adds trials of a tool; a seed that was tried before keeps its first result. */
  async recordTrials(tool: string, trials: readonly PairedTrial[]): Promise<void> {
    const data = trials.map(({ seed, without, withTool }) => ({ tool, seed, withoutOk: without, withOk: withTool }));
    await mapDatabaseErrors(this.#prisma.trial.createMany({ data, skipDuplicates: true }));
  }

  /** The trials of a tool, by seed. */
  async trials(tool: string): Promise<readonly PairedTrial[]> {
    const rows = await mapDatabaseErrors(this.#prisma.trial.findMany({ where: { tool }, orderBy: { seed: 'asc' } }));
    return rows.map(({ seed, withoutOk, withOk }) => ({ seed, without: withoutOk, withTool: withOk }));
  }
}

function readTool(row: ToolRow): Tool {
  const parsed = toolSchema.safeParse({ ...row, createdAt: Number(row.createdAt) });
  if (parsed.success) return parsed.data;
  throw new PraxisError(
    'invalid',
    `The archive holds a tool (${row.id}) that this release cannot read; run a newer release.`,
    { cause: parsed.error },
  );
}
