import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PraxisError, type ErrorCode, type Logger } from '@praxis/core';
import type { Response } from 'express';
import type { Failure } from './api.js';

/** How HTTP says it. `denied` is not 401: it is the dashboard that was refused there, and signing in would not help. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  missing: 404,
  denied: 502,
  exhausted: 429,
  conflict: 409,
  unavailable: 503,
  timeout: 504,
  cancelled: 503,
  bug: 500,
};

/** Answers with a failure instead of what was asked for. */
export function sendFailure(response: Response, status: number, failure: Failure): void {
  if (response.headersSent) return void response.destroy();
  response.status(status).setHeader('cache-control', 'no-store').json(failure);
}

/** Turns whatever was thrown while answering into a failure in words; what nobody foresaw is logged, not told. */
@Catch()
export class HttpErrors implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const refused = refusalOf(thrown);
    if (refused)
      return sendFailure(response, refused.status, {
        code: refused.status === 404 ? 'missing' : 'invalid',
        message: refused.message,
      });
    const error = PraxisError.from(thrown);
    if (error.code === 'bug') {
      this.log.error('a question failed for a reason that nobody foresaw', { err: thrown });
      return sendFailure(response, STATUS.bug, {
        code: 'bug',
        message: "Something went wrong inside Praxis; the dashboard's log says what. Please report it.",
      });
    }
    const message =
      error.code === 'denied'
        ? `The dashboard itself was refused: ${error.message} Its key is PRAXIS_API_KEY.`
        : error.message;
    sendFailure(response, STATUS[error.code], { code: error.code, message });
  }
}

/** What Nest or Express refused before any code of ours saw it. */
function refusalOf(thrown: unknown): { readonly status: number; readonly message: string } | null {
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusIn(thrown);
  if (status === null || status >= 500) return null;
  if (status === 404) return { status, message: 'There is nothing at this address.' };
  if (status === 413)
    return { status, message: 'The request is too large; nothing that the dashboard is asked needs more than 16 KB.' };
  return { status, message: 'The request cannot be understood; its body must be JSON.' };
}

/** The status that a middleware of Express chose; null for what is no such error. */
function statusIn(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || thrown instanceof PraxisError || !('status' in thrown)) return null;
  return typeof thrown.status === 'number' && thrown.status >= 400 ? thrown.status : null;
}
