import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Overview } from '@praxis/wire';
import type { Response } from 'express';
import type { EventStreams } from './live/event-stream.js';
import type { News } from './live/news.js';
import type { Overviews } from './live/overviews.js';
import { NEWS, OVERVIEWS, STREAMS } from './tokens.js';

/** How the whole cluster stands, and what is new in it. */
@Controller()
export class OverviewController {
  constructor(
    @Inject(OVERVIEWS) private readonly overviews: Overviews,
    @Inject(NEWS) private readonly feed: News,
    @Inject(STREAMS) private readonly streams: EventStreams,
  ) {}

  @Get('api/overview')
  overview(): Promise<Overview> {
    return this.overviews.ask();
  }

  @Get('api/news')
  news(@Res() response: Response): Promise<void> {
    return this.feed.tell(this.streams.add(response));
  }

  /** That the process serves; whether it reaches the others is for who looks. */
  @Get('healthz')
  health(): { readonly status: 'serving' } {
    return { status: 'serving' };
  }
}
