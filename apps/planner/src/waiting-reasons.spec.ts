import { PraxisError, type RunSummary } from '@praxis/core';
import { WaitingReasons } from './waiting-reasons.js';

const summary = (changes: Partial<RunSummary> = {}): RunSummary => ({ id: 'r-1', reason: '', endedAt: null, status: 'waiting', ...changes }) as RunSummary;
const fails = (error: Error) => () => Promise.reject(error);
const away = new PraxisError('unavailable', 'No executor knows the world moon; start one that does.');

describe('WaitingReasons', () => {
  it('says why a run does not move, until a pass gets through', async () => {
    const reasons = new WaitingReasons();
    await expect(reasons.during('r-1', fails(away))).rejects.toBe(away);
    expect(reasons.explain(summary()).reason).toBe(away.message);
    expect(reasons.explain(summary({ id: 'r-2' })).reason).toBe('');
    await reasons.during('r-1', async () => undefined);
    expect(reasons.explain(summary()).reason).toBe('');
  });

  it('says nothing of runs that have a reason of their own or have ended, and of races that were lost', async () => {
    const reasons = new WaitingReasons();
    await reasons.during('r-1', fails(away)).catch(() => undefined);
    expect(reasons.explain(summary({ reason: 'paused by me' })).reason).toBe('paused by me');
    expect(reasons.explain(summary({ endedAt: 1 })).reason).toBe('');
    await reasons.during('r-2', fails(new PraxisError('conflict', 'another one was first'))).catch(() => undefined);
    expect(reasons.explain(summary({ id: 'r-2' })).reason).toBe('');
  });
});
