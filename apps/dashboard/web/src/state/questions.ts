import type { OpenQuestion, RunSummary } from '../../../src/api.js';
import { ask, RequestFailed } from '../api/client.js';
import { newsStore, type News } from './news.js';
import { createStore } from './store.js';

/** What waits for people. */
export interface Questions {
  /** Oldest first; null until the first answer. */
  readonly open: readonly OpenQuestion[] | null;
  readonly failure: RequestFailed | null;
}

/** What changes meanwhile is asked for together. */
const REST_MS = 500;

let load: () => void = () => undefined;

/** Asks again at once. */
export const reloadQuestions = (): void => load();

/** Open questions of all runs, asked for again whenever a run that has some changes, one question at a time. */
export const questionsStore = createStore<Questions>({ open: null, failure: null }, (store) => {
  const stopping = new AbortController();
  let isBusy = false;
  let isStale = false;
  const follow = async (): Promise<void> => {
    isStale = true;
    if (isBusy) return;
    isBusy = true;
    while (isStale && !stopping.signal.aborted) {
      isStale = false;
      const found = await look(stopping.signal);
      if (!stopping.signal.aborted) store.set(found.failure ? { ...store.get(), failure: found.failure } : found);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
    isBusy = false;
  };
  load = () => void follow();
  let before = newsStore.get();
  const leave = newsStore.subscribe(() => {
    const now = newsStore.get();
    const isNews = tellsOfQuestions(before, now);
    before = now;
    if (isNews) load();
  });
  load();
  return () => {
    stopping.abort();
    leave();
  };
});

async function look(signal: AbortSignal): Promise<Questions> {
  try {
    return { open: await ask<readonly OpenQuestion[]>('/api/questions', { signal }), failure: null };
  } catch (thrown) {
    return { open: null, failure: thrown instanceof RequestFailed ? thrown : new RequestFailed('bug', String(thrown)) };
  }
}

/**
 * Whether something was asked, answered or reminded of between two news, as far as they say; after a break anything may
 * have been.
 */
export function tellsOfQuestions(before: News, now: News): boolean {
  if (now.connection !== before.connection || now.overview?.questions !== before.overview?.questions) return true;
  if (now.runs === before.runs) return false;
  const asks = (run: RunSummary | undefined): boolean => (run?.questions ?? 0) > 0;
  return [...now.runs.values()].some(
    (run) => run !== before.runs.get(run.id) && (asks(run) || asks(before.runs.get(run.id))),
  );
}
