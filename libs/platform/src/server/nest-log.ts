import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@praxis/core';

/** Nest's own words, in our log; its reports of what it has set up are for debugging only. */
export function nestLogger(log: Logger): LoggerService {
  const text = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message));
  return {
    log: (message: unknown) => log.debug(text(message)),
    error: (message: unknown) => log.error(text(message)),
    warn: (message: unknown) => log.warn(text(message)),
    fatal: (message: unknown) => log.error(text(message)),
  };
}
