import type { ProbeReport } from './node-pool.js';
import { SlotBound } from './slot-bound.js';

const report = (more: Partial<ProbeReport>): ProbeReport => ({
  at: 0,
  isUp: true,
  note: '',
  running: null,
  waiting: null,
  kvUse: null,
  models: null,
  ...more,
});

describe('SlotBound', () => {
  it('is what the engine says, where it says it', () => {
    const bound = new SlotBound(16);
    bound.note(report({ slots: 4, running: 4, waiting: 0 }), 4, 0);
    expect(bound.slots).toBe(4);
  });

  it('grows while the node keeps up with all that it gets, not while it gets less or its cache is full', () => {
    const bound = new SlotBound(16);
    bound.note(report({ running: 10, waiting: 0 }), 10, 0);
    bound.note(report({ running: 16, waiting: 0, kvUse: 0.95 }), 16, 0);
    expect(bound.slots).toBe(16);
    bound.note(report({ running: 16, waiting: 0, kvUse: 0.5 }), 16, 0);
    expect(bound.slots).toBe(20);
  });

  it('shrinks by what waits at the engine, this process by its share of it', () => {
    const alone = new SlotBound(32);
    alone.note(report({ running: 20, waiting: 12 }), 32, 0);
    expect(alone.slots).toBe(22);
    const beside = new SlotBound(16);
    beside.note(report({ running: 20, waiting: 12 }), 16, 16);
    expect(beside.slots).toBe(11);
  });

  it('does not shrink for calls that wait to be read while there are places', () => {
    const bound = new SlotBound(32);
    bound.note(report({ running: 30, waiting: 0 }), 30, 0);
    bound.note(report({ running: 10, waiting: 8 }), 18, 0);
    expect(bound.slots).toBe(32);
    bound.note(report({ running: 10, waiting: 8, kvUse: 0.97 }), 18, 0);
    expect(bound.slots).toBe(25);
  });

  it('follows refusals and answers where the engine says nothing, and never stops', () => {
    const bound = new SlotBound(16);
    bound.tooMany(9);
    expect(bound.slots).toBe(8);
    for (let i = 0; i < 8; i++) bound.keptUp(8, false);
    expect(bound.slots).toBe(8);
    for (let i = 0; i < 2; i++) bound.keptUp(8, false);
    expect(bound.slots).toBe(9);
    for (let i = 0; i < 20; i++) bound.tooMany(1);
    expect(bound.slots).toBe(1);
  });
});
