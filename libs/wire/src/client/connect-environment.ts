import type { Action, World, WorldSession } from '@praxis/core';
import { fromAction, toAction } from '../convert/action.js';
import { need } from '../convert/parse.js';
import { fromObservation, fromState } from '../convert/state.js';
import { fromBriefing, fromWorldInfo, toOpen } from '../convert/world.js';
import { EnvironmentServiceService as rpc } from '../gen/praxis/v1/environment.js';
import { isUnknownMethod } from '../service-error.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

/**
 * Calls that the laws of a world make harmless to repeat; acting is one of them, because its key makes it so
 * (environment.1).
 */
const SAFE = { repeatable: true } as const;

/** A world that another process serves, in whatever language. */
export function connectEnvironment(address: string, options: ClientOptions = {}): World & Closable {
  const caller = new Caller({ noun: 'world', address, hint: 'is its server running? start it and try again' }, options);
  return {
    describe: async () => fromWorldInfo(need('world', (await caller.ask(rpc.describe, {}, SAFE)).world)),
    open: async (request) => {
      await caller.ask(rpc.open, toOpen(request), SAFE);
      return remoteSession(caller, request.sessionId);
    },
    resume: async (sessionId) => {
      await caller.ask(rpc.resume, { sessionId }, SAFE);
      return remoteSession(caller, sessionId);
    },
    close: () => caller.close(),
  };
}

function remoteSession(caller: Caller, sessionId: string): WorldSession {
  return {
    id: sessionId,
    briefing: async () => fromBriefing(await caller.ask(rpc.briefing, { sessionId }, SAFE)),
    observe: async () => fromState(need('state', (await caller.ask(rpc.observe, { sessionId }, SAFE)).state)),
    act: async (action, key, signal, decidedOn) =>
      fromObservation(
        need(
          'observation',
          (await caller.ask(rpc.act, { sessionId, action: toAction(action), key, decidedOn }, { ...SAFE, signal }))
            .observation,
        ),
      ),
    legal: () => legal(caller, sessionId),
    check: async (condition) => (await caller.ask(rpc.check, { sessionId, condition }, SAFE)).holds,
    snapshot: async () => (await caller.ask(rpc.snapshot, { sessionId }, SAFE)).snapshot,
    restore: async (snapshot) => void (await caller.ask(rpc.restore, { sessionId, snapshot }, SAFE)),
    clone: async (snapshot, seed) => {
      // Each call makes another session, so it is the one that is not repeated.
      const { sessionId: id } = await caller.ask(rpc.clone, { sessionId, snapshot, seed }, { repeatable: false });
      return remoteSession(caller, id);
    },
    close: async () => void (await caller.ask(rpc.closeSession, { sessionId }, SAFE)),
  };
}

/** A world that does not implement the call cannot tell, which is no error. */
async function legal(caller: Caller, sessionId: string): Promise<readonly Action[]> {
  try {
    return (await caller.ask(rpc.legal, { sessionId }, SAFE)).actions.map(fromAction);
  } catch (thrown) {
    if (isUnknownMethod(thrown)) return [];
    throw thrown;
  }
}
