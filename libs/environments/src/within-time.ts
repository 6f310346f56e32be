import { createContext, Script } from 'node:vm';

const CALL = new Script('call()');
const context: { call: () => unknown } = { call: () => undefined };
const realm = createContext(context);

/** Thrown where a calculation takes too long. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/**
 * Runs a synchronous calculation whose cost its author chose, such as a regular expression, and stops it after some
 * milliseconds. It protects against what takes long, not against code: run only code of Praxis's own in it.
 */
export function withinTime<T>(ms: number, calculate: () => T): T {
  let result: { readonly value: T } | null = null;
  let failure: { readonly thrown: unknown } | null = null;
  const before = context.call;
  context.call = () => {
    try {
      result = { value: calculate() };
    } catch (thrown) {
      failure = { thrown };
    }
  };
  try {
    CALL.runInContext(realm, { timeout: ms });
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new TooSlow(`it takes longer than ${ms} ms`);
    throw thrown;
  } finally {
    context.call = before;
  }
  if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown;
  return result!.value;
}
