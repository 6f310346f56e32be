import { PraxisError } from '@praxis/core';
import { databaseError, hasCode, mapDatabaseErrors } from './database-error.js';

const thrown = (code: string): Error => Object.assign(new Error('from the driver'), { code });

describe('databaseError', () => {
  it.each([
    ['53100', 'exhausted'],
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['ECONNREFUSED', 'unavailable'],
    ['53300', 'unavailable'],
    ['40P01', 'unavailable'],
    ['28P01', 'denied'],
    ['3D000', 'missing'],
    ['42P01', 'invalid'],
    ['57014', 'timeout'],
    ['42601', 'bug'],
  ])('says what %s means: %s', (code, expected) => expect(databaseError(thrown(code)).code).toBe(expected));

  it('finds the code that Prisma hides in a cause or in its meta data', () => {
    const hidden = Object.assign(new Error('P2010'), {
      code: 'P2010',
      meta: { driverAdapterError: { cause: { originalCode: '53100' } } },
    });
    expect(databaseError(hidden).code).toBe('exhausted');
    expect(hasCode(hidden, '53100')).toBe(true);
  });

  it('knows a broken connection by its words where the driver gives no code', () => {
    expect(databaseError(new Error('Connection terminated unexpectedly')).code).toBe('unavailable');
  });

  it('leaves our own errors alone', async () => {
    const own = new PraxisError('conflict', 'stale');
    await expect(mapDatabaseErrors(Promise.reject(own))).rejects.toBe(own);
  });
});
