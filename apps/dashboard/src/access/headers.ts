import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

const OURS = ["'self'"];
const NONE = ["'none'"];

/** The page: everything from here, nothing inline, framed by nobody. */
const PAGE = {
  defaultSrc: NONE,
  scriptSrc: OURS,
  styleSrc: OURS,
  imgSrc: [...OURS, 'data:'],
  fontSrc: OURS,
  connectSrc: OURS,
  baseUri: NONE,
  formAction: NONE,
  frameAncestors: NONE,
};

/** Bull Board sets the address that its page counts from, and styles written into the page. */
const BOARD = { ...PAGE, styleSrc: [...OURS, "'unsafe-inline'"], baseUri: OURS };

/**
 * Headers that keep a browser from doing more with our pages than to show them. `isPublic` for HTTPS at an address of
 * its own: the promise to stay with HTTPS would hold for everything else on a machine's loopback.
 */
export function secureHeaders({ isPublic }: { readonly isPublic: boolean }): RequestHandler {
  const options = (directives: typeof PAGE): HelmetOptions => ({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isPublic ? { maxAge: 15_552_000, includeSubDomains: false } : false,
  });
  const page = helmet(options(PAGE));
  const board = helmet(options(BOARD));
  return (request, response, next) => {
    response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    (isBelow(request.path, '/queues') ? board : page)(request, response, next);
  };
}

/** Whether a path is this one or below it. */
export function isBelow(path: string, top: string): boolean {
  const lower = path.toLowerCase();
  return lower === top || lower.startsWith(`${top}/`);
}
