import { nodeSpecSchema, PraxisError, type NodeSpec } from '@praxis/core';
import type { NodesApi, RegistrationReceipt } from '../nodes-api.js';
import { registerNode, type NodeRegistration } from './register-node.js';

const spec = nodeSpecSchema.parse({ name: 'gpu1', url: 'http://gpu1:8000/v1' });
const away = new PraxisError('unavailable', 'cannot reach the planner');

/** A planner that does what a list says, one word a call, and stops the test at its end. */
class Planner implements Pick<NodesApi, 'register' | 'heartbeat' | 'leave'> {
  readonly calls: string[] = [];
  readonly changes: string[] = [];
  readonly pauses: number[] = [];
  readonly #stop = new AbortController();

  constructor(private readonly script: ('ok' | 'unknown' | 'away' | 'denied' | 'conflict')[]) {}

  #next(call: string): string {
    this.calls.push(call);
    const word = this.script.shift()!;
    if (this.script.length === 0) this.#stop.abort();
    if (word === 'away') throw away;
    if (word === 'denied' || word === 'conflict') throw new PraxisError(word, 'no');
    return word;
  }

  register = async (given: NodeSpec): Promise<RegistrationReceipt> => (
    expect(given).toBe(spec),
    this.#next('register'),
    { heartbeatMs: 5_000, token: 't' }
  );
  heartbeat = async (): Promise<boolean> => this.#next('heartbeat') === 'ok';
  leave = async (): Promise<void> => void this.calls.push('leave');

  run(): Promise<void> {
    const onChange = (change: NodeRegistration): void => void this.changes.push(change.state);
    return registerNode(this, spec, {
      signal: this.#stop.signal,
      onChange,
      pause: async (ms) => void this.pauses.push(ms),
    });
  }
}

describe('registerNode', () => {
  // register-node.1, register-node.3
  it('registers once, beats as often as it was told, and leaves when it is stopped', async () => {
    const planner = new Planner(['ok', 'ok', 'ok']);
    await planner.run();
    expect(planner.calls).toEqual(['register', 'heartbeat', 'heartbeat', 'leave']);
    expect(planner.pauses).toEqual([5_000, 5_000, 5_000]);
    expect(planner.changes).toEqual(['registered']);
  });

  it('registers again at once where it is not known any more (register-node.1)', async () => {
    const planner = new Planner(['ok', 'unknown', 'ok', 'ok']);
    await planner.run();
    expect(planner.calls).toEqual(['register', 'heartbeat', 'register', 'heartbeat', 'leave']);
  });

  // register-node.2
  it('waits longer and longer for a planner that is away, tells of it once, and tells when it is back', async () => {
    const planner = new Planner(['ok', 'away', 'away', 'away', 'away', 'away', 'away', 'ok']);
    await planner.run();
    expect(planner.pauses).toEqual([5_000, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(planner.changes).toEqual(['registered', 'away', 'registered']);
  });

  it('tries again where another node has the name still, for that one may be gone soon (register-node.2)', async () => {
    const planner = new Planner(['conflict', 'ok']);
    await planner.run();
    expect(planner.calls).toEqual(['register', 'register', 'leave']);
  });

  it('ends with a refusal that stays one, and leaves nothing behind (register-node.2, register-node.3)', async () => {
    const refused = new Planner(['denied', 'ok']);
    await expect(refused.run()).rejects.toMatchObject({ code: 'denied' });
    expect(refused.calls).toEqual(['register']);
    const later = new Planner(['ok', 'denied', 'ok']);
    await expect(later.run()).rejects.toMatchObject({ code: 'denied' });
    expect(later.calls).toEqual(['register', 'heartbeat', 'leave']);
  });

  it('ends in peace where the planner is away at the end (register-node.3)', async () => {
    const planner = new Planner(['ok', 'ok']);
    planner.leave = () => Promise.reject(away);
    await planner.run();
    expect(planner.calls).toEqual(['register', 'heartbeat']);
  });
});
