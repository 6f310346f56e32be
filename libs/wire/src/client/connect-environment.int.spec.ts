import {
  applyChange,
  EMPTY_STATE,
  PraxisError,
  snapshotsOf,
  type Observation,
  type World,
  type WorldInfo,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { startServer, type RunningServer } from '../server/start-server.js';
import type { Closable } from './caller.js';
import { connectEnvironment } from './connect-environment.js';

const INFO: WorldInfo = {
  name: 'lamp',
  version: '1',
  summary: 'A lamp.',
  domain: 'lamp',
  skills: [
    {
      name: 'switch',
      summary: 'Turns the lamp on.',
      parameters: [{ name: 'lamp', type: 'lamp' }],
      effect: 'reversible',
      keyed: true,
      source: 'world:lamp',
    },
  ],
  scenarios: [{ name: 'dark', title: 'A dark room', condition: '(on lamp)' }],
  offers: { snapshots: true, clones: true, legal: true },
};

/** The smallest world: one lamp that can be turned on once. */
class LampWorld implements World {
  /** Why waiting for the switch that is stuck ended. */
  readonly reasons: unknown[] = [];
  readonly sessions = new Map<string, { state: WorldState; readonly done: Map<string, Observation> }>();

  async describe(): Promise<WorldInfo> {
    return INFO;
  }

  async open({ sessionId, scenario }: { sessionId: string; scenario: string }): Promise<WorldSession> {
    if (scenario !== 'dark') throw new PraxisError('missing', `The lamp has no scenario ${scenario}; it has dark.`);
    if (!this.sessions.has(sessionId)) this.sessions.set(sessionId, { state: EMPTY_STATE, done: new Map() });
    return this.resume(sessionId);
  }

  private wait(signal: AbortSignal | undefined): Promise<Observation> {
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => {
        this.reasons.push(signal.reason);
        resolve({ result: { ok: false, code: 'cancelled', message: 'Stopped.' }, state: null });
      });
    });
  }

  async resume(id: string): Promise<WorldSession> {
    const session = this.sessions.get(id);
    if (!session) throw new PraxisError('missing', `There is no session ${id}.`);
    const put = (name: string, state: WorldState): void => void this.sessions.set(name, { state, done: new Map() });
    return {
      id,
      briefing: async () => ({
        rules: { domain: '(define)', problem: '(define)' },
        condition: '(on lamp)',
        agents: [],
      }),
      observe: async () => session.state,
      act: async (action, key, signal) => {
        if (action.args['lamp'] === 'stuck') return this.wait(signal);
        const before = session.done.get(key);
        if (before) return before;
        const isOn = session.state.facts.includes('(on lamp)');
        if (!isOn)
          session.state = applyChange(session.state, { added: ['(on lamp)'], removed: [], numbers: { '(uses)': 1 } });
        const result = isOn
          ? { ok: false as const, code: 'not-applicable' as const, message: 'It is on.' }
          : { ok: true as const, message: String(action.args['lamp']) };
        const observation = { result, state: session.state };
        session.done.set(key, observation);
        return observation;
      },
      legal: async () => [{ skill: 'switch', args: { lamp: 'lamp' } }],
      check: async (condition) =>
        session.state.facts.includes(condition)
          ? { holds: true, problems: [] }
          : { holds: false, problems: ['It is dark.'] },
      snapshots: {
        take: async () => JSON.stringify(session.state),
        restore: async (snapshot) => void (session.state = JSON.parse(snapshot) as WorldState),
        clone: async (snapshot, seed) => (
          put(`${id}-${seed}`, JSON.parse(snapshot) as WorldState),
          this.resume(`${id}-${seed}`)
        ),
      },
      close: async () => void this.sessions.delete(id),
    };
  }
}

let server: RunningServer;
let world: World & Closable;
let lamp: LampWorld;
beforeEach(async () => {
  server = await startServer({
    address: '127.0.0.1:0',
    services: { environment: (lamp = new LampWorld()) },
    graceMs: 0,
  });
  world = connectEnvironment(server.address);
});
afterEach(async () => {
  world.close();
  await server.stop();
});
const open = (): Promise<WorldSession> => world.open({ scenario: 'dark', problem: null, seed: '1', sessionId: 's' });
const turnOn = { skill: 'switch', args: { lamp: 'lamp' } };

describe('a world in another process', () => {
  it('is described as it describes itself', async () => {
    expect(await world.describe()).toEqual(INFO);
  });

  it('acts, observes and checks, and a repeated key changes nothing (environment.1)', async () => {
    const session = await open();
    expect(await session.briefing()).toEqual({
      rules: { domain: '(define)', problem: '(define)' },
      condition: '(on lamp)',
      agents: [],
    });
    expect(await session.observe()).toEqual(EMPTY_STATE);
    const lit = { facts: ['(on lamp)'], numbers: { '(uses)': 1 } };
    expect(await session.act(turnOn, 'k1')).toEqual({ result: { ok: true, message: 'lamp' }, state: lit });
    expect(await session.act(turnOn, 'k1')).toEqual({ result: { ok: true, message: 'lamp' }, state: lit });
    expect(await session.act(turnOn, 'k2')).toEqual({
      result: { ok: false, code: 'not-applicable', message: 'It is on.' },
      state: lit,
    });
    expect(await session.check('(on lamp)')).toEqual({ holds: true, problems: [] });
    expect(await session.check('(off lamp)')).toEqual({ holds: false, problems: ['It is dark.'] });
    expect(await session.legal!()).toEqual([turnOn]);
  });

  it('restores a snapshot, and a clone goes its own way (environment.3)', async () => {
    const session = await open();
    const snapshots = snapshotsOf(session);
    const dark = await snapshots.take();
    await session.act(turnOn, 'k1');
    const clone = await snapshots.clone(dark, '2');
    expect(await clone.observe()).toEqual(EMPTY_STATE);
    expect((await session.observe()).facts).toEqual(['(on lamp)']);
    await snapshots.restore(dark);
    expect(await session.observe()).toEqual(EMPTY_STATE);
  });

  it('hears that an action is to stop, and whoever stopped it is told so', async () => {
    const session = await open();
    const controller = new AbortController();
    const acting = session.act({ skill: 'switch', args: { lamp: 'stuck' } }, 'k1', controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(acting).rejects.toMatchObject({ code: 'cancelled' });
    while (lamp.reasons.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lamp.reasons[0]).toMatchObject({ code: 'cancelled', message: 'The caller is gone.' });
  });

  it('says which session or scenario is missing', async () => {
    await expect(world.resume('nobody')).rejects.toMatchObject({
      code: 'missing',
      message: 'There is no session nobody.',
    });
    await expect(world.open({ scenario: 'bright', problem: null, seed: '1', sessionId: 's' })).rejects.toMatchObject({
      code: 'missing',
    });
  });

  it('forgets a session, and forgetting it twice is no error', async () => {
    const session = await open();
    await session.close();
    await session.close();
    await expect(session.observe()).rejects.toMatchObject({ code: 'missing' });
  });
});
