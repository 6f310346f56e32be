import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import type { QuestionKind } from '@praxis/core';
import type { OpenQuestion } from '@praxis/wire';
import type { Request } from 'express';
import { z } from 'zod';
import { ended, parseQuery, text } from './asked.js';
import type { DashboardParts } from './parts.js';
import { PARTS } from './tokens.js';

/** Every kind, so that the compiler misses the one that is forgotten here. */
const KINDS: Readonly<Record<QuestionKind, true>> = { approval: true, uncertain: true, budget: true, question: true };

const listSchema = z.object({
  run: text(200),
  kind: z
    .enum(Object.keys(KINDS) as QuestionKind[])
    .nullable()
    .default(null),
});

/** What waits for people; they answer elsewhere. */
@Controller('api/questions')
export class QuestionsController {
  constructor(@Inject(PARTS) private readonly parts: Pick<DashboardParts, 'planner'>) {}

  @Get()
  list(@Query() query: unknown, @Req() request: Request): Promise<readonly OpenQuestion[]> {
    return this.parts.planner.questions(parseQuery(listSchema, query), ended(request));
  }
}
