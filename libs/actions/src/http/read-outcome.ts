import type { FailureCode } from '@praxis/core';
import type { Outcome } from './exchange.js';

/** What an outcome means, whatever kind of skill was asked. */
export interface Reading {
  readonly code: 'ok' | FailureCode;
  /** Whether the effect may have come about without our being told. */
  readonly isDoubtful: boolean;
  /** The server has answered for this very key, which ends earlier doubt. */
  readonly settles: boolean;
  /** Asking again with the same key may help. */
  readonly again: boolean;
  /** For people; never holds what was sent. */
  readonly message: string;
}

type Meaning = Pick<Reading, 'code'> & Partial<Pick<Reading, 'isDoubtful' | 'settles' | 'again'>>;

/** The server has understood and did not do it. */
const refused = (code: FailureCode): Meaning => ({ code, settles: true });
const NOT_NOW: Meaning = { code: 'unavailable', again: true };
/** Somebody in between, or a first request that is still under way: nobody can know yet. */
const UNDER_WAY: Meaning = { code: 'unavailable', again: true, isDoubtful: true };
/** Not done here: to be looked for elsewhere, or not to be had at all. */
const NOT_HERE: Meaning = { code: 'world-error' };

const MEANINGS: Readonly<Record<number, Meaning>> = {
  307: NOT_HERE,
  308: NOT_HERE,
  400: refused('invalid-args'),
  401: { code: 'denied' },
  403: { code: 'denied' },
  404: refused('not-applicable'),
  408: NOT_NOW,
  409: refused('not-applicable'),
  410: refused('not-applicable'),
  412: refused('not-applicable'),
  413: refused('invalid-args'),
  422: refused('not-applicable'),
  429: NOT_NOW,
  501: NOT_HERE,
  502: UNDER_WAY,
  503: NOT_NOW,
  504: UNDER_WAY,
};

/** What is to be known for reading an outcome. */
export interface Terms {
  /** The skill changes nothing; its answer is all it is for. */
  readonly pure: boolean;
  /** The server does an action at most once per key. */
  readonly keyed: boolean;
  /** An earlier request with the key may have arrived. */
  readonly doubted: boolean;
}

/** Reads an outcome; pure. */
export function readOutcome(outcome: Outcome, terms: Terms): Reading {
  switch (outcome.kind) {
    case 'unreached':
      return reading('unavailable', `could not be reached (${outcome.why})`, { again: true });
    case 'lost':
      return reading(outcome.isLate ? 'timeout' : 'unavailable', `was asked, and ${outcome.why}`, { again: true, isDoubtful: true });
    case 'cancelled':
      return reading('cancelled', outcome.wasSent ? 'was asked, and the call was cancelled before it answered' : 'was not asked: the call was cancelled', { isDoubtful: outcome.wasSent });
    case 'answered':
      return readStatus(outcome, terms);
  }
}

function readStatus(answer: Extract<Outcome, { kind: 'answered' }>, terms: Terms): Reading {
  const { status, text } = answer;
  const isRedirect = status >= 300 && status < 400;
  const said = isRedirect ? `answered ${status}, a redirect, which is not followed; declare the address it leads to` : `answered ${status}${text === '' ? '' : `: ${text}`}`;
  const { code, ...more } = meaningOf(answer, terms);
  return reading(code, code === 'ok' ? text || 'done' : said, more);
}

function meaningOf(answer: Extract<Outcome, { kind: 'answered' }>, { pure, keyed, doubted }: Terms): Meaning {
  const { status, isWhole, retryAfterMs } = answer;
  const hundreds = Math.floor(status / 100);
  // An effect that was confirmed needs no better answer; of what changes nothing the answer is all.
  if (hundreds === 2) return isWhole || !pure ? { code: 'ok', settles: true } : NOT_NOW;
  const meetsTheFirst = status === 409 && keyed && (doubted || retryAfterMs !== null);
  return meetsTheFirst ? UNDER_WAY : (MEANINGS[status] ?? otherMeaning(hundreds, keyed));
}

function otherMeaning(hundreds: number, keyed: boolean): Meaning {
  if (hundreds === 4) return NOT_HERE;
  return keyed && hundreds === 5 ? refused('world-error') : { code: 'world-error', isDoubtful: true };
}

function reading(code: Reading['code'], message: string, more: Omit<Meaning, 'code'> = {}): Reading {
  return { code, message, isDoubtful: false, settles: false, again: false, ...more };
}
