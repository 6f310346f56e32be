/** Facts that go with a log line, plain values; an error goes under `err`. Ids are always there in a child logger. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where the operator's lines go. The message is a constant, data are fields. error: a person must act;
 * warn: degraded; info: a fact of life; debug: the rest. What the user must know goes to the journal instead.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}
