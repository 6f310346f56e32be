import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { RunStatus } from '@praxis/core';
import type { Explanation, RunPage, RunView } from '@praxis/wire';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ended, parseQuery, text } from './asked.js';
import type { EventStreams } from './live/event-stream.js';
import { streamRunEvents } from './live/run-events.js';
import { PACE, type DashboardParts } from './parts.js';
import { PARTS, STREAMS } from './tokens.js';

/** Every status, so that the compiler misses the one that is forgotten here. */
const STATUSES: Readonly<Record<RunStatus, true>> = {
  waiting: true,
  running: true,
  paused: true,
  done: true,
  failed: true,
  cancelled: true,
};

const listSchema = z.object({
  status: z
    .enum(Object.keys(STATUSES) as RunStatus[])
    .nullable()
    .default(null),
  world: text(200),
  space: text(200),
  text: text(200),
  page: text(500),
  size: z.coerce.number().int().min(1).max(200).default(50),
});

const stepSchema = z.object({ subgoal: z.string().min(1).max(300), step: z.coerce.number().int().nonnegative() });

/** Runs, how they stand and what happens in them. */
@Controller('api/runs')
export class RunsController {
  constructor(
    @Inject(PARTS) private readonly parts: DashboardParts,
    @Inject(STREAMS) private readonly streams: EventStreams,
  ) {}

  @Get()
  list(@Query() query: unknown, @Req() request: Request): Promise<RunPage> {
    const { page, size, ...filter } = parseQuery(listSchema, query);
    return this.parts.planner.list(filter, { size, token: page }, ended(request));
  }

  @Get(':id')
  get(@Param('id') id: string, @Req() request: Request): Promise<RunView> {
    return this.parts.planner.get(id, ended(request));
  }

  /** Why a step was decided, with what models were asked and answered. */
  @Get(':id/why')
  why(@Param('id') run: string, @Query() query: unknown, @Req() request: Request): Promise<Explanation> {
    const { subgoal, step } = parseQuery(stepSchema, query);
    return this.parts.planner.explain({ run, at: { subgoal, step }, prompts: true }, ended(request));
  }

  @Get(':id/events')
  events(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const { planner, log, pace } = this.parts;
    return streamRunEvents(id, this.streams.add(response), { planner, log, batchMs: pace?.batchMs ?? PACE.batchMs });
  }
}
