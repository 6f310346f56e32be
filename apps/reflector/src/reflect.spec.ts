import { PraxisError, type ErrorCode } from '@praxis/core';
import type { ReflectorParts } from './parts.js';
import { Reflect } from './reflect.js';

/** Reflects on a subgoal whose run cannot be read; gives what was logged and which subgoals are done with. */
async function reflectWhere(code: ErrorCode) {
  const told: string[] = [];
  const marked: string[] = [];
  const parts = {
    log: { error: (message: string) => told.push(message) },
    store: {
      journal: { read: () => Promise.reject(new PraxisError(code, 'it cannot be read')) },
      work: { markReflected: (subgoal: string) => Promise.resolve(void marked.push(subgoal)) },
    },
  } as unknown as ReflectorParts;
  const end = await new Reflect(parts).on('r-1.1.1.1', new AbortController().signal).then(
    () => 'done',
    (thrown: unknown) => PraxisError.from(thrown).code,
  );
  return { end, told, marked };
}

describe('a trajectory that cannot be learned from', () => {
  it('is put aside with a word to the operator (reflect.5)', async () => {
    expect(await reflectWhere('invalid')).toEqual({
      end: 'done',
      told: ['a trajectory could not be learned from'],
      marked: ['r-1.1.1.1'],
    });
  });

  it('is kept where it may be read later', async () => {
    expect(await reflectWhere('unavailable')).toEqual({ end: 'unavailable', told: [], marked: [] });
  });
});
