import { PraxisError, fold, goalSchema, runEvents, runStream, type Run, type RunEvent } from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { noteBlocked } from './note-blocked.js';
import type { PlannerParts } from './parts.js';

const away = (message = 'No model could be asked.'): PraxisError => new PraxisError('unavailable', message);

async function scene(...events: readonly RunEvent[]) {
  const journal = new MemoryJournal();
  const accepted: RunEvent = { type: 'accepted', goal: goalSchema.parse({ title: 'g', world: 'w' }) };
  await journal.append(
    runStream('r-1'),
    0,
    [accepted, ...events].map((e) => runEvents.encode(e)),
  );
  const read = async (): Promise<readonly RunEvent[]> =>
    (await journal.read(runStream('r-1'))).map((e) => runEvents.decode(e));
  const parts = { store: { journal }, log: { debug: () => undefined } } as unknown as PlannerParts;
  const note = (thrown: unknown): Promise<void> => noteBlocked('r-1', thrown, parts);
  return {
    note,
    run: async (): Promise<Run> => fold(await read())!,
    count: async () => (await read()).filter((e) => e.type === 'blocked').length,
    journal,
  };
}

describe('why a run cannot go on', () => {
  it('is written once for each reason, and forgotten when something happens', async () => {
    const { note, run, count, journal } = await scene();
    await note(away());
    await note(away());
    expect([await count(), (await run()).blocked]).toEqual([1, 'No model could be asked.']);
    await note(new PraxisError('timeout', 'The world is slow.'));
    expect([await count(), (await run()).blocked]).toEqual([2, 'The world is slow.']);
    await journal.append(runStream('r-1'), 3, [runEvents.encode({ type: 'paused', by: 'ann', reason: 'lunch' })]);
    expect((await run()).blocked).toBeNull();
  });

  it('does not fill the journal where it changes every time', async () => {
    const { note, count } = await scene();
    for (let i = 0; i < 40; i++) await note(away(`try ${i}`));
    expect(await count()).toBe(10);
  });

  it.each(['invalid', 'bug', 'conflict', 'cancelled'] as const)(
    'is nothing that waiting would not mend: %s',
    async (code) => {
      const { note, count } = await scene();
      await note(new PraxisError(code, 'no'));
      expect(await count()).toBe(0);
    },
  );

  it('is nothing for a run that has ended, nor where the journal is away', async () => {
    const { note, count } = await scene({ type: 'ended', outcome: 'done', reason: '' });
    await note(away());
    expect(await count()).toBe(0);
    await expect(
      noteBlocked('r-1', away(), {
        store: { journal: { read: () => Promise.reject(new Error('away')) } },
        log: { debug: () => undefined },
      } as unknown as PlannerParts),
    ).resolves.toBeUndefined();
  });
});
