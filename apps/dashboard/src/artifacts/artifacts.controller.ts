import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { PraxisError, type ArtifactRef } from '@praxis/core';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ended, parseQuery } from '../asked.js';
import { PACE, type DashboardParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { artifactOfRun } from './artifacts-of-run.js';
import { contentDisposition } from './content-disposition.js';
import { viewTypeOf } from './view-type.js';

const fileSchema = z.object({ view: z.enum(['0', '1']).default('0'), name: z.string().nullable().default(null) });

/** Whatever the file holds, it runs no script, loads nothing and is of no origin; an SVG keeps its colours. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * The files of runs.
 *
 * files.1 A file is given only as one that the run refers to; for every other hash the answer is the same, whether there
 *         is such a file or not.
 * files.2 A browser is told to save a file, or to show it as an image or as plain text: never as a page.
 * files.3 Bytes are streamed: a slow browser holds them back, and one that takes nothing for too long is let go.
 */
@Controller('api/runs/:run/artifacts')
export class ArtifactsController {
  constructor(@Inject(PARTS) private readonly parts: Pick<DashboardParts, 'planner' | 'artifacts' | 'pace' | 'log'>) {}

  @Get(':sha256')
  async send(
    @Param() { run, sha256 }: { readonly run: string; readonly sha256: string },
    @Query() query: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { view, name } = parseQuery(fileSchema, query);
    const file = artifactOfRun(await this.parts.planner.get(run, ended(request)), sha256, name);
    if (file === null) throw new PraxisError('missing', 'This run refers to no such file.');
    const bytes = this.parts.artifacts.get(file.$artifact)[Symbol.asyncIterator]();
    // Nothing is promised before the first bytes are here: the file may be gone.
    const first = await bytes.next();
    describe(response, file, view === '1');
    if (request.method === 'HEAD') {
      await bytes.return?.();
      return void response.end();
    }
    response.setTimeout(this.parts.pace?.stallMs ?? PACE.stallMs, () => response.destroy());
    try {
      await pipeline(Readable.from(chain(first, bytes), { objectMode: false }), response);
    } catch (thrown) {
      if (isClosed(thrown)) return;
      this.parts.log.warn('a file was sent in part only', { run, sha256, err: PraxisError.from(thrown) });
      response.destroy();
    }
  }
}

/** The headers of a file (files.2). */
function describe(response: Response, { mediaType, name }: ArtifactRef, isView: boolean): void {
  const type = viewTypeOf(mediaType);
  const headers = {
    'content-type': type ?? 'application/octet-stream',
    'content-disposition': contentDisposition(isView && type !== null ? 'inline' : 'attachment', name),
    'content-security-policy': FILE_POLICY,
    'x-content-type-options': 'nosniff',
  };
  for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
}

async function* chain(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** The browser has left. */
const isClosed = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_STREAM_PREMATURE_CLOSE';
