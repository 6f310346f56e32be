import { ERROR_TABLE, PraxisError } from './errors.js';

describe('ERROR_TABLE', () => {
  it('gives every code a gRPC status and an exit code of its own', () => {
    const rows = Object.values(ERROR_TABLE);
    expect(new Set(rows.map((r) => r.grpc)).size).toBe(rows.length);
    expect(new Set(rows.map((r) => r.exit)).size).toBe(rows.length);
    expect(rows.every((r) => r.exit > 0 && r.exit < 256)).toBe(true);
  });
});

describe('PraxisError.from', () => {
  it('keeps what is one already, and keeps the cause of anything else', () => {
    const known = new PraxisError('missing', 'no such run', { details: { run: 'r-1' } });
    expect(PraxisError.from(known)).toBe(known);
    const thrown = new TypeError('x is undefined');
    expect(PraxisError.from(thrown)).toMatchObject({
      code: 'bug',
      message: 'x is undefined',
      cause: thrown,
      details: {},
    });
    expect(PraxisError.from('plain text')).toMatchObject({ code: 'bug', message: 'plain text' });
  });

  it('takes an abort for a cancel', () => {
    const aborted = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });
    expect(PraxisError.from(aborted)).toMatchObject({ code: 'cancelled' });
  });
});

describe('PraxisError.from a full disk', () => {
  it('says that the disk is full instead of calling it a bug', () => {
    const thrown = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(PraxisError.from(thrown)).toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('disk is full'),
    });
  });
});
