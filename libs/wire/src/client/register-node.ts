import { setTimeout as sleep } from 'node:timers/promises';
import { PraxisError, type ErrorCode, type NodeSpec } from '@praxis/core';
import type { NodesApi } from '../nodes-api.js';

/**
 * Waits between tries while the planner is away: soon at first, and never so long that a node is taken for gone after
 * the planner is back.
 */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** Longest that a stop waits to sign off; a node that cannot is noticed to be gone by its silence. */
const LEAVE_MS = 2_000;

/** Refusals that trying again does not change. */
const FINAL: readonly ErrorCode[] = ['invalid', 'denied', 'missing'];

/** How a registration goes: it holds, or the planner could not be asked and is tried again. */
export type NodeRegistration =
  | { readonly state: 'registered'; readonly heartbeatMs: number }
  | { readonly state: 'away'; readonly error: PraxisError };

/** How long a node is kept registered, and who is told of changes. */
export interface RegisterOptions {
  /** Ends it: the node leaves. */
  readonly signal: AbortSignal;
  readonly onChange?: (change: NodeRegistration) => void;
  /** Token of an earlier registration, and who is told of each new one: it outlives the process that registered. */
  readonly token?: string | undefined;
  readonly onToken?: (token: string) => void;
  /** Waits, or less long when the signal fires; the real time where nothing is said. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const realPause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);

/**
 * Keeps a node registered until the signal.
 *
 * register-node.1 It beats as often as it was told, and registers again where the planner knows it no more.
 * register-node.2 A planner that is away is tried again, with growing waits; a refusal that stays one ends it with that
 *                 error.
 * register-node.3 When it ends the node leaves, also where it ends with an error; a planner that is away does not hold
 *                 up the end.
 */
export async function registerNode(
  client: Pick<NodesApi, 'register' | 'heartbeat' | 'leave'>,
  spec: NodeSpec,
  options: RegisterOptions,
): Promise<void> {
  const { signal, onChange = () => undefined, pause = realPause } = options;
  let heartbeatMs: number | null = null;
  let wasRegistered = false;
  try {
    for (let failures = 0; !signal.aborted;) {
      try {
        heartbeatMs = await beatOrRegister(client, spec, heartbeatMs, options);
        if (failures > 0 || !wasRegistered) onChange({ state: 'registered', heartbeatMs });
        [failures, wasRegistered] = [0, true];
        await pause(heartbeatMs, signal);
      } catch (thrown) {
        if (signal.aborted) break;
        const error = PraxisError.from(thrown);
        if (FINAL.includes(error.code)) throw error;
        if (failures === 0) onChange({ state: 'away', error });
        await pause(Math.min(FIRST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS), signal);
      }
    }
  } finally {
    if (wasRegistered) await signOff(client, spec.name);
  }
}

/** Gives how often to beat; a node that is not known any more registers in the same breath. */
async function beatOrRegister(
  client: Pick<NodesApi, 'register' | 'heartbeat'>,
  spec: NodeSpec,
  heartbeatMs: number | null,
  { signal, token, onToken }: RegisterOptions,
): Promise<number> {
  if (heartbeatMs !== null && (await client.heartbeat(spec.name, signal))) return heartbeatMs;
  const receipt = await client.register(spec, signal, heartbeatMs === null ? token : undefined);
  onToken?.(receipt.token);
  return receipt.heartbeatMs;
}

async function signOff(client: Pick<NodesApi, 'leave'>, name: string): Promise<void> {
  // Whoever cannot sign off, or was taken out by somebody else, is gone all the same.
  await client.leave(name, AbortSignal.timeout(LEAVE_MS)).catch(() => undefined);
}
