import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';
import { isBelow } from './access/headers.js';

/** What is never the page: unknown things below are missing, not pages. */
const NOT_PAGES = ['/api', '/queues', '/metrics', '/healthz', '/assets'];

/**
 * The page's files. What has its hash in its name never changes; everything else is asked for again each time. Every
 * other address is the page's own business, which reads it.
 */
export function servePage(pageDir: string): RequestHandler {
  const index = join(pageDir, 'index.html');
  const files = express.static(pageDir, {
    index: false,
    redirect: false,
    setHeaders: (response: Response, path) => {
      response.setHeader(
        'cache-control',
        path.startsWith(join(pageDir, 'assets')) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response, next) => {
    files(request, response, (thrown?: unknown) => {
      if (thrown !== undefined || NOT_PAGES.some((top) => isBelow(request.path, top))) return next(thrown);
      if (!existsSync(index)) return tellUnbuilt(response);
      response.sendFile(index, { headers: { 'cache-control': 'no-cache' }, cacheControl: false }, (failed?: Error) => {
        if (failed && !response.headersSent) next(failed);
      });
    });
  };
}

function tellUnbuilt(response: Response): void {
  response.status(503).type('text/plain').setHeader('cache-control', 'no-store');
  response.send(
    'The page of the dashboard is not built. Run `npm run build` and load this again; /api, /queues and /metrics answer all the same.\n',
  );
}
