import { isLoopback } from '@praxis/platform';
import type { RequestHandler } from 'express';
import { sendFailure } from '../failures.js';
import { isBelow } from './headers.js';

/**
 * Refuses questions under names that are not this machine's, where the dashboard is for this machine alone: a page on
 * the internet may have its own name resolved to 127.0.0.1 and would then read what is answered here.
 */
export function onlyLocalNames(): RequestHandler {
  return (request, response, next) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (isLoopback(`${name}:0`)) return next();
    const port = request.socket.localPort ?? 0;
    sendFailure(response, 421, { code: 'invalid', message: `The dashboard is for this machine only and is found at http://localhost:${port}. To open it to others, set dashboard.address.` });
  };
}

/** Refuses what pages of other sites ask in the background; a link from there is welcome. */
export function onlyOurPages(): RequestHandler {
  return (request, response, next) => {
    const site = request.headers['sec-fetch-site'];
    const isForeign = (site === 'cross-site' || site === 'same-site') && request.headers['sec-fetch-mode'] !== 'navigate';
    if (!isForeign) return next();
    sendFailure(response, 403, { code: 'denied', message: 'Only the pages of the dashboard itself may ask this.' });
  };
}

/** Refuses every method that could change something. */
export function onlyLooking(): RequestHandler {
  return (request, response, next) => {
    const allowed = isBelow(request.path, '/api/session') ? ['GET', 'HEAD', 'POST', 'DELETE'] : ['GET', 'HEAD'];
    if (allowed.includes(request.method)) return next();
    response.setHeader('allow', allowed.join(', '));
    sendFailure(response, 405, { code: 'invalid', message: 'The dashboard only looks. To do something, use `praxis`.' });
  };
}
