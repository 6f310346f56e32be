import type { Session } from '../../../src/api.js';
import { askSession, onDenied, RequestFailed, signIn, signOut } from '../api/client.js';
import { createStore } from './store.js';

/** What is known about our right to look; null while it is being asked. */
export interface SessionState {
  readonly session: Session | null;
  readonly failure: RequestFailed | null;
}

export const sessionStore = createStore<SessionState>({ session: null, failure: null });

const put = (session: Session): void => sessionStore.set({ session, failure: null });

/** Asks whether we may look. */
export async function loadSession(): Promise<void> {
  try {
    put(await askSession());
  } catch (thrown) {
    sessionStore.set({ session: sessionStore.get().session, failure: thrown as RequestFailed });
  }
}

/** Signs in; throws RequestFailed where the key is wrong. */
export async function enter(key: string): Promise<void> {
  put(await signIn(key));
}

/** Signs out. */
export async function leave(): Promise<void> {
  put(await signOut());
}

onDenied(() => {
  const { session } = sessionStore.get();
  if (session?.signedIn) put({ ...session, needsKey: true, signedIn: false });
});
