import { isLoopback } from '@praxis/platform';
import type { RequestHandler } from 'express';
import { sendFailure } from '../failures.js';
import { isBelow } from './headers.js';

/** Which names a dashboard answers to. */
export interface KnownNames {
  /** Whether it listens for this machine alone. */
  readonly isLocal: boolean;
  /** Besides those of this machine. */
  readonly hosts: readonly string[];
}

/**
 * Refuses questions under names that are not the dashboard's: a page on the internet may have its own name resolved to
 * an address of this machine, or of the container that is published there, and would then read what is answered.
 */
export function knownHostsOnly({ isLocal, hosts }: KnownNames): RequestHandler {
  const known = new Set(isLocal ? [] : hosts.map((host) => host.toLowerCase()));
  return (request, response, next) => {
    const name = hostOf(request.headers.host ?? '').toLowerCase();
    if (
      isLoopback(`${name}:0`) ||
      (name !== '' && known.has(name)) ||
      (!isLocal && name === ownAddress(request.socket.localAddress))
    )
      return next();
    const port = request.socket.localPort ?? 0;
    const message = isLocal
      ? `The dashboard is for this machine only and is found at http://localhost:${port}. To open it to others, set dashboard.address.`
      : 'The dashboard asks for no key, and answers only to names that it knows. Add this name to PRAXIS_DASHBOARD_HOSTS, or ask for a key (PRAXIS_API_KEY_HASHES).';
    sendFailure(response, 421, { code: 'invalid', message });
  };
}

/** A host without its port; empty where it is an address of all interfaces, which is nobody's name. */
export function hostOf(address: string): string {
  const host = address.replace(/:\d+$/, '');
  return /^(0\.0\.0\.0|\[::\]|::)$/.test(host) ? '' : host;
}

/** The address that a connection came in at, as a browser writes it. */
function ownAddress(local: string | undefined): string {
  const plain = (local ?? '').replace(/^::ffff:/, '');
  return plain.includes(':') ? `[${plain}]` : plain;
}

/** Refuses what pages of other sites ask in the background; a link from there is welcome. */
export function sameOrigin(): RequestHandler {
  return (request, response, next) => {
    const site = request.headers['sec-fetch-site'];
    const isForeign =
      (site === 'cross-site' || site === 'same-site') && request.headers['sec-fetch-mode'] !== 'navigate';
    if (!isForeign) return next();
    sendFailure(response, 403, { code: 'denied', message: 'Only the pages of the dashboard itself may ask this.' });
  };
}

/** Refuses every method that could change something. */
export function readOnly(): RequestHandler {
  return (request, response, next) => {
    const allowed = isBelow(request.path, '/api/session') ? ['GET', 'HEAD', 'POST', 'DELETE'] : ['GET', 'HEAD'];
    if (allowed.includes(request.method)) return next();
    response.setHeader('allow', allowed.join(', '));
    sendFailure(response, 405, {
      code: 'invalid',
      message: 'The dashboard only looks. To do something, use `praxis`.',
    });
  };
}
