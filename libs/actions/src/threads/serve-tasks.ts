import { parentPort, type Transferable } from 'node:worker_threads';
import { failureCodeSchema, type FailureCode } from '@praxis/core';

/** What a thread answers. */
export type TaskAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: FailureCode; readonly message: string };

/** A value with the buffers in it that are handed over instead of copied. */
export interface Handed<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];
}

/** Makes this thread answer tasks, one at a time. */
export function serveTasks<Request, Answer>(work: (request: Request) => Promise<Handed<Answer>>): void {
  const port = parentPort;
  if (port === null) return;
  port.on('message', (request: Request) => {
    const answer = (said: TaskAnswer, transfer: readonly Transferable[] = []): void =>
      port.postMessage(said, [...transfer]);
    void work(request).then(
      ({ value, transfer }) => answer({ ok: true, value }, transfer),
      (thrown: unknown) => answer(failed(thrown)),
    );
  });
}

function failed(thrown: unknown): TaskAnswer {
  const code = failureCodeSchema.safeParse((thrown as { readonly code?: unknown }).code);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { ok: false, code: code.success ? code.data : 'world-error', message };
}
