import type { Condition, ParsedCondition, World, WorldOffers, WorldSession } from '@praxis/core';
import { fromAction, toAction } from '../convert/action.js';
import { need } from '../convert/parse.js';
import { toParsedCondition } from '../convert/parsed-condition.js';
import { fromObservation, fromState } from '../convert/state.js';
import { fromBriefing, fromVerdict, fromWorldInfo, toOpen } from '../convert/world.js';
import { EnvironmentServiceService as rpc } from '../gen/praxis/v1/environment.js';
import { Caller, type ClientOptions, type Closable } from './caller.js';

/**
 * Calls that the laws of a world make harmless to repeat; acting is one of them, because its key makes it so
 * (environment.1).
 */
const SAFE = { repeatable: true } as const;

/** How a client of a world calls. */
export interface WorldClientOptions extends ClientOptions {
  /** Reads a condition, so that it travels as structure too; null where it cannot be read. Without it only text travels. */
  readonly parse?: (condition: Condition) => ParsedCondition | null;
}

/** A world that another process serves, in whatever language. Its sessions can do what it says of itself. */
export function connectEnvironment(address: string, options: WorldClientOptions = {}): World & Closable {
  const caller = new Caller({ noun: 'world', address, hint: 'is its server running? start it and try again' }, options);
  const peer = { caller, parse: options.parse ?? (() => null) };
  const describe: World['describe'] = async () =>
    fromWorldInfo(need('world', (await caller.ask(rpc.describe, {}, SAFE)).world));
  // The server may be another release by now, so it is asked each time what it offers.
  const session = async (id: string, made: Promise<unknown>): Promise<WorldSession> => {
    const [{ offers }] = await Promise.all([describe(), made]);
    return remoteSession(peer, id, offers);
  };
  return {
    describe,
    open: (request, signal) => session(request.sessionId, caller.ask(rpc.open, toOpen(request), { ...SAFE, signal })),
    resume: (sessionId) => session(sessionId, caller.ask(rpc.resume, { sessionId }, SAFE)),
    close: () => caller.close(),
  };
}

interface WorldPeer {
  readonly caller: Caller;
  readonly parse: NonNullable<WorldClientOptions['parse']>;
}

function remoteSession(peer: WorldPeer, sessionId: string, offers: WorldOffers): WorldSession {
  const { caller, parse } = peer;
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
    check: async (condition, signal) => {
      const tree = parse(condition);
      const parsed = tree === null ? undefined : toParsedCondition(tree);
      return fromVerdict(await caller.ask(rpc.check, { sessionId, condition, parsed }, { ...SAFE, signal }), condition);
    },
    ...(offers.legal && {
      legal: async (signal?: AbortSignal) =>
        (await caller.ask(rpc.legal, { sessionId }, { ...SAFE, signal })).actions.map(fromAction),
    }),
    ...(offers.snapshots && { snapshots: remoteSnapshots(peer, sessionId, offers) }),
    close: async () => void (await caller.ask(rpc.closeSession, { sessionId }, SAFE)),
  };
}

function remoteSnapshots(
  peer: WorldPeer,
  sessionId: string,
  offers: WorldOffers,
): NonNullable<WorldSession['snapshots']> {
  const { caller } = peer;
  return {
    take: async () => (await caller.ask(rpc.snapshot, { sessionId }, SAFE)).snapshot,
    restore: async (snapshot) => void (await caller.ask(rpc.restore, { sessionId, snapshot }, SAFE)),
    ...(offers.clones && {
      clone: async (snapshot: string, seed: string) => {
        // Each call makes another session, so it is the one that is not repeated.
        const { sessionId: id } = await caller.ask(rpc.clone, { sessionId, snapshot, seed }, { repeatable: false });
        return remoteSession(peer, id, offers);
      },
    }),
  };
}
