import type { Failure, Session } from '../../../src/api.js';

/** `offline`: the dashboard itself does not answer. */
export type FailureCode = Failure['code'] | 'offline';

/** A question that was not answered, in words that help. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly status: number = 0,
  ) {
    super(message);
  }
}

const ANSWER_WITHIN_MS = 20_000;
const deniedListeners = new Set<() => void>();

/** Calls back whenever the server says that nobody is signed in. */
export function onDenied(listener: () => void): () => void {
  deniedListeners.add(listener);
  return () => void deniedListeners.delete(listener);
}

/** Asks the dashboard's server; throws RequestFailed. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(path, init);
  try {
    return (await response.json()) as T;
  } catch {
    throw new RequestFailed(
      'bug',
      `${path} answered with something that is not JSON; something else may listen at this address.`,
      response.status,
    );
  }
}

/** The beginning of a text. */
export interface TextStart {
  readonly text: string;
  readonly isCut: boolean;
}

/** The first bytes of a text of the server, and no more of it than that; throws RequestFailed. */
export async function askText(path: string, mostBytes: number, signal: AbortSignal): Promise<TextStart> {
  const { body } = await send(path, { signal });
  const decoder = new TextDecoder();
  if (!body) return { text: '', isCut: false };
  const reader = body.getReader();
  let text = '';
  try {
    for (let left = mostBytes; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.length;
      if (left < 0) return { text, isCut: true };
    }
    return { text: text + decoder.decode(), isCut: false };
  } catch (thrown) {
    throw new RequestFailed('offline', `The file broke off (${thrown instanceof Error ? thrown.message : 'unknown'}).`);
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** The server's answer, where it is a good one. */
async function send(path: string, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      signal,
      headers: { accept: 'application/json', ...(init.body ? { 'content-type': 'application/json' } : {}) },
    });
  } catch (thrown) {
    if (init.signal?.aborted) throw new RequestFailed('cancelled', 'The question was withdrawn.');
    if (timeout.aborted)
      throw new RequestFailed('timeout', 'The dashboard did not answer within 20 seconds. It may be busy; try again.');
    throw new RequestFailed(
      'offline',
      `The dashboard does not answer (${thrown instanceof Error ? thrown.message : 'no connection'}). Is it running? Start it with \`npx praxis start\`.`,
    );
  }
  if (!response.ok) throw await failureOf(response, path);
  return response;
}

async function failureOf(response: Response, path: string): Promise<RequestFailed> {
  const failure = (await response.json().catch(() => null)) as Failure | null;
  if (response.status === 401 && path !== '/api/session') tellDenied();
  if (typeof failure?.message === 'string') return new RequestFailed(failure.code, failure.message, response.status);
  return new RequestFailed(
    response.status === 404 ? 'missing' : 'bug',
    `${path} answered ${response.status} ${response.statusText}.`,
    response.status,
  );
}

function tellDenied(): void {
  for (const listener of [...deniedListeners]) listener();
}

/** Whether we may look. */
export async function askSession(): Promise<Session> {
  const session = await ask<Session>('/api/session');
  if (session.needsKey && !session.signedIn) tellDenied();
  return session;
}

/** Signs in with the cluster's key. */
export const signIn = (key: string): Promise<Session> =>
  ask<Session>('/api/session', { method: 'POST', body: JSON.stringify({ key }) });

/** Forgets that we signed in. */
export const signOut = (): Promise<Session> => ask<Session>('/api/session', { method: 'DELETE' });
