import { QUEUES, queueId } from './queue-catalog.js';

describe('queueId', () => {
  it('gives execute a queue for each lane, and the others one', () => {
    expect([queueId('execute'), queueId('execute', 'gpu'), queueId('advance'), queueId('reflect', 'gpu')]).toEqual([
      'execute.default',
      'execute.gpu',
      'advance',
      'reflect',
    ]);
  });
});

describe('QUEUES', () => {
  it('lets through ids only (queues.1)', () => {
    expect(QUEUES.advance.parse({ run: 'r-1', traceparent: null })).toEqual({ run: 'r-1' });
    expect(QUEUES.execute.safeParse({ run: 'r-1' }).success).toBe(false);
    expect(QUEUES.reflect.safeParse({ subgoal: 7 }).success).toBe(false);
  });
});
