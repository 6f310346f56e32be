import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Tool } from '@praxis/core';
import { z } from 'zod';
import { parseQuery, text } from './asked.js';
import type { DashboardParts } from './parts.js';
import { PARTS } from './tokens.js';

const listSchema = z.object({ space: text(200) });

/** What was learned. */
@Controller('api/tools')
export class ToolsController {
  constructor(@Inject(PARTS) private readonly parts: Pick<DashboardParts, 'archive'>) {}

  @Get()
  list(@Query() query: unknown): Promise<readonly Tool[]> {
    return this.parts.archive.list(parseQuery(listSchema, query).space);
  }

  @Get(':id')
  get(@Param('id') id: string): Promise<Tool> {
    return this.parts.archive.get(id);
  }
}
