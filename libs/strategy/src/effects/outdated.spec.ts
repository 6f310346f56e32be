import {
  UNBOUNDED,
  stepEvents,
  type Action,
  type OpenedEvent,
  type SkillManifest,
  type StepEvent,
  type Strategy,
  type WorldState,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { interpret } from '../engine/interpreter.js';

const RIDE: Action = { skill: 'ride', args: { who: 'ann', card: 'c1' } };
const http: SkillManifest = {
  name: 'ride',
  summary: '',
  parameters: [],
  source: 'http:bus',
  keyed: true,
  effect: 'irreversible',
};
const FUNDED: WorldState = { facts: ['(funded c1)'], numbers: {} };
const EMPTY: WorldState = { facts: [], numbers: {} };

const once: Strategy<null> = {
  id: 'once',
  version: 1,
  begin: () => ({ state: null, effects: [{ kind: 'execute', id: 'e0', action: RIDE, why: '', origin: 'search' }] }),
  on: (_, event) =>
    event.type === 'observed'
      ? { state: null, effects: [{ kind: 'finish', outcome: 'done', reason: '', result: null }] }
      : { state: null, effects: [] },
};

/**
 * Rides once, decided while the card was funded, in the world as it is then; gives the requests, and what was written.
 */
async function ride(
  now: WorldState,
  more: { readonly stale?: number; readonly manifest?: SkillManifest; readonly problem?: string | null } = {},
) {
  const sent: string[] = [];
  const journal = new MemoryJournal();
  const { stale = 3, manifest = http, problem = 'it needs (funded c1)' } = more;
  const opening: OpenedEvent = {
    type: 'opened',
    by: 'spec',
    strategy: 'once',
    state: { facts: [...FUNDED.facts], numbers: {} },
    condition: '',
    owner: null,
    limits: { steps: 9, replans: 0, ...(stale > 0 && { stale }) },
    allowance: UNBOUNDED,
    suggested: [],
    avoid: [],
    domain: '',
  };
  const run = (_action: Action, key: string) =>
    Promise.resolve({ result: { ok: true as const, message: '' }, state: null }).finally(() => sent.push(key));
  await interpret({
    stream: 's',
    subgoal: 'r-1.1.1.1',
    journal,
    strategy: once as Strategy<unknown>,
    signal: new AbortController().signal,
    opening: () => Promise.resolve(opening),
    handlers: {
      execute: {
        manifest: () => manifest,
        look: () => Promise.resolve(now),
        check: () => Promise.resolve(problem),
        run,
      },
    },
  });
  const events: readonly StepEvent[] = (await journal.read('s')).map((e) => stepEvents.decode(e));
  return { sent, seen: events.find((e) => e.type === 'observed'), tried: events.some((e) => e.type === 'tried') };
}

describe('an action that is really done elsewhere', () => {
  it('is not sent where others have changed the world and it cannot be done there any more', async () => {
    const { sent, seen, tried } = await ride(EMPTY);
    expect([sent, tried]).toEqual([[], false]);
    expect(seen).toMatchObject({
      result: { ok: false, code: 'stale' },
      change: { removed: ['(funded c1)'] },
      spent: { steps: 0 },
    });
  });

  it('is refused, not stale, where no more decisions may be stale', async () => {
    const { sent, seen } = await ride(EMPTY, { stale: 0 });
    expect(sent).toEqual([]);
    expect(seen).toMatchObject({ result: { ok: false, code: 'not-applicable' } });
  });

  it('is sent where nothing has changed, where the change does not forbid it, and where the world itself does it', async () => {
    expect((await ride(FUNDED)).sent).toHaveLength(1);
    expect((await ride(EMPTY, { problem: null })).sent).toHaveLength(1);
    expect((await ride(EMPTY, { manifest: { ...http, source: 'world:w' } })).sent).toHaveLength(1);
  });
});
