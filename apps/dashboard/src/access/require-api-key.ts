import type { RequestHandler, Response } from 'express';
import { RETRY_SECONDS, type Access, type Standing } from '../access.js';
import { sendFailure } from '../failures.js';
import { isBelow } from './headers.js';

/** What is behind the door: the page itself holds nothing, and must be there to ask for the key. */
const BEHIND = ['/api', '/queues', '/metrics'];

/** Lets in who has signed in or shows a key. */
export function requireApiKey(access: Access): RequestHandler {
  return (request, response, next) => {
    const isOpen = !BEHIND.some((top) => isBelow(request.path, top)) || isBelow(request.path, '/api/session');
    const standing = isOpen ? 'in' : access.standing(request);
    if (standing === 'in') return next();
    if (standing === 'out' && isBelow(request.path, '/queues') && request.headers['sec-fetch-dest'] === 'document')
      return response.redirect(303, '/');
    turnAway(response, standing, 'Sign in with the key of this Praxis, or show it as `Authorization: Bearer …`.');
  };
}

/** Says why somebody may not look. */
export function turnAway(response: Response, standing: Exclude<Standing, 'in'>, message: string): void {
  if (standing === 'out') return sendFailure(response, 401, { code: 'denied', message });
  response.setHeader('retry-after', String(RETRY_SECONDS));
  sendFailure(response, 429, {
    code: 'exhausted',
    message: 'Too many wrong keys from your address. Wait a minute and try again.',
  });
}
