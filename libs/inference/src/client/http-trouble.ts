import { NodeTrouble, type TroubleKind } from '../node-trouble.js';

/** So much of an error is read, and so much of that is shown. */
export const ERROR_CAP = 16 * 1024;
const SHOWN_CAP = 300;

/** Words of servers that say 400 or 413 when the input does not fit. */
const TOO_LONG =
  /context[ _](length|size|window)|maximum context|context_length_exceeded|exceed_context|too long|too many (input )?tokens|inputs?`? tokens.{0,40}(exceed|must be)|must have less than \d+ tokens|prompt is too large/i;
/** Words of servers that say 400 or 422 when they do not serve a model. */
const NO_MODEL =
  /model[^.]{0,80}(does not exist|not found|not loaded|not available|is not served)|(unknown|no such|invalid) model|model_not_found/i;

const BY_STATUS: Readonly<Record<number, TroubleKind>> = {
  401: 'denied',
  403: 'denied',
  404: 'no-model',
  408: 'timeout',
  410: 'no-model',
  413: 'too-long',
  429: 'busy',
  503: 'busy',
  504: 'timeout',
};

/** What an HTTP answer that is no success means to whoever chose the node. */
export function troubleKind(status: number, text: string): TroubleKind {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status < 400 || status >= 500) return 'broken';
  return TOO_LONG.test(text) ? 'too-long' : NO_MODEL.test(text) ? 'no-model' : 'refused';
}

/** An HTTP answer that is no success, as trouble. */
export function httpTrouble(
  node: { readonly name: string; readonly key: string | null },
  status: number,
  text: string,
  retryAfterMs: number | null,
): NodeTrouble {
  const said = shown(saidBy(text), node.key);
  const message = `Node ${node.name} answered ${status}${said === '' ? '' : `: ${said}`}`;
  return new NodeTrouble(troubleKind(status, text), message, retryAfterMs === null ? {} : { retryAfterMs });
}

/** The longest wait that a server can ask for. */
const LONGEST_WAIT_MS = 3_600_000;

/** `Retry-After` in milliseconds: seconds or a date; null where there is none that can be read. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  const ms = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /[a-z]/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms)), LONGEST_WAIT_MS) : null;
}

/** The message inside an error's JSON, in the shapes that engines use; else the text itself. */
export function saidBy(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: shown as it is.
    return text;
  }
  return messageIn(body) ?? text;
}

function messageIn(body: unknown, depth = 3): string | null {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null || depth === 0) return null;
  const { message, error, detail } = body as {
    readonly message?: unknown;
    readonly error?: unknown;
    readonly detail?: unknown;
  };
  if (typeof message === 'string') return message;
  const inner = messageIn(error, depth - 1);
  if (inner !== null) return inner;
  return typeof detail === 'string' ? detail : detail === undefined ? null : JSON.stringify(detail);
}

/** A server's words for a message: one line, without control characters and the node's key, and not too long. */
export function shown(text: string, key: string | null): string {
  const safe = key === null || key === '' ? text : text.replaceAll(key, '***');
  const line = safe.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= SHOWN_CAP ? line : `${line.slice(0, SHOWN_CAP)}…`;
}
