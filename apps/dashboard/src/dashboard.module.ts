import { Module, type DynamicModule } from '@nestjs/common';
import type { Access } from './access.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import type { EventStreams } from './live/event-stream.js';
import { News } from './live/news.js';
import type { Overviews } from './live/overviews.js';
import { OverviewController } from './overview.controller.js';
import { PACE, type DashboardParts } from './parts.js';
import { QuestionsController } from './questions.controller.js';
import { RunsController } from './runs.controller.js';
import { SessionController } from './session.controller.js';
import { ACCESS, NEWS, OVERVIEWS, PARTS, STREAMS } from './tokens.js';
import { ToolsController } from './tools.controller.js';

/** What the controllers share besides the parts. */
export interface Inside {
  readonly access: Access;
  readonly overviews: Overviews;
  readonly streams: EventStreams;
}

/** Everything that answers below `/api`. */
@Module({})
export class DashboardModule {
  static with(parts: DashboardParts, { access, overviews, streams }: Inside): DynamicModule {
    const news = new News({ planner: parts.planner, overviews, pace: { ...PACE, ...parts.pace }, log: parts.log });
    return {
      module: DashboardModule,
      controllers: [
        SessionController,
        RunsController,
        ArtifactsController,
        QuestionsController,
        OverviewController,
        ToolsController,
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: ACCESS, useValue: access },
        { provide: OVERVIEWS, useValue: overviews },
        { provide: STREAMS, useValue: streams },
        { provide: NEWS, useValue: news },
      ],
    };
  }
}
