import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '@praxis/core';
import { keyChecker } from '@praxis/wire';

/** What is known of a caller: `in` may look, `out` may sign in, `slowed` has guessed too often. */
export type Standing = 'in' | 'out' | 'slowed';

/**
 * Who may look.
 *
 * access.1 A key is compared in constant time, by its SHA-256; it is kept nowhere.
 * access.2 A session is a cookie that says until when, signed with a secret that lives as long as the process.
 * access.3 A right key is always right. Ten wrong keys within a minute from one address, and further wrong ones from
 *          there are told to wait for the rest of the minute: others may share the address.
 */
export class Access {
  readonly #secret = randomBytes(32);
  readonly #fits: (key: string) => boolean;
  /** Whether a key is needed at all. */
  readonly needsKey: boolean;
  readonly #wrong = new Map<string, { readonly since: number; count: number }>();

  constructor(
    keyHashes: readonly string[],
    private readonly clock: Clock,
  ) {
    this.#fits = keyChecker(keyHashes);
    this.needsKey = keyHashes.length > 0;
  }

  /** Where a caller stands, by its cookie or by the key in its `Authorization: Bearer`. */
  standing(request: IncomingMessage): Standing {
    if (!this.needsKey || this.isSession(cookieOf(request, cookieName(request)))) return 'in';
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return bearer === undefined ? 'out' : this.tryKey(bearer, addressOf(request));
  }

  /** Looks at a key that somebody shows. */
  tryKey(key: string, from: string): Standing {
    if (this.#fits(key)) return 'in';
    if (this.isSlowed(from)) return 'slowed';
    this.blame(from);
    return 'out';
  }

  /** The cookie of a caller whose key was right. */
  newSession(): { readonly value: string; readonly seconds: number } {
    const until = String(this.clock.now() + SESSION_MS);
    return { value: `${until}.${this.sign(until)}`, seconds: SESSION_MS / 1000 };
  }

  private isSession(cookie: string | null): boolean {
    const [until = '', signature = ''] = cookie?.split('.') ?? [];
    const expected = Buffer.from(this.sign(until));
    const shown = Buffer.from(signature);
    return shown.length === expected.length && timingSafeEqual(shown, expected) && Number(until) > this.clock.now();
  }

  private sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }

  private isSlowed(from: string): boolean {
    const wrong = this.#wrong.get(from);
    return wrong !== undefined && this.clock.now() - wrong.since < WINDOW_MS && wrong.count >= MOST_WRONG;
  }

  private blame(from: string): void {
    const now = this.clock.now();
    const wrong = this.#wrong.get(from);
    if (wrong && now - wrong.since < WINDOW_MS) wrong.count++;
    else {
      this.#wrong.delete(from);
      this.#wrong.set(from, { since: now, count: 1 });
    }
    for (const [oldest] of this.#wrong) {
      if (this.#wrong.size <= MOST_BLAMED) break;
      this.#wrong.delete(oldest);
    }
  }
}

const SESSION_MS = 12 * 60 * 60 * 1000;
const MOST_WRONG = 10;
const WINDOW_MS = 60_000;
/** So many addresses are kept in mind; a key has far too many possibilities for whoever can change addresses faster. */
const MOST_BLAMED = 10_000;

/** Seconds after which somebody who was slowed may try again. */
export const RETRY_SECONDS = WINDOW_MS / 1000;

/** Who asks, for slowing down. */
export const addressOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? '';

/** Browsers share cookies among the ports of a host; the name keeps two dashboards apart. */
export const cookieName = (request: IncomingMessage): string => `praxis_session_${request.socket.localPort ?? 0}`;

function cookieOf(request: IncomingMessage, name: string): string | null {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}
