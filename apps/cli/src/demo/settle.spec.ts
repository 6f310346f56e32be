import { settle } from './settle.js';

const archive = {
  find: async () => [],
  list: async () => [],
  get: async () => Promise.reject(new Error('not asked for')),
};

describe('settle', () => {
  it('waits until no subgoal of these runs is left (run-demo.2)', async () => {
    const left = [2, 1, 0];
    const told: (number | null)[] = [];
    const isSettled = await settle({
      archive,
      space: 's',
      runs: ['r-1'],
      backlog: async () => left.shift()!,
      signal: new AbortController().signal,
      onProgress: (n) => told.push(n),
    });
    expect([isSettled, told]).toEqual([true, [2, 1, 0]]);
  });

  it('stops waiting when it is told to', async () => {
    await expect(
      settle({
        archive,
        space: 's',
        runs: [],
        backlog: async () => 1,
        signal: AbortSignal.abort(),
        onProgress: () => undefined,
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
