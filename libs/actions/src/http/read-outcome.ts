import type { FailureCode } from '@praxis/core';
import type { Answered, Outcome } from './exchange.js';

/** What of an answer says whether the request was carried out. */
type Status = Pick<Answered, 'kind' | 'status' | 'text' | 'isWhole' | 'retryAfterMs'>;

/** What an outcome means, whatever kind of skill was called. */
export interface Reading {
  readonly code: 'ok' | FailureCode;
  /** The request may have been carried out, and the answer does not say so. */
  readonly isDoubtful: boolean;
  /** The service is unavailable: the same request is worth repeating for as long as there is time. */
  readonly isOutage: boolean;
  /** The same call is refused whatever happens meanwhile. */
  readonly isPermanent: boolean;
  /** For people; never holds what was sent. */
  readonly message: string;
}

type Meaning = Pick<Reading, 'code'> & Partial<Omit<Reading, 'code' | 'message'>>;

/** The server did not carry it out: the request itself is wrong, not allowed, or not offered. */
const refused = (code: FailureCode): Meaning => ({ code, isPermanent: true });
/** The server did not carry it out in the state that things are in now. */
const NOT_HERE: Meaning = { code: 'not-applicable' };
/** The server did not carry it out, and asks to be called later. */
const LATER: Meaning = { code: 'unavailable', isOutage: true };
/** A gateway that did not get an answer itself, or a first request that is still under way. */
const GATEWAY: Meaning = { code: 'unavailable', isOutage: true, isDoubtful: true };
/** An answer that says nothing about what was done. */
const SILENT: Meaning = { code: 'world-error', isDoubtful: true };

/** What each status means for a call that may have an effect; docs/skills.md tells the same. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  307: refused('world-error'),
  308: refused('world-error'),
  400: refused('invalid-args'),
  401: refused('denied'),
  403: refused('denied'),
  404: NOT_HERE,
  408: LATER,
  409: NOT_HERE,
  412: NOT_HERE,
  413: refused('invalid-args'),
  414: refused('invalid-args'),
  415: refused('invalid-args'),
  422: refused('not-applicable'),
  423: NOT_HERE,
  424: NOT_HERE,
  425: LATER,
  429: LATER,
  // The caller was gone before there was an answer, says a proxy.
  499: SILENT,
  501: refused('world-error'),
  502: GATEWAY,
  503: GATEWAY,
  504: GATEWAY,
};

/** What is to be known for reading an outcome. */
export interface Terms {
  /** The skill changes nothing; its answer is all it is for. */
  readonly pure: boolean;
  /** The server carries out an action at most once per key. */
  readonly keyed: boolean;
  /** An earlier request with the key may have been carried out. */
  readonly inDoubt: boolean;
}

/** Reads an outcome; pure. */
export function readOutcome(outcome: Exclude<Outcome, Answered> | Status, terms: Terms): Reading {
  switch (outcome.kind) {
    case 'unreached':
      return reading(LATER, `could not be reached (${outcome.why})`);
    case 'lost':
      // Of what changes nothing, no answer is only a call that failed for now.
      return reading(
        { ...SILENT, code: outcome.isLate ? 'timeout' : 'unavailable', isOutage: terms.pure },
        `was called, and ${outcome.why}`,
      );
    case 'cancelled':
      return reading(
        { code: 'cancelled', isDoubtful: outcome.wasSent },
        outcome.wasSent
          ? 'was called, and the call was cancelled before it answered'
          : 'was not called: the call was cancelled',
      );
    case 'answered':
      return readStatus(outcome, terms);
  }
}

function readStatus(answer: Status, terms: Terms): Reading {
  const { status, text } = answer;
  const isRedirect = status >= 300 && status < 400;
  const said = isRedirect
    ? `answered ${status}, a redirect, which is not followed; declare the address it leads to`
    : `answered ${status}${text === '' ? '' : `: ${text}`}`;
  const meaning = meaningOf(answer, terms);
  return reading(meaning, meaning.code === 'ok' ? text || 'done' : said);
}

function meaningOf({ status, isWhole, retryAfterMs }: Status, { pure, keyed, inDoubt }: Terms): Meaning {
  const hundreds = Math.floor(status / 100);
  // An answer that breaks off is none: a server may begin it before the work is done.
  if (hundreds === 2) return isWhole ? { code: 'ok' } : { ...SILENT, code: 'unavailable', isOutage: pure };
  // The repetition met its own first request.
  if (status === 409 && keyed && (inDoubt || retryAfterMs !== null)) return GATEWAY;
  // The server itself says when to come back: it did not begin.
  if (status === 503 && retryAfterMs !== null) return LATER;
  return MEANINGS[status] ?? (hundreds === 4 ? refused('world-error') : SILENT);
}

function reading(meaning: Meaning, message: string): Reading {
  return { isDoubtful: false, isOutage: false, isPermanent: false, ...meaning, message };
}
