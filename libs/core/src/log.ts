/** Facts that go with a log line; run, subgoal, step and trace ids are always there in a child logger. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Where the operator's lines go. The message is a constant, data are fields. error: a person must act;
 * warn: degraded; info: a fact of life; debug: the rest. What the user must know goes to the journal instead.
 */
export interface Logger {
  error(message: string, fields?: LogFields & { readonly err?: unknown }): void;
  warn(message: string, fields?: LogFields & { readonly err?: unknown }): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}
