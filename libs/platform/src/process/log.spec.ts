import { PassThrough } from 'node:stream';
import { PraxisError } from '@praxis/core';
import { createLogger } from './log.js';

function capture(level: 'debug' | 'info' | 'warn' | 'error' | 'silent' = 'debug'): {
  log: ReturnType<typeof createLogger>;
  lines: () => Record<string, unknown>[];
} {
  const out = new PassThrough();
  const log = createLogger({ level, name: 'test' }, out);
  return {
    log,
    lines: () =>
      String(out.read() ?? '')
        .split('\n')
        .filter(Boolean)
        .map((l) => JSON.parse(l) as Record<string, unknown>),
  };
}

describe('createLogger', () => {
  it('writes one JSON line with the message, the fields and those of its parents', () => {
    const { log, lines } = capture();
    log.child({ run: 'r-1' }).child({ step: 2 }).info('a step was made', { ms: 5 });
    expect(lines()).toMatchObject([{ name: 'test', run: 'r-1', step: 2, ms: 5, msg: 'a step was made' }]);
  });

  it('keeps passwords out of fields, of child fields and of errors', () => {
    const { log, lines } = capture();
    const url = 'postgres://me:hunter2@h/d';
    log.child({ at: url, token: 'hunter2' }).warn('away', {
      url,
      password: 'hunter2',
      err: new PraxisError('unavailable', `no answer at ${url}`, { cause: new Error(url) }),
    });
    const text = JSON.stringify(lines());
    expect(text).not.toContain('hunter2');
    expect(text).toContain('unavailable');
  });

  it('writes nothing below its level, and nothing at all when it is silent', () => {
    const { log, lines } = capture('warn');
    log.info('no');
    log.warn('yes');
    expect(lines().map((l) => l['msg'])).toEqual(['yes']);
    const silent = capture('silent');
    silent.log.error('no');
    expect(silent.lines()).toEqual([]);
  });
});
